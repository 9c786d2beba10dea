package io.eksnet.inventory.kube;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A resource computed from watched objects. It is computed on the thread of the watches, when an
 * input has changed; a read returns the last result.
 */
final class KubeSource<R> implements InventorySource<R> {
  /** Some results depend on the time, such as the end of a crash loop. */
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  /** Computes the resource. */
  interface Join<R> {
    /** Throws a {@link SourceException} if the objects do not contain the resource. */
    R compute(Instant now);
  }

  /** What a resource is computed from. */
  interface Inputs {
    /** Why the resource cannot be computed; empty: it can. */
    Optional<Unavailable> lack(Instant now);

    /** When the inputs that are missing were last up to date; empty: never, or none is missing. */
    Optional<Instant> goodUntil(Instant now);

    /** Differs from the previous version when an input changed. */
    Object version(Instant now);

    /** The permissions to read the inputs. */
    List<Permission> permissions();
  }

  /**
   * @param goodUntil without a value: when the value before was last known to be right
   * @param confirmedAt when the result was last computed, or its inputs were last found unchanged
   */
  private record Result<R>(
      Optional<R> value, Unavailable lack, Optional<Instant> goodUntil, Instant confirmedAt) {
    Result<R> confirmed(Instant now) {
      return new Result<>(value, lack, goodUntil, now);
    }
  }

  private final Resource<R> resource;
  private final KubeSettings settings;
  private final Clock clock;
  private final Inputs inputs;
  private final Join<R> join;
  private Optional<Object> computedFrom = Optional.empty();
  private Instant computedAt = Instant.EPOCH;
  private volatile Result<R> result =
      new Result<>(Optional.empty(), Unavailable.NOT_YET, Optional.empty(), Instant.EPOCH);

  KubeSource(
      Resource<R> resource, KubeSettings settings, Clock clock, Inputs inputs, Join<R> join) {
    this.resource = resource;
    this.settings = settings;
    this.clock = clock;
    this.inputs = inputs;
    this.join = join;
  }

  /** Computes the resource if an input changed or the last result is old. */
  void update(Instant now) {
    var version = Optional.of(inputs.version(now));
    if (version.equals(computedFrom) && !now.isAfter(computedAt.plus(MAX_AGE))) {
      result = result.confirmed(now);
      return;
    }
    // if the join throws, the next update computes again and the last result becomes stale
    computedFrom = Optional.empty();
    result = compute(now);
    computedFrom = version;
    computedAt = now;
  }

  private Result<R> compute(Instant now) {
    var lack = inputs.lack(now);
    if (lack.isPresent()) {
      return new Result<>(Optional.empty(), lack.get(), inputs.goodUntil(now), now);
    }
    try {
      var value = Optional.of(join.compute(now));
      // one object in memory, which is compared at once
      return new Result<>(
          value.equals(result.value()) ? result.value() : value,
          Unavailable.NOT_YET,
          Optional.empty(),
          now);
    } catch (SourceException e) {
      return new Result<>(Optional.empty(), e.lack(), e.goodUntil(), now);
    }
  }

  @Override
  public Resource<R> resource() {
    return resource;
  }

  @Override
  public List<Permission> permissions() {
    return inputs.permissions();
  }

  @Override
  public Future<R> read(Inventory inventory) {
    var last = result;
    if (last.value().isEmpty()) {
      return failed(last.lack(), last.goodUntil());
    }
    var staleAt = last.confirmedAt().plus(settings.every().multipliedBy(2));
    return clock.instant().isAfter(staleAt)
        ? failed(
            new Unavailable(Unavailable.Reason.ERROR, "not updated since " + last.confirmedAt()),
            Optional.of(last.confirmedAt()))
        : Future.succeededFuture(last.value().get());
  }

  private Future<R> failed(Unavailable lack, Optional<Instant> goodUntil) {
    return Future.failedFuture(new SourceException(lack, goodUntil));
  }
}
