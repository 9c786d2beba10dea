package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** The watches, one per kind, created on first use. Confined to one thread. */
final class Watches {
  private final Map<ResourceKind<?, ?>, Watch<?, ?>> all = new LinkedHashMap<>();
  private final KubeAccess access;
  private final KubeSettings settings;
  private final ApiClient api;
  private final Executor thread;
  private final Clock clock;
  private final ApiServerLiveness liveness;
  private Instant lastTick = Instant.MIN;

  Watches(KubeAccess access, KubeSettings settings, ApiClient api, Executor thread, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.api = api;
    this.thread = thread;
    this.clock = clock;
    liveness = new ApiServerLiveness(api, thread, settings);
  }

  @SuppressWarnings("unchecked") // a kind is the key of the watch of its types only
  <T extends HasMetadata, V> Watch<T, V> of(ResourceKind<T, V> kind) {
    return (Watch<T, V>)
        all.computeIfAbsent(kind, k -> new Watch<>(kind, access, settings, api, thread, clock));
  }

  void tick(Instant now) {
    if (now.isBefore(lastTick)) {
      liveness.onClockSetBack();
      all.values().forEach(Watch::onClockSetBack);
    }
    lastTick = now;
    liveness.tick(now);
    var alive = liveness.isAlive(now);
    all.values().forEach(watch -> watch.tick(now, alive));
  }

  List<Watch.Health> health(Instant now) {
    return all.values().stream().map(watch -> watch.health(now)).toList();
  }

  void close() {
    all.values().forEach(Watch::close);
  }
}
