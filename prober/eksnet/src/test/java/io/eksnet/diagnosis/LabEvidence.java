package io.eksnet.diagnosis;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.OneShotRead;
import io.eksnet.inventory.aws.AwsCredentials;
import io.eksnet.inventory.aws.AwsFacts;
import io.eksnet.inventory.aws.AwsRequestListener;
import io.eksnet.inventory.aws.AwsSettings;
import io.eksnet.inventory.aws.RateLimit;
import io.eksnet.inventory.dns.IngressHosts;
import io.eksnet.inventory.kube.KubeAccess;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.KubeSettings;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.Zone;
import io.eksnet.lab.aws.AwsEndpoint;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.Behavior.VpcResolver;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import io.eksnet.lab.world.ClusterZones;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.plan.Cluster;
import io.eksnet.plan.FleetPlan;
import io.eksnet.schedule.SerialExecutor;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The evidence for states of a cluster: the lab's Kubernetes and AWS APIs serve the state, and the
 * real clients read it once. Probe results follow from the state, so no time passes: see {@link
 * LabProbes}.
 */
final class LabEvidence implements AutoCloseable {
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final RateLimit UNLIMITED = new RateLimit(100, 100);

  /** Of the lab's health checks; nothing listens at these addresses here. */
  private static final LabNetwork NETWORK =
      new LabNetwork(10, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443);

  private final Vertx vertx = Vertx.vertx();
  private final ClusterState healthy = HealthyCluster.load(NETWORK, CLOCK.instant());
  private final KubeApi kube;
  private final KubeAccess access;
  private final AwsEndpoint aws;
  private final DnsServer dns = DnsServer.start(Zone.of(List.of()));
  private final AwsSettings awsSettings;
  private volatile ClusterState state = healthy;

  LabEvidence() throws IOException {
    kube = KubeApi.start(freePort(), healthy);
    access = KubeAccess.open(Optional.of(kube.url()), "eksnet", READ_TIMEOUT);
    aws = AwsEndpoint.start(vertx, 0, () -> state, this::health);
    var uri = URI.create(aws.url());
    awsSettings =
        new AwsSettings(
            HealthyCluster.REGION,
            HealthyCluster.NAME,
            Map.of("ec2", uri, "elbv2", uri, "eks", uri, "sts", uri),
            new AwsCredentials.Fixed("lab", "lab", ""),
            "other",
            READ_TIMEOUT,
            Map.of("ec2", UNLIMITED, "elbv2", UNLIMITED, "eks", UNLIMITED, "sts", UNLIMITED));
  }

  /** The healthy cluster that scenarios change. */
  ClusterState healthy() {
    return healthy;
  }

  /**
   * Serves the state, reads it and computes the probe results. The clients are new: they keep some
   * responses for minutes.
   */
  Evidence of(ClusterState next) throws Exception {
    state = next;
    kube.update(next);
    dns.zone(ClusterZones.vpcResolver(next));
    dns.fault(resolves(next) ? "none" : "servfail");
    var settings = KubeSettings.DEFAULT.withTick(Duration.ofMillis(20));
    try (var facts = KubeFacts.open(access, CLOCK, settings, Set.of(), () -> true);
        var awsFacts = AwsFacts.open(awsSettings, AwsRequestListener.NOOP, CLOCK)) {
      var sources =
          Stream.<List<InventorySource<?>>>of(
                  facts.sources(), awsFacts.sources(), List.of(ingressHosts()))
              .flatMap(List::stream)
              .toList();
      var inventory =
          new OneShotRead(SerialExecutor.on(vertx), CLOCK, sources, READ_TIMEOUT)
              .start()
              .toCompletionStage()
              .toCompletableFuture()
              .get(2 * READ_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      var now = CLOCK.instant();
      var plan =
          FleetPlan.of(
              Cluster.suites(services(next)),
              inventory,
              AllowedTargets.THIS_HOST,
              FleetPlan.AGENT_PORT);
      var probes = new LabProbes(next, traffic(next), plan, now);
      return new Evidence(now, inventory, probes.reports(), probes.baselines());
    }
  }

  private static String[] services(ClusterState current) {
    return current.all(KubeService.class).stream()
        .map(KubeService::key)
        .filter(name -> name.startsWith("shop/"))
        .toArray(String[]::new);
  }

  private static boolean resolves(ClusterState current) {
    return current.all(VpcResolver.class).stream().allMatch(it -> it.fault().equals("none"));
  }

  /** A new one: it keeps the results of earlier reads. */
  private IngressHosts ingressHosts() {
    return new IngressHosts(
        vertx, new InetSocketAddress(InetAddress.getLoopbackAddress(), dns.port()), CLOCK);
  }

  private List<TargetHealth> health(String targetGroup) {
    return traffic(state).health(targetGroup);
  }

  private LabTraffic traffic(ClusterState current) {
    return new LabTraffic(current, healthy);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    aws.close();
    dns.close();
    access.close();
    kube.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
