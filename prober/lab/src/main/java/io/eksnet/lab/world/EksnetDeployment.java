package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Real eksnet processes in place of the cluster's agent pods: one in each zone, the first of them
 * also the controller.
 */
public final class EksnetDeployment {
  private static final String AGENT = "eksnet/eksnet-agent-";
  private static final int AGENT_PODS = 6;
  private static final String TRUST_STORE_PASSWORD = "changeit";

  private final ClusterLab lab;
  private final Path work;
  private final String firstAddress;
  private final String firstHost;
  private final int port;
  private final int agents;

  /**
   * A process.
   *
   * @param address where it listens
   * @param environment the variables that Kubernetes would set
   * @param config its configuration file
   */
  public record Instance(String address, Map<String, String> environment, Path config) {
    /** The name of its node. */
    public String node() {
      return environment.getOrDefault("NODE_NAME", "");
    }
  }

  private EksnetDeployment(ClusterLab lab, Path work, String firstAddress, int agents) {
    this.lab = lab;
    this.work = work;
    this.firstAddress = firstAddress;
    int colon = firstAddress.lastIndexOf(':');
    this.firstHost = firstAddress.substring(0, colon);
    this.port = Integer.parseInt(firstAddress.substring(colon + 1));
    this.agents = agents;
  }

  /**
   * Removes the agent pods that are not real processes, and writes configuration files.
   *
   * @param work the directory for files
   * @param firstAddress where the first process listens, {@code host:port}
   * @param agents the number of processes, 1 to 6
   */
  public static EksnetDeployment prepare(ClusterLab lab, Path work, String firstAddress, int agents)
      throws IOException {
    var deployment = new EksnetDeployment(lab, work, firstAddress, agents);
    lab.change(deployment::replacePods);
    deployment.writeFiles();
    return deployment;
  }

  /** The processes to start; the first is the controller. */
  public List<Instance> instances() {
    var instances = new ArrayList<Instance>();
    for (int i = 0; i < agents; i++) {
      var pod = lab.state().get(Pod.class, AGENT + i);
      var address = i == 0 ? firstAddress : pod.ip() + ":" + port;
      instances.add(new Instance(address, environment(pod, i == 0), config()));
    }
    return instances;
  }

  private ClusterState replacePods(ClusterState state) {
    var next =
        state.change(
            """
            - {set: Workload, where: {name: eksnet-agent}, to: {desired: %d}}
            - {set: Pod, where: {name: eksnet-agent-0}, to: {ip: %s}}
            - {set: Pod, where: {namespace: eksnet}, to: {program: {kind: none}}}
            """
                .formatted(agents, firstHost));
    for (int i = agents; i < AGENT_PODS; i++) {
      next = next.without(Pod.class, AGENT + i);
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
    environment.put("KUBERNETES_SERVICE_HOST", lab.network().clusterIp(1));
    environment.put("EKSNET_RESOLV_CONF", work.resolve("resolv.conf").toString());
    environment.put("AWS_REGION", HealthyCluster.REGION);
    environment.put(
        "JDK_JAVA_OPTIONS",
        "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
            .formatted(trustStore(), TRUST_STORE_PASSWORD));
    if (controller) {
      environment.put("KUBECONFIG", work.resolve("kubeconfig").toString());
      environment.put("AWS_ENDPOINT_URL", lab.aws().url());
      environment.put("AWS_ACCESS_KEY_ID", "lab");
      environment.put("AWS_SECRET_ACCESS_KEY", "lab");
    } else {
      environment.put("EKSNET_CONTROLLER_SERVICE_HOST", firstHost);
      environment.put("EKSNET_CONTROLLER_SERVICE_PORT", Integer.toString(port));
    }
    return environment;
  }

  /** The authority of load balancers with TLS, in place of the public ones. */
  private Path trustStore() {
    return work.resolve("truststore.p12");
  }

  private Path config() {
    return work.resolve("cluster.yaml");
  }

  private void writeFiles() throws IOException {
    Files.createDirectories(work);
    lab.writeKubeconfig(work.resolve("kubeconfig"));
    lab.certificates().write(work);
    lab.certificates().writeTrustStore(trustStore(), TRUST_STORE_PASSWORD);
    Files.writeString(
        work.resolve("resolv.conf"),
        """
        nameserver %s
        search default.svc.cluster.local svc.cluster.local cluster.local
        options ndots:5
        """
            .formatted(lab.network().clusterIp(10)));
    Files.writeString(config(), yaml());
  }

  private String yaml() {
    var network = lab.network();
    return """
        # The lab writes this file at each start.
        cluster: %s
        region: %s
        suites:
          dns: {interval: 5s, timeout: 2s, vpc_resolver: %s, nodelocal: false}
          service: {interval: 10s, timeout: 3s, services: [shop/frontend, shop/backend]}
          pod: {interval: 5s}
          target: {interval: 10s, timeout: 3s}
          lb: {interval: 10s, timeout: 5s}
          sts: {interval: 10s, timeout: 3s, ca_file: '%s'}
          endpoints: {interval: 10s, timeout: 3s, ca_file: '%s'}
          identity: {interval: 10s, address: %s}
          ipamd: {interval: 10s, timeout: 3s}
        polls: {subnets: 10s, lb_subnets: 10s, security_paths: 30s, load_balancers: 20s, target_groups: 20s, target_health: 10s, fargate_profiles: 20s, pod_identity_associations: 20s, free_prefixes: 20s}
        controller: {every: 3s, agent_port: %d, loopback: true, resolver: '%s:%d'}
        """
        .formatted(
            HealthyCluster.NAME,
            HealthyCluster.REGION,
            network.vpcResolver(),
            work.resolve("ca.pem"),
            work.resolve("ca.pem"),
            network.identityAddress(),
            port,
            network.vpcResolver(),
            network.dns());
  }
}
