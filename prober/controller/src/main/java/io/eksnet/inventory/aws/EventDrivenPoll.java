package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A source that is also read when there is a reason to: what it may explain began, or ended. */
final class EventDrivenPoll<F> implements InventorySource<F> {
  /** What flaps is no reason to read more often than this. */
  private static final Duration REST = Duration.ofMinutes(1);

  private record Attempt(Instant at, Set<?> reasons) {}

  private final InventorySource<F> source;
  private final Function<Inventory, Optional<Set<?>>> reasons;
  private final Clock clock;
  private volatile Attempt last = new Attempt(Instant.MIN, Set.of());

  /**
   * @param reasons what is wrong now, as far as it is known; empty: not known
   */
  EventDrivenPoll(
      InventorySource<F> source, Function<Inventory, Optional<Set<?>>> reasons, Clock clock) {
    this.source = source;
    this.reasons = reasons;
    this.clock = clock;
  }

  @Override
  public Resource<F> resource() {
    return source.resource();
  }

  @Override
  public Duration minInterval() {
    return source.minInterval();
  }

  @Override
  public List<Permission> permissions() {
    return source.permissions();
  }

  @Override
  public boolean shouldRefresh(Inventory known) {
    return rested() && reasons.apply(known).filter(now -> !now.equals(last.reasons())).isPresent();
  }

  @Override
  public Future<F> read(Inventory known) {
    last = new Attempt(clock.instant(), reasons.apply(known).orElse(Set.of()));
    return source.read(known);
  }

  private boolean rested() {
    return last.at().equals(Instant.MIN) || !clock.instant().isBefore(last.at().plus(REST));
  }
}
