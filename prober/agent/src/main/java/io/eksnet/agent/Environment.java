package io.eksnet.agent;

import io.eksnet.model.AddressLiteral;
import io.eksnet.probe.http.ProxyEnvironment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where this process runs, from environment variables.
 *
 * @param node the name of the node; part of every task's id, and so of its offset in the grid
 * @param region the AWS region; the config has precedence
 * @param apiServer the address of the cluster's API server; present only in a pod
 * @param hostAddress the address of the node, if {@code HOST_IP} is set
 * @param controller the address of the controller's Service, if it is older than this pod
 * @param pod the name of this pod, or of the host
 * @param podAddress the address of this pod, if {@code POD_IP} is set
 * @param namespace of this pod; empty: that of its service account
 * @param kubernetes whether variables for a Kubernetes client are set
 * @param kubeconfig the default kubeconfig of the user, for the doctor
 * @param resolvConf the path of resolv.conf; the lab sets another ({@code EKSNET_RESOLV_CONF})
 * @param hosts the path of the hosts file
 * @param proxies for probes with {@code proxy_from_environment}
 * @param variables all variables, for references in the config
 */
public record Environment(
    String node,
    Optional<String> region,
    Optional<String> apiServer,
    Optional<String> hostAddress,
    Optional<InetSocketAddress> controller,
    String pod,
    Optional<String> podAddress,
    String namespace,
    boolean kubernetes,
    Path kubeconfig,
    AwsAccess aws,
    Path resolvConf,
    Path hosts,
    ProxyEnvironment proxies,
    Map<String, String> variables) {
  private static final String CONTROLLER_SERVICE = "EKSNET_CONTROLLER_SERVICE_";
  private static final List<String> KUBERNETES_VARIABLES =
      List.of("KUBERNETES_SERVICE_HOST", "KUBERNETES_MASTER", "KUBECONFIG");

  private static final String RESOLV_CONF = "/etc/resolv.conf";
  private static final Path HOSTS = Path.of("/etc/hosts");
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  public static Environment of(Map<String, String> environment) {
    return new Environment(
        Optional.ofNullable(environment.get("NODE_NAME"))
            .or(() -> Optional.ofNullable(environment.get("HOSTNAME")))
            .orElseGet(Environment::hostname),
        Optional.ofNullable(environment.get("AWS_REGION"))
            .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION"))),
        Optional.ofNullable(environment.get("KUBERNETES_SERVICE_HOST")),
        Optional.ofNullable(environment.get("HOST_IP"))
            .filter(address -> AddressLiteral.parse(address).isPresent()),
        controller(environment),
        environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", hostname())),
        Optional.ofNullable(environment.get("POD_IP"))
            .filter(address -> AddressLiteral.parse(address).isPresent()),
        environment.getOrDefault("POD_NAMESPACE", ""),
        KUBERNETES_VARIABLES.stream().anyMatch(environment::containsKey),
        Path.of(environment.getOrDefault("HOME", "/")).resolve(".kube/config"),
        AwsAccess.of(environment),
        Path.of(environment.getOrDefault("EKSNET_RESOLV_CONF", RESOLV_CONF)),
        HOSTS,
        ProxyEnvironment.of(environment),
        Map.copyOf(environment));
  }

  /** Kubernetes sets both for each Service that is older than the pod. */
  private static Optional<InetSocketAddress> controller(Map<String, String> environment) {
    var host = environment.getOrDefault(CONTROLLER_SERVICE + "HOST", "");
    var port = environment.getOrDefault(CONTROLLER_SERVICE + "PORT", "");
    return AddressLiteral.parse(host)
        .filter(address -> port.matches("[1-9]\\d{0,4}") && Integer.parseInt(port) <= 65_535)
        .map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
  }

  private static String hostname() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
