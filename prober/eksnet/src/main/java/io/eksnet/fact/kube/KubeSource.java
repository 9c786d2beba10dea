package io.eksnet.fact.kube;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Lack;
import io.eksnet.core.inventory.Part;
import io.eksnet.fact.api.FactFailure;
import io.eksnet.fact.api.FactSource;
import io.eksnet.fact.api.Permission;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A part made of watched objects. It is put together on the thread of the watches; whoever reads it
 * gets what is ready.
 */
final class KubeSource<F> implements FactSource<F> {
  /** How a part is put together. */
  interface Join<F> {
    /** Throws a {@link FactFailure} where the objects hold no answer. */
    F at(Instant now);
  }

  /** What is ready to be read; without a value, why it is not. */
  private record State<F>(Optional<F> value, Lack lack, Instant at) {}

  private final Part<F> part;
  private final KubeSettings settings;
  private final Clock clock;
  private final Need need;
  private final List<Permission> permissions;
  private final Join<F> join;
  private volatile State<F> state = new State<>(Optional.empty(), Lack.NOT_YET, Instant.EPOCH);

  KubeSource(
      Part<F> part,
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
      state = new State<>(Optional.of(join.at(now)), Lack.NOT_YET, now);
    } catch (FactFailure e) {
      state = new State<>(Optional.empty(), e.lack(), now);
    }
  }

  /** Nothing it is made of changed. */
  void confirm(Instant now) {
    state = new State<>(state.value(), state.lack(), now);
  }

  @Override
  public Part<F> part() {
    return part;
  }

  @Override
  public Duration every() {
    return settings.every();
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
        ? failed(new Lack(Lack.Why.ERROR, "not put together since " + current.at()))
        : Future.succeededFuture(current.value().get());
  }

  private Future<F> failed(Lack lack) {
    return Future.failedFuture(new FactFailure(lack.why(), lack.detail()));
  }
}
