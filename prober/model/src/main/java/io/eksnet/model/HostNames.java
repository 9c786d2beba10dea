package io.eksnet.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * Name resolution of this host: its name servers, and the names its hosts file answers.
 *
 * @param hosts the hosts file, by name in lower case without a trailing dot
 */
public record HostNames(ResolvConf resolvConf, Map<String, List<InetAddress>> hosts) {
  public HostNames {
    hosts = Map.copyOf(hosts);
  }
}
