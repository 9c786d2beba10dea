package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lab's cluster made ready for a watcher with real processes in the place of its agents: one in
 * each zone, the first of them the controller too.
 */
public final class Watched {
  private static final String AGENT = "eksnet/eksnet-agent-";
  private static final int ALL = 6;

  private final ClusterLab lab;
  private final Path work;
  private final String first;
  private final int real;

  /** A process of the watcher: where it listens, and the environment that Kubernetes would set. */
  public record Seat(String address, Map<String, String> environment, Path config) {
    /** The name of its node. */
    public String node() {
      return environment.getOrDefault("NODE_NAME", "");
    }
  }

  private Watched(ClusterLab lab, Path work, String first, int real) {
    this.lab = lab;
    this.work = work;
    this.first = first;
    this.real = real;
  }

  /**
   * Takes the agents that are no real processes out of the cluster.
   *
   * @param work where the files for the watcher are written
   * @param first where its first process listens, address and port
   * @param real how many agents are real processes, 1 to 6
   */
  public static Watched of(ClusterLab lab, Path work, String first, int real) throws IOException {
    var watched = new Watched(lab, work, first, real);
    lab.change(watched::seated);
    watched.write();
    return watched;
  }

  /** The seats: the first is that of the controller. */
  public List<Seat> seats() {
    var seats = new ArrayList<Seat>();
    for (var i = 0; i < real; i++) {
      var pod = lab.state().get(Pod.class, AGENT + i);
      var address = i == 0 ? first : pod.ip() + ":" + port();
      seats.add(new Seat(address, environment(pod, i == 0), config()));
    }
    return seats;
  }

  private int port() {
    return Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
  }

  private ClusterState seated(ClusterState state) {
    var next =
        state
            .change(Workload.class, "eksnet/eksnet-agent", workload -> workload.withDesired(real))
            .change(
                Pod.class,
                AGENT + 0,
                pod -> pod.withIp(first.substring(0, first.lastIndexOf(':'))).servedElsewhere());
    for (var i = 1; i < ALL; i++) {
      next =
          i < real
              ? next.change(Pod.class, AGENT + i, Pod::servedElsewhere)
              : next.without(Pod.class, AGENT + i);
    }
    return next;
  }

  private Map<String, String> environment(Pod pod, boolean controller) {
    var node = lab.state().get(Node.class, pod.node());
    var environment = new LinkedHashMap<String, String>();
    environment.put("NODE_NAME", node.name());
    environment.put("HOST_IP", node.address());
    environment.put("POD_NAME", pod.name());
    environment.put("POD_NAMESPACE", pod.namespace());
    environment.put("KUBERNETES_SERVICE_HOST", lab.ground().clusterIp(1));
    environment.put("EKSNET_RESOLV_CONF", work.resolve("resolv.conf").toString());
    environment.put("AWS_REGION", HealthyCluster.REGION);
    if (controller) {
      environment.put("KUBECONFIG", work.resolve("kubeconfig").toString());
      environment.put("AWS_ENDPOINT_URL", lab.aws().url());
      environment.put("AWS_ACCESS_KEY_ID", "lab");
      environment.put("AWS_SECRET_ACCESS_KEY", "lab");
    } else {
      environment.put("EKSNET_CONTROLLER_SERVICE_HOST", first.substring(0, first.lastIndexOf(':')));
      environment.put("EKSNET_CONTROLLER_SERVICE_PORT", Integer.toString(port()));
    }
    return environment;
  }

  private Path config() {
    return work.resolve("cluster.yaml");
  }

  private void write() throws IOException {
    Files.createDirectories(work);
    lab.writeKubeconfig(work.resolve("kubeconfig"));
    lab.certificates().write(work);
    Files.writeString(
        work.resolve("resolv.conf"),
        "nameserver %s%nsearch default.svc.cluster.local svc.cluster.local cluster.local%n"
                .formatted(lab.ground().clusterIp(10))
            + "options ndots:5\n");
    Files.writeString(config(), yaml());
  }

  private String yaml() {
    var ground = lab.ground();
    return """
        # Written by the lab at each start.
        cluster: %s
        region: %s
        suites:
          dns: {interval: 5s, timeout: 2s, vpc_resolver: %s, nodelocal: false}
          service: {interval: 10s, timeout: 3s, services: [shop/frontend, shop/backend]}
          pod: {interval: 5s}
          target: {interval: 10s, timeout: 3s}
          lb: {interval: 10s, timeout: 5s}
          sts: {interval: 10s, timeout: 3s, ca_file: '%s'}
          identity: {interval: 10s, address: %s}
          ipamd: {interval: 10s, timeout: 3s}
        polls: {subnets: 10s, lb_subnets: 10s, security_paths: 30s, load_balancers: 20s, target_groups: 20s, target_health: 10s, fargate_profiles: 20s, pod_identity_associations: 20s, free_prefixes: 20s}
        controller: {every: 3s, agent_port: %d, loopback: true, resolver: '%s:%d'}
        """
        .formatted(
            HealthyCluster.NAME,
            HealthyCluster.REGION,
            ground.vpcResolver(),
            work.resolve("ca.pem"),
            ground.identityAddress(),
            port(),
            ground.vpcResolver(),
            ground.dns());
  }
}
