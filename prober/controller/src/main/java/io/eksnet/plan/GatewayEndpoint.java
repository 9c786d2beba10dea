package io.eksnet.plan;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A listener of a Gateway with a host that it serves.
 *
 * @param name the host that rules match; empty: every host
 * @param host where a probe connects: the name, or an address of the Gateway without one
 */
record GatewayEndpoint(GatewayListener listener, String name, String host) {
  /** The endpoints of a Gateway, in the order of its listeners. */
  static List<GatewayEndpoint> of(Gateway gateway) {
    return gateway.listeners().stream()
        .flatMap(listener -> of(gateway, listener, listener.hostname()))
        .toList();
  }

  /** The endpoints of a route at the Gateways to which it is attached. */
  static List<GatewayEndpoint> of(GatewayRoute route, List<Gateway> gateways) {
    var names = route.hostnames().isEmpty() ? List.of("") : route.hostnames();
    return gateways.stream()
        .flatMap(
            gateway ->
                route
                    .attachments(gateway)
                    .flatMap(
                        listener ->
                            names.stream()
                                .flatMap(
                                    name ->
                                        HttpRules.intersection(name, listener.hostname()).stream())
                                .flatMap(name -> of(gateway, listener, name))))
        .toList();
  }

  private static Stream<GatewayEndpoint> of(
      Gateway gateway, GatewayListener listener, String name) {
    if (name.startsWith("*")) {
      return Stream.empty();
    }
    return name.isEmpty()
        ? gateway.addresses().stream().map(to -> new GatewayEndpoint(listener, name, to))
        : Stream.of(new GatewayEndpoint(listener, name, name));
  }

  /**
   * Whether its listener is the one for a probe.
   *
   * @param protocol of the probe, if no port is named
   */
  boolean serves(String protocol) {
    return switch (protocol) {
      case "http", "grpc" -> listener.protocol().equals("HTTP");
      case "tcp" -> !listener.protocol().equals("UDP");
      default -> Set.of("HTTPS", "TLS").contains(listener.protocol());
    };
  }

  /** Whether its listener has this number or name. */
  boolean hasPort(String numberOrName) {
    return numberOrName.equals(listener.name())
        || numberOrName.equals(Integer.toString(listener.port()));
  }
}
