package io.eksnet.model.inventory;

import java.util.List;

/**
 * A listener of a {@link Gateway}.
 *
 * @param name its section name
 * @param protocol {@code HTTP}, {@code HTTPS}, {@code TLS}, {@code TCP} or {@code UDP}
 * @param hostname a host name, or one that starts with {@code *.}; empty: every host
 * @param conditions those that its controller wrote for the current spec of the Gateway
 */
public record GatewayListener(
    String name, int port, String protocol, String hostname, List<Condition> conditions) {
  public GatewayListener {
    conditions = List.copyOf(conditions);
  }
}
