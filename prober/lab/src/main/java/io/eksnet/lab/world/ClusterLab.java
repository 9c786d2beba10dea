package io.eksnet.lab.world;

import io.eksnet.lab.Bind;
import io.eksnet.lab.Certificates;
import io.eksnet.lab.WebServer;
import io.eksnet.lab.alb.Balancers;
import io.eksnet.lab.aws.AwsEndpoint;
import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ground;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.TargetHealth;
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

/**
 * An EKS cluster's network in one process on loopback: the Kubernetes API, the AWS endpoints, the
 * name servers, pods, cluster IPs and load balancers. All of them show one {@link ClusterState},
 * which {@link #change} replaces.
 */
public final class ClusterLab implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Part> parts = new ArrayList<>();
  private final Ground ground;
  private volatile ClusterState state;
  private final Certificates certificates;
  private final KubeApi kube;
  private final AwsEndpoint aws;
  private final Balancers balancers;
  private final Replay replay;

  private ClusterLab(double speed) {
    var stands = false;
    try {
      this.ground = opened(Claim.take()).ground();
      this.state = HealthyCluster.on(ground, Instant.now());
      var clock = Executors.newSingleThreadScheduledExecutor(ClusterLab::daemon);
      open.push(clock::shutdownNow);
      this.replay = new Replay(this::change, clock);
      var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
      open.push(() -> vertx.close().await());
      for (var part :
          List.of(
              new NameServers(ground),
              new WebPods(),
              new NodePages(vertx, ground),
              new ClusterIps(vertx))) {
        parts.add(opened(part));
        part.follow(state);
      }
      this.certificates = Certificates.of("sts." + HealthyCluster.REGION + ".amazonaws.com");
      opened(
          WebServer.https(
              certificates, Bind.on(ground.sts(), ground.inVpc("0.50"), ground.inVpc("32.50"))));
      this.kube = opened(KubeApi.start(ground.api(), state));
      this.balancers = opened(new Balancers(vertx, speed, this::state));
      balancers.sync();
      this.aws = opened(AwsEndpoint.start(vertx, 0, this::state, balancers::health));
      stands = true;
    } finally {
      if (!stands) {
        close();
      }
    }
  }

  /** A healthy cluster whose load balancers keep real time. */
  public static ClusterLab start() {
    return start(1);
  }

  /** A healthy cluster; {@code speed} is how much faster its load balancers are than real ones. */
  public static ClusterLab start(double speed) {
    for (int left = ATTEMPTS; ; left--) {
      try {
        return new ClusterLab(speed);
      } catch (Exception e) {
        if (left == 1 || !isTaken(e)) {
          throw e;
        }
      }
    }
  }

  /** Another process took a port after it was seen free. */
  private static boolean isTaken(Exception e) {
    return e instanceof BindException || e.getCause() instanceof BindException;
  }

  /** What is true of the cluster now. */
  public ClusterState state() {
    return state;
  }

  /** Changes the cluster; when it returns, all servers show it. */
  public synchronized void change(UnaryOperator<ClusterState> change) {
    var next = change.apply(state);
    // First: a load balancer must not send to a pod that ended, unless it is still its target.
    balancers.deregister(next);
    state = next;
    parts.forEach(part -> part.follow(state));
    parts.forEach(part -> part.retire(state));
    kube.show(state);
    balancers.sync();
  }

  /** What befalls the cluster. */
  public Replay replay() {
    return replay;
  }

  /** The addresses and ports of the cluster. */
  public Ground ground() {
    return ground;
  }

  /** The Kubernetes API, to cut watches and count requests. */
  public KubeApi kube() {
    return kube;
  }

  /** The AWS endpoints, to count calls. */
  public AwsEndpoint aws() {
    return aws;
  }

  /** The health of the targets of a group. */
  public List<TargetHealth> health(String targetGroupArn) {
    return balancers.health(targetGroupArn);
  }

  /** The authority of the regional endpoint of STS. */
  public Certificates certificates() {
    return certificates;
  }

  /** Writes a kubeconfig for clients. */
  public Path writeKubeconfig(Path file) throws IOException {
    return kube.writeKubeconfig(file);
  }

  /** Where things are, for people. */
  public String guide() {
    var cluster = state.only(Cluster.class);
    return """
        cluster              %s
        region               %s
        Kubernetes API       %s
        AWS endpoints        %s
        name server          %s:%d (kube-dns)  %s:%d (VPC)
        load balancers       port %d
        """
        .formatted(
            cluster.name(),
            cluster.region(),
            kube.url(),
            aws.url(),
            ground.clusterIp(10),
            ground.dns(),
            ground.vpcResolver(),
            ground.dns(),
            ground.lb());
  }

  @Override
  public void close() {
    var failures = new IllegalStateException("a part of the lab does not close");
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failures.addSuppressed(e);
      }
    }
    if (failures.getSuppressed().length > 0) {
      throw failures;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "lab-scenario");
    thread.setDaemon(true);
    return thread;
  }
}
