package io.eksnet.inventory.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * When the parts are put together anew: when what they are made of changed, when a while went by,
 * and as long as it fails. Confined to one thread.
 */
final class ChangeTracker {
  /** What depends on time alone, such as the end of a crash loop, is looked at so often. */
  private static final Duration AT_LEAST = Duration.ofSeconds(10);

  private final Consumer<Instant> refresh;
  private final Consumer<Instant> confirm;
  private Object before = new Object();
  private Instant refreshed = Instant.EPOCH;

  /**
   * @param refresh puts them together
   * @param confirm says that they are as they were
   */
  ChangeTracker(Consumer<Instant> refresh, Consumer<Instant> confirm) {
    this.refresh = refresh;
    this.confirm = confirm;
  }

  /** What {@code refresh} throws, it throws; then nothing counts as put together. */
  void tick(Object state, Instant now) {
    if (state.equals(before) && !now.isAfter(refreshed.plus(AT_LEAST))) {
      confirm.accept(now);
      return;
    }
    before = new Object();
    refresh.accept(now);
    before = state;
    refreshed = now;
  }
}
