package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.kube.LeasePolicy.Seen;
import io.eksnet.inventory.kube.LeasePolicy.Standing;
import io.eksnet.inventory.kube.LeasePolicy.Step;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes part in the election of the controller that polls and diagnoses, by a Lease that it holds
 * with optimistic locking. On a thread and with a client of its own, so that nothing else that
 * hangs delays a renewal. Whether it leads is asked at each use ({@link #stillLeading}), against
 * the clocks of this machine: a process that was paused and does not know it yet does not lead.
 */
public final class LeaderElector implements AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Several tries fit into the deadline. */
  private static final int REQUEST_MILLIS = 3_000;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final LeasePolicy policy;
  private final Supplier<Moment> clock;
  private final Listener listener;
  private final ScheduledExecutorService thread;
  private volatile Standing standing;
  private boolean told;
  private Optional<Lease> last = Optional.empty();

  /** Hears of changes, on the thread of the election; what is true now says the election. */
  public interface Listener {
    /** It began or ceased to lead. */
    void leading(boolean now);

    /** A look at the Lease or a write failed. */
    void failed(String reason);
  }

  private LeaderElector(
      KubernetesClient client,
      String namespace,
      String name,
      LeasePolicy policy,
      Supplier<Moment> clock,
      Listener listener) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.policy = policy;
    this.clock = clock;
    this.listener = listener;
    standing = Standing.at(clock.get());
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var made = new Thread(work, "lease");
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Starts to take part, with the pod's service account or the user's kubeconfig.
   *
   * @param server another API server, which is asked without credentials: the lab's
   * @param namespace of the Lease; empty: the one the service account or kubeconfig names
   */
  public static LeaderElector start(
      Optional<String> server,
      String namespace,
      String name,
      LeasePolicy policy,
      Supplier<Moment> clock,
      Listener listener) {
    var access =
        server
            .map(url -> new ConfigBuilder(Config.empty()).withMasterUrl(url).build())
            .orElseGet(() -> Config.autoConfigure(null));
    var own =
        namespace.isEmpty() ? Optional.ofNullable(access.getNamespace()) : Optional.of(namespace);
    return start(access, own.orElse("default"), name, policy, clock, listener);
  }

  static LeaderElector start(
      Config access,
      String namespace,
      String name,
      LeasePolicy policy,
      Supplier<Moment> clock,
      Listener listener) {
    var config =
        new ConfigBuilder(access)
            .withRequestTimeout(REQUEST_MILLIS)
            .withConnectionTimeout(REQUEST_MILLIS)
            .withRequestRetryBackoffLimit(0)
            .withHttp2Disable(true)
            .withUserAgent("eksnet")
            .build();
    var client = new KubernetesClientBuilder().withConfig(config).build();
    var leadership = new LeaderElector(client, namespace, name, policy, clock, listener);
    leadership.thread.scheduleWithFixedDelay(
        leadership::turn, 0, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    return leadership;
  }

  /** What it must be allowed to do. */
  public static List<Permission> permissions(String name) {
    var group = "coordination.k8s.io";
    return List.of(
        new Permission.Rbac(group, "leases", List.of("create"), List.of(), "."),
        new Permission.Rbac(group, "leases", List.of("get", "update"), List.of(name), "."));
  }

  /** Whether this process leads at this moment; may be asked from anywhere, and often. */
  public boolean stillLeading() {
    return policy.leads(standing, clock.get());
  }

  /** Who held the Lease at the last look, this process or another; empty: nobody, or not known. */
  public Optional<String> holder() {
    return standing.seen().map(Seen::holder).filter(holder -> !holder.isEmpty());
  }

  /** Ends it, and gives the Lease back if it is ours, so that another leads within seconds. */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(this::release);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    standing = Standing.at(clock.get());
    client.close();
  }

  private void turn() {
    try {
      look();
      act();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        listener.failed(reason(e));
      }
    } catch (RuntimeException e) {
      listener.failed(String.valueOf(e));
    }
    tell(stillLeading());
  }

  private void look() {
    last = Optional.ofNullable(client.leases().inNamespace(namespace).withName(name).get());
    standing = policy.saw(standing, last.map(LeaderElector::seen), clock.get());
  }

  private void act() {
    var began = clock.get();
    var step = policy.next(standing, began);
    if (step == Step.WAIT) {
      return;
    }
    var lease = mine(step, began);
    var leases = client.leases().inNamespace(namespace);
    var written =
        step == Step.CREATE ? leases.resource(lease).create() : leases.resource(lease).update();
    last = Optional.of(written);
    standing = policy.wrote(seen(written), began);
  }

  private Lease mine(Step step, Moment began) {
    var now = began.wall().atZone(ZoneOffset.UTC);
    var old = last.map(LeaseBuilder::new).orElseGet(LeaseBuilder::new);
    var transitions = standing.seen().map(Seen::transitions).orElse(0);
    old.editOrNewMetadata().withName(name).withNamespace(namespace).endMetadata();
    var spec =
        old.editOrNewSpec()
            .withHolderIdentity(policy.me())
            .withLeaseDurationSeconds((int) policy.length().toSeconds())
            .withRenewTime(now);
    if (step != Step.RENEW) {
      spec.withAcquireTime(now).withLeaseTransitions(step == Step.TAKE ? transitions + 1 : 0);
    }
    return spec.endSpec().build();
  }

  private void release() {
    var mine = last.filter(lease -> seen(lease).holder().equals(policy.me()));
    standing = Standing.at(clock.get());
    tell(false);
    if (mine.isEmpty()) {
      return;
    }
    try {
      var free = new LeaseBuilder(mine.get()).editSpec().withHolderIdentity("").endSpec().build();
      client.leases().inNamespace(namespace).resource(free).update();
    } catch (KubernetesClientException e) {
      listener.failed("not given back: " + reason(e));
    }
  }

  private void tell(boolean now) {
    if (now != told) {
      told = now;
      listener.leading(now);
    }
  }

  private static Seen seen(Lease lease) {
    var spec = lease.getSpec();
    var holder = spec == null ? null : spec.getHolderIdentity();
    var length = spec == null ? null : spec.getLeaseDurationSeconds();
    var transitions = spec == null ? null : spec.getLeaseTransitions();
    var version = lease.getMetadata().getResourceVersion();
    return new Seen(
        holder == null ? "" : holder,
        version == null ? "" : version,
        Duration.ofSeconds(length == null ? 0 : length),
        transitions == null ? 0 : transitions);
  }

  private static String reason(KubernetesClientException e) {
    var cause = e.getCause();
    return e.getCode() == 0 && cause != null ? cause.toString() : String.valueOf(e.getMessage());
  }
}
