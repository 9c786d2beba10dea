package io.eksnet.inventory.kube;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A part made of watched objects. It is put together on the thread of the watches; whoever reads it
 * gets what is ready.
 */
final class KubeSource<F> implements InventorySource<F> {
  /** How a part is put together. */
  interface Join<F> {
    /** Throws a {@link SourceException} where the objects hold no answer. */
    F at(Instant now);
  }

  /** What is ready to be read; without a value, why it is not. */
  private record State<F>(Optional<F> value, Unavailable lack, Instant at) {}

  private final Resource<F> part;
  private final KubeSettings settings;
  private final Clock clock;
  private final Need need;
  private final List<Permission> permissions;
  private final Join<F> join;
  private volatile State<F> state =
      new State<>(Optional.empty(), Unavailable.NOT_YET, Instant.EPOCH);

  KubeSource(
      Resource<F> part,
      KubeSettings settings,
      Clock clock,
      Need need,
      List<Permission> permissions,
      Join<F> join) {
    this.part = part;
    this.settings = settings;
    this.clock = clock;
    this.need = need;
    this.permissions = List.copyOf(permissions);
    this.join = join;
  }

  /** Puts it together anew. */
  void refresh(Instant now) {
    var lack = need.lack(now);
    if (lack.isPresent()) {
      state = new State<>(Optional.empty(), lack.get(), now);
      return;
    }
    try {
      state = new State<>(Optional.of(join.at(now)), Unavailable.NOT_YET, now);
    } catch (SourceException e) {
      state = new State<>(Optional.empty(), e.lack(), now);
    }
  }

  /** Nothing it is made of changed. */
  void confirm(Instant now) {
    state = new State<>(state.value(), state.lack(), now);
  }

  @Override
  public Resource<F> resource() {
    return part;
  }

  @Override
  public List<Permission> permissions() {
    return permissions;
  }

  @Override
  public Future<F> read(Inventory known) {
    var current = state;
    if (current.value().isEmpty()) {
      return failed(current.lack());
    }
    // what is put together each tick and was not for long says that the thread is stuck
    return clock.instant().isAfter(current.at().plus(settings.every().multipliedBy(2)))
        ? failed(new Unavailable(Unavailable.Why.ERROR, "not put together since " + current.at()))
        : Future.succeededFuture(current.value().get());
  }

  private Future<F> failed(Unavailable lack) {
    return Future.failedFuture(new SourceException(lack.why(), lack.detail()));
  }
}
