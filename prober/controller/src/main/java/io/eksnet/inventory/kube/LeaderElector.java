package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.kube.LeasePolicy.ClockReading;
import io.eksnet.inventory.kube.LeasePolicy.LeaseContent;
import io.eksnet.inventory.kube.LeasePolicy.LeaseState;
import io.eksnet.inventory.kube.LeasePolicy.Step;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
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
 * Elects the controller that polls and diagnoses, by a Lease that is written with optimistic
 * locking. It has a thread and a client of its own, so that nothing else delays a renewal. {@link
 * #isLeader()} compares local clocks at each call: a process that was paused does not lead, even if
 * it has not noticed the pause yet. fabric8's elector lacks this (decision 0030).
 */
public final class LeaderElector implements AutoCloseable {
  /** As in client-go. */
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);

  /** Several attempts fit into the renew deadline. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KubeAccess access;
  private final String name;
  private final LeasePolicy policy;
  private final Supplier<ClockReading> clock;
  private final Listener listener;
  private final ScheduledExecutorService thread;
  private volatile LeaseState state;
  private boolean reportedLeader;
  private Optional<Lease> last = Optional.empty();

  /** A leader renews what it wrote last, as client-go does; a conflict makes it read again. */
  private boolean mustRead = true;

  /** Called on the thread of the elector. */
  public interface Listener {
    /** This process became leader, or no longer is. */
    void onChange(boolean leader);

    /** A read or write of the Lease failed. */
    void onError(String reason);
  }

  private LeaderElector(
      KubeAccess access,
      String name,
      LeasePolicy policy,
      Supplier<ClockReading> clock,
      Listener listener) {
    this.access = access;
    this.name = name;
    this.policy = policy;
    this.clock = clock;
    this.listener = listener;
    state = LeaseState.unknown(clock.get());
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var daemon = new Thread(work, "lease");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /**
   * Joins the election with the pod's service account or the user's kubeconfig.
   *
   * @param server another API server, used without credentials: the lab's
   * @param namespace of the Lease; empty: that of the service account or kubeconfig
   * @param name of the Lease
   */
  public static LeaderElector start(
      Optional<String> server,
      String namespace,
      String name,
      LeasePolicy policy,
      Supplier<ClockReading> clock,
      Listener listener) {
    var access = KubeAccess.open(server, namespace, REQUEST_TIMEOUT);
    var elector = new LeaderElector(access, name, policy, clock, listener);
    elector.thread.scheduleWithFixedDelay(
        elector::tick, 0, RETRY_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return elector;
  }

  /** The permissions to hold the Lease of this name. */
  public static List<Permission> permissions(String name) {
    var group = "coordination.k8s.io";
    return List.of(
        new Permission.Rbac(group, "leases", List.of("create"), List.of(), "."),
        new Permission.Rbac(group, "leases", List.of("get", "update"), List.of(name), "."));
  }

  /** Whether this process leads now; cheap, from any thread. */
  public boolean isLeader() {
    return policy.isLeader(state, clock.get());
  }

  /** The holder of the Lease at the last read, this process or another; empty: none or unknown. */
  public Optional<String> holder() {
    return state.lease().map(LeaseContent::holder).filter(holder -> !holder.isEmpty());
  }

  /** Leaves the election and releases the Lease if held, so that a standby leads within seconds. */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(this::release);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    state = LeaseState.unknown(clock.get());
    access.close();
  }

  private void tick() {
    try {
      if (mustRead || !isLeader()) {
        read();
      }
      mustRead = true;
      act();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        listener.onError(reason(e));
      }
    } catch (RuntimeException e) {
      listener.onError(reason(e));
    }
    report(isLeader());
  }

  private void read() {
    last = Optional.ofNullable(leases().withName(name).get());
    state = policy.onRead(state, last.map(LeaderElector::content), clock.get());
  }

  private void act() {
    var sent = clock.get();
    var step = policy.nextStep(state, sent);
    if (step == Step.WAIT) {
      return;
    }
    var resource = leases().resource(ownLease(step, sent));
    var written = step == Step.CREATE ? resource.create() : resource.update();
    last = Optional.of(written);
    state = policy.onWritten(content(written), sent);
    mustRead = false;
  }

  private Lease ownLease(Step step, ClockReading sent) {
    var now = sent.wall().atZone(ZoneOffset.UTC);
    var lease = last.map(LeaseBuilder::new).orElseGet(LeaseBuilder::new);
    var transitions = state.lease().map(LeaseContent::transitions).orElse(0);
    lease.editOrNewMetadata().withName(name).withNamespace(access.namespace()).endMetadata();
    var spec =
        lease
            .editOrNewSpec()
            .withHolderIdentity(policy.identity())
            .withLeaseDurationSeconds((int) policy.leaseDuration().toSeconds())
            .withRenewTime(now);
    if (step != Step.RENEW) {
      spec.withAcquireTime(now).withLeaseTransitions(step == Step.ACQUIRE ? transitions + 1 : 0);
    }
    return spec.endSpec().build();
  }

  private void release() {
    var held = last.filter(lease -> content(lease).holder().equals(policy.identity()));
    state = LeaseState.unknown(clock.get());
    report(false);
    if (held.isEmpty()) {
      return;
    }
    try {
      var released = new LeaseBuilder(held.get()).editSpec().withHolderIdentity("").endSpec();
      leases().resource(released.build()).update();
    } catch (KubernetesClientException e) {
      listener.onError("cannot release the Lease: " + reason(e));
    }
  }

  private void report(boolean leader) {
    if (leader != reportedLeader) {
      reportedLeader = leader;
      listener.onChange(leader);
    }
  }

  private NonNamespaceOperation<Lease, ?, Resource<Lease>> leases() {
    return access.client().leases().inNamespace(access.namespace());
  }

  private static LeaseContent content(Lease lease) {
    var spec = lease.getSpec();
    return new LeaseContent(
        spec == null ? "" : KubeObjects.text(spec.getHolderIdentity()),
        KubeObjects.text(lease.getMetadata().getResourceVersion()),
        Duration.ofSeconds(
            spec == null ? 0 : KubeObjects.number(spec.getLeaseDurationSeconds(), 0)),
        spec == null ? 0 : KubeObjects.number(spec.getLeaseTransitions(), 0));
  }

  private static String reason(RuntimeException e) {
    return ApiClient.unavailable(e, "leases").detail();
  }
}
