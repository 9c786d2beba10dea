package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The informers, one per kind, created on first use. Confined to one thread. */
final class Informers {
  private final Map<ResourceKind<?, ?>, Informer<?, ?>> all = new LinkedHashMap<>();
  private final KubeSettings settings;
  private final ApiClient api;
  private final Executor thread;
  private final Executor listParsers;
  private final Clock clock;
  private final ApiServerLiveness liveness;
  private Instant lastTick = Instant.MIN;
  private boolean running;

  /**
   * @param listParsers runs the parsing of lists, which blocks
   */
  Informers(
      KubeSettings settings, ApiClient api, Executor thread, Executor listParsers, Clock clock) {
    this.settings = settings;
    this.api = api;
    this.thread = thread;
    this.listParsers = listParsers;
    this.clock = clock;
    liveness = new ApiServerLiveness(api, thread, settings);
  }

  @SuppressWarnings("unchecked") // a kind is the key of the informer of its types only
  <T extends HasMetadata, V> Informer<T, V> of(ResourceKind<T, V> kind) {
    return (Informer<T, V>)
        all.computeIfAbsent(
            kind, k -> new Informer<>(kind, settings, api, thread, listParsers, clock));
  }

  void tick(Instant now) {
    running = true;
    if (now.isBefore(lastTick)) {
      liveness.onClockSetBack();
      all.values().forEach(informer -> informer.onClockSetBack(now));
    }
    lastTick = now;
    liveness.tick(now);
    if (liveness.hasRecovered()) {
      // connections that were open before may be dead, and look like quiet ones
      all.values().forEach(informer -> informer.restart(now));
    }
    var server = liveness.unavailable(now);
    all.values().forEach(informer -> informer.tick(now, server));
  }

  List<Informer.Health> health(Instant now) {
    return all.values().stream().map(informer -> informer.health(now)).toList();
  }

  /** Ends all requests and drops the objects; {@link #tick} starts again. */
  void stop() {
    if (running) {
      running = false;
      all.values().forEach(Informer::stop);
    }
  }
}
