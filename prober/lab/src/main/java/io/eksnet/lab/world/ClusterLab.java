package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.alb.LoadBalancerServers;
import io.eksnet.lab.aws.AwsEndpoint;
import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A simulated EKS cluster on loopback: the Kubernetes API, the AWS APIs, name servers, pods,
 * cluster IPs and load balancers. All of them serve one {@link ClusterState}, which {@link #change}
 * replaces.
 */
public final class ClusterLab implements AutoCloseable {
  private static final int MAX_ATTEMPTS = 3;

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final List<ServerGroup> servers = new ArrayList<>();
  private final LabNetwork network;
  private volatile ClusterState state;
  private final TestCertificates certificates;
  private final KubeApi kube;
  private final AwsEndpoint aws;
  private final LoadBalancerServers loadBalancers;
  private final ScenarioPlayer scenarios;

  private ClusterLab(double speed) {
    boolean started = false;
    try {
      this.network = own(NetworkReservation.acquire()).network();
      this.state = HealthyCluster.load(network, Instant.now());
      var scheduler = Executors.newSingleThreadScheduledExecutor(ClusterLab::daemon);
      resources.push(scheduler::shutdownNow);
      this.scenarios = new ScenarioPlayer(this::change, scheduler);
      var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
      resources.push(() -> vertx.close().await());
      this.certificates = TestCertificates.of(serverNames(state.only(Cluster.class)));
      for (var group :
          List.of(
              new ClusterNameServers(network),
              new PodWebServers(certificates),
              new NodeEndpoints(vertx, network),
              new ServiceProxies(vertx))) {
        servers.add(own(group));
        group.update(state);
      }
      own(
          LabWebServer.https(
              certificates,
              Bind.on(
                  network.awsEndpoints(),
                  network.vpcAddress("0.50"),
                  network.vpcAddress("32.50"),
                  network.publicAddress(201))));
      this.kube = own(KubeApi.start(network.api(), state));
      this.loadBalancers = own(new LoadBalancerServers(vertx, speed, certificates, this::state));
      loadBalancers.update();
      this.aws = own(AwsEndpoint.start(vertx, 0, this::state, loadBalancers::health));
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /** Starts a healthy cluster. */
  public static ClusterLab start() {
    return start(1);
  }

  /**
   * Starts a healthy cluster whose load balancers run {@code speed} times faster than real ones.
   */
  public static ClusterLab start(double speed) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new ClusterLab(speed);
      } catch (Exception e) {
        if (attempt == MAX_ATTEMPTS || !isPortTaken(e)) {
          throw e;
        }
      }
    }
  }

  /** Another process bound the port in the meantime. */
  private static boolean isPortTaken(Exception e) {
    return e instanceof BindException || e.getCause() instanceof BindException;
  }

  /** The current state. */
  public ClusterState state() {
    return state;
  }

  /** Changes the state; returns when all servers serve it. */
  public synchronized void change(UnaryOperator<ClusterState> change) {
    var next = change.apply(state);
    // First: a load balancer must not send requests to a pod that ended, unless it is its target.
    loadBalancers.deregister(next);
    state = next;
    servers.forEach(group -> group.update(state));
    servers.forEach(group -> group.closeUnused(state));
    kube.update(state);
    loadBalancers.update();
  }

  /** Applies changes that are written as in scenarios. */
  public void change(String yaml) {
    change(state -> state.change(yaml));
  }

  /** Plays scenarios on this cluster. */
  public ScenarioPlayer scenarios() {
    return scenarios;
  }

  /** The addresses and ports of the cluster. */
  public LabNetwork network() {
    return network;
  }

  /** The Kubernetes API. */
  public KubeApi kube() {
    return kube;
  }

  /** The AWS APIs. */
  public AwsEndpoint aws() {
    return aws;
  }

  /** The health of the targets of a group. */
  public List<TargetHealth> health(String targetGroupArn) {
    return loadBalancers.health(targetGroupArn);
  }

  /** The certificates of AWS endpoints and of load balancers. */
  public TestCertificates certificates() {
    return certificates;
  }

  /** Writes a kubeconfig for clients. */
  public Path writeKubeconfig(Path file) throws IOException {
    return kube.writeKubeconfig(file);
  }

  /** The addresses, for people. */
  public String describe() {
    var cluster = state.only(Cluster.class);
    return """
        cluster              %s
        region               %s
        Kubernetes API       %s
        AWS APIs             %s
        name servers         %s:%d (kube-dns)  %s:%d (VPC)
        load balancers       port %d
        """
        .formatted(
            cluster.name(),
            cluster.region(),
            kube.url(),
            aws.url(),
            network.clusterIp(10),
            network.dns(),
            network.vpcResolver(),
            network.dns(),
            network.lb());
  }

  @Override
  public void close() {
    var failures = new IllegalStateException("cannot close the lab");
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        failures.addSuppressed(e);
      }
    }
    if (failures.getSuppressed().length > 0) {
      throw failures;
    }
  }

  private <T extends AutoCloseable> T own(T resource) {
    resources.push(resource);
    return resource;
  }

  /** The names of AWS endpoints and load balancers; the library makes no wildcard names. */
  private static String[] serverNames(Cluster cluster) {
    var regional =
        Stream.of(
                "sts",
                "ec2",
                "elasticloadbalancing",
                "s3",
                "logs",
                "autoscaling",
                "api.ecr",
                cluster.account() + ".dkr.ecr")
            .map(service -> service + "." + cluster.region() + ".amazonaws.com");
    var others =
        Stream.of(
            cluster.apiServer(),
            "eks-auth." + cluster.region() + ".api.aws",
            "route53.amazonaws.com",
            "shop.example.com",
            "admin.shop.example.com");
    return Stream.concat(regional, others).toArray(String[]::new);
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "lab-scenario");
    thread.setDaemon(true);
    return thread;
  }
}
