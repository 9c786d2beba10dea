package io.eksnet.inventory.kube;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Resource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kubernetes knows: one watch a kind, one thread that looks after them and puts the parts
 * together. Closing it ends all watches; the way to the API is the caller's.
 */
public final class KubeFacts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubeFacts.class);

  private static final Optional<String> NOBODY = Optional.of("http://127.0.0.1:9");

  private final ScheduledExecutorService thread;
  private final Watches watches;
  private final KubeParts parts;
  private final ChangeTracker renewal;
  private final Clock clock;
  private volatile List<WatchHealth> health;

  private KubeFacts(KubeAccess access, Clock clock, KubeSettings settings) {
    this.clock = clock;
    thread = Executors.newSingleThreadScheduledExecutor(KubeFacts::daemon);
    var question = new ApiClient(access, settings.timeout());
    watches = new Watches(access, settings, question, thread, clock);
    parts =
        new KubeParts(
            watches,
            new ServiceAccounts(question, thread, settings.retry()),
            settings,
            clock,
            access.namespace());
    renewal = new ChangeTracker(parts::refresh, parts::confirm);
    health = watches.health(clock.instant());
  }

  /** Begins to watch. */
  public static KubeFacts open(KubeAccess access, Clock clock, KubeSettings settings) {
    var facts = new KubeFacts(access, clock, settings);
    var tick = settings.tick().toMillis();
    var unused = facts.thread.scheduleWithFixedDelay(facts::tick, 0, tick, TimeUnit.MILLISECONDS);
    return facts;
  }

  /** What each part needs, as its source declares it; asks nobody. */
  public static Map<Resource<?>, List<Permission>> permissions() {
    try (var nobody = KubeAccess.open(NOBODY, "eksnet", KubeSettings.DEFAULT.timeout());
        var facts = new KubeFacts(nobody, Clock.systemUTC(), KubeSettings.DEFAULT)) {
      return facts.sources().stream()
          .collect(Collectors.toMap(InventorySource::resource, InventorySource::permissions));
    }
  }

  /** One source for each part that Kubernetes knows; reading one never blocks. */
  public List<InventorySource<?>> sources() {
    return List.copyOf(parts.sources());
  }

  /** How each watch is, as of the last tick. */
  public List<WatchHealth> watches() {
    return health;
  }

  private void tick() {
    try {
      var now = clock.instant();
      watches.tick(now);
      health = watches.health(now);
      parts.gather(now);
      renewal.tick(state(), now);
    } catch (RuntimeException e) {
      // the parts that were not put together grow old, which is told
      log.error("a mistake of this program", e);
    }
  }

  private List<Object> state() {
    var state = new ArrayList<Object>();
    health.forEach(h -> state.add(h.lack()));
    state.add(watches.changes());
    state.add(parts.changes());
    return state;
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
    thread.execute(watches::close);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
