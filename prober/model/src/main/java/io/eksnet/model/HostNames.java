package io.eksnet.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What this host knows of names: whom it asks, and which names it need not ask for.
 *
 * @param hosts the hosts file, by name in lower case without a trailing dot
 */
public record HostNames(ResolvConf resolvConf, Map<String, List<InetAddress>> hosts) {
  public HostNames {
    Objects.requireNonNull(resolvConf);
    hosts = Map.copyOf(hosts);
  }
}
