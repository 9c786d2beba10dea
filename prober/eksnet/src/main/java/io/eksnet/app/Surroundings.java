package io.eksnet.app;

import io.eksnet.core.AddressLiteral;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says of where this process runs.
 *
 * @param node the name of the node; part of every task's id, and so decides the beat
 * @param region the AWS region, where the config does not say it
 * @param apiServer the address of the cluster's API server; present only in a cluster
 * @param hostAddress the address of the node, where it is told
 * @param resolvConf where resolv.conf is
 * @param hosts where the hosts file is
 */
record Surroundings(
    String node,
    Optional<String> region,
    Optional<String> apiServer,
    Optional<String> hostAddress,
    Path resolvConf,
    Path hosts) {
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final Path HOSTS = Path.of("/etc/hosts");
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  static Surroundings of(Map<String, String> environment) {
    return new Surroundings(
        Optional.ofNullable(environment.get("NODE_NAME"))
            .or(() -> Optional.ofNullable(environment.get("HOSTNAME")))
            .orElseGet(Surroundings::hostname),
        Optional.ofNullable(environment.get("AWS_REGION"))
            .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION"))),
        Optional.ofNullable(environment.get("KUBERNETES_SERVICE_HOST")),
        Optional.ofNullable(environment.get("HOST_IP"))
            .filter(address -> AddressLiteral.parse(address).isPresent()),
        RESOLV_CONF,
        HOSTS);
  }

  private static String hostname() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
