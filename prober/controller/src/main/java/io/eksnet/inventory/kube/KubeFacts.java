package io.eksnet.inventory.kube;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources of the inventory that come from Kubernetes: one watch per kind, and one thread that
 * maintains the watches and computes the resources. Closing it ends all watches, but does not close
 * the {@link KubeAccess}.
 */
public final class KubeFacts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubeFacts.class);

  /** The discard port: no request is sent there. */
  private static final Optional<String> UNUSED_SERVER = Optional.of("http://127.0.0.1:9");

  private static final long CLOSE_TIMEOUT_SECONDS = 5;

  private final ScheduledExecutorService thread;
  private final ExecutorService listParsers;
  private final Informers informers;
  private final KubeSources sources;
  private final Clock clock;
  private final BooleanSupplier leading;
  private volatile List<Informer.Health> health;

  private KubeFacts(
      KubeAccess access,
      Clock clock,
      KubeSettings settings,
      Set<String> probeNamespaces,
      BooleanSupplier leading) {
    this.clock = clock;
    this.leading = leading;
    thread = Executors.newSingleThreadScheduledExecutor(KubeFacts::daemon);
    listParsers = Executors.newCachedThreadPool(KubeFacts::daemon);
    var api = new ApiClient(access, settings.timeout());
    informers = new Informers(settings, api, thread, listParsers, clock);
    sources =
        new KubeSources(
            informers,
            new ServiceAccounts(api, thread, settings.retry()),
            settings,
            clock,
            access.namespace(),
            probeNamespaces);
    health = informers.health(clock.instant());
  }

  /**
   * Starts to watch.
   *
   * @param probeNamespaces the namespaces whose Probe resources of the Prometheus Operator are
   *     read; none: these are not watched
   * @param leading whether this process leads; while it does not, nothing is watched or kept
   */
  public static KubeFacts open(
      KubeAccess access,
      Clock clock,
      KubeSettings settings,
      Set<String> probeNamespaces,
      BooleanSupplier leading) {
    var facts = new KubeFacts(access, clock, settings, probeNamespaces, leading);
    var tick = settings.tick().toMillis();
    var unused = facts.thread.scheduleWithFixedDelay(facts::tick, 0, tick, TimeUnit.MILLISECONDS);
    return facts;
  }

  /** The permissions that each source declares; sends no request. */
  public static Map<Resource<?>, List<Permission>> permissions() {
    try (var access = KubeAccess.open(UNUSED_SERVER, "eksnet", KubeSettings.DEFAULT.timeout());
        var facts =
            new KubeFacts(access, Clock.systemUTC(), KubeSettings.DEFAULT, Set.of(), () -> false)) {
      return facts.sources().stream()
          .collect(Collectors.toMap(InventorySource::resource, InventorySource::permissions));
    }
  }

  /** The permissions of the sources that only some settings switch on. */
  public static Map<Resource<?>, List<Permission>> optionalPermissions() {
    return Map.of(Resources.PROBES, List.of(ResourceKinds.PROBES.permission()));
  }

  /** One source for each resource that comes from Kubernetes; a read never blocks. */
  public List<InventorySource<?>> sources() {
    return List.copyOf(sources.all());
  }

  /** The state of each watch at the last tick. */
  List<Informer.Health> watches() {
    return health;
  }

  private void tick() {
    try {
      var now = clock.instant();
      if (leading.getAsBoolean()) {
        informers.tick(now);
      } else {
        informers.stop();
      }
      health = informers.health(now);
      sources.update(now);
    } catch (RuntimeException e) {
      // resources that are not updated become stale, which is reported
      log.atError().setCause(e).log("unexpected error while watching (please report this bug)");
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "eksnet-kube");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(informers::stop);
    thread.shutdown();
    listParsers.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
