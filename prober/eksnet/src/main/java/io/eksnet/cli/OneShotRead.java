package io.eksnet.cli;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Reads every source once and within a time: first Kubernetes, then what builds on it. A source
 * that is not ready yet, or waits for another, is asked again until it is; one that hangs lacks an
 * answer, and holds up nothing else.
 */
final class OneShotRead {
  private static final Duration AGAIN = Duration.ofMillis(150);

  private final Context context;
  private final Clock clock;
  private final Duration within;
  private final Queue<List<InventorySource<?>>> stages = new ArrayDeque<>();
  private final Set<InventorySource<?>> open = new LinkedHashSet<>();
  private final Set<InventorySource<?>> waiting = new LinkedHashSet<>();
  private final Promise<Inventory> whole = Promise.promise();
  private volatile Inventory inventory = Inventory.EMPTY;
  private int settled;

  OneShotRead(Vertx vertx, Clock clock, Collection<InventorySource<?>> sources, Duration within) {
    context = vertx.getOrCreateContext();
    this.clock = clock;
    this.within = within;
    stages.add(sources.stream().filter(OneShotRead::isOfKubernetes).toList());
    stages.add(sources.stream().filter(s -> !isOfKubernetes(s) && !isLast(s)).toList());
    stages.add(sources.stream().filter(OneShotRead::isLast).toList());
  }

  /** What is known when all were read or the time is over. */
  Future<Inventory> look() {
    context.runOnContext(
        go -> {
          context.owner().setTimer(within.toMillis(), id -> end());
          context.owner().setTimer(Math.max(1, within.toMillis() / 2), id -> begin());
          goOn();
        });
    return whole.future();
  }

  /** What was read by now. */
  Inventory soFar() {
    return inventory;
  }

  private static boolean isOfKubernetes(InventorySource<?> source) {
    return source.resource().service().equals("kubernetes");
  }

  /** The roles of subnets follow from all that uses them. */
  private static boolean isLast(InventorySource<?> source) {
    return source.resource().equals(Resources.SUBNETS);
  }

  private void goOn() {
    while (!stages.isEmpty() && isReady()) {
      begin();
    }
    if (stages.isEmpty() && open.isEmpty()) {
      whole.tryComplete(inventory);
    }
  }

  /** Kubernetes comes first; then a stage begins when those before have nothing under way. */
  private boolean isReady() {
    return stages.size() == 2
        ? open.isEmpty()
        : open.stream().allMatch(source -> waiting.contains(source) || isOfKubernetes(source));
  }

  private void begin() {
    var stage = stages.poll();
    if (stage != null) {
      open.addAll(stage);
      stage.forEach(this::read);
    }
  }

  private <F> void read(InventorySource<F> source) {
    if (open.contains(source) && !whole.future().isComplete()) {
      var before = settled;
      reading(source).onComplete(read -> context.runOnContext(go -> heard(source, read, before)));
    }
  }

  private <F> Future<F> reading(InventorySource<F> source) {
    try {
      return source.read(inventory);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private <F> void heard(InventorySource<F> source, AsyncResult<F> read, int before) {
    if (!open.contains(source) || whole.future().isComplete()) {
      return;
    }
    var value = read.succeeded() ? read.result() : null;
    if (value != null) {
      settle(source, Snapshot.of(value, clock.instant(), every(source)));
      return;
    }
    var lack = lack(read);
    waiting.add(source);
    if (lack.reason() == Reason.NOT_YET && !isHopeless(before)) {
      context.owner().setTimer(AGAIN.toMillis(), id -> read(source));
      goOn();
    } else {
      settle(source, Snapshot.<F>notYet(every(source)).after(lack));
    }
  }

  /** All that is left waits for each other, and nothing came since the question. */
  private boolean isHopeless(int before) {
    return stages.isEmpty()
        && settled == before
        && waiting.containsAll(open)
        && open.stream().noneMatch(OneShotRead::isOfKubernetes);
  }

  private <F> void settle(InventorySource<F> source, Snapshot<F> known) {
    inventory = inventory.with(source.resource(), known);
    open.remove(source);
    waiting.remove(source);
    settled++;
    goOn();
  }

  private void end() {
    while (!stages.isEmpty()) {
      open.addAll(stages.remove());
    }
    for (var source : List.copyOf(open)) {
      late(source);
    }
  }

  private <F> void late(InventorySource<F> source) {
    var lack =
        new Unavailable(Reason.TIMEOUT, "no answer within " + within.toMillis() / 1e3 + " s");
    settle(source, Snapshot.<F>notYet(every(source)).after(lack));
  }

  /** Nothing of one look grows old before its end. */
  private Duration every(InventorySource<?> source) {
    return source.minInterval().compareTo(within) > 0 ? source.minInterval() : within;
  }

  private static Unavailable lack(AsyncResult<?> read) {
    if (read.succeeded()) {
      return new Unavailable(Reason.ERROR, "the source gave nothing");
    }
    return read.cause() instanceof SourceException failure
        ? failure.lack()
        : new Unavailable(Reason.ERROR, String.valueOf(read.cause()));
  }
}
