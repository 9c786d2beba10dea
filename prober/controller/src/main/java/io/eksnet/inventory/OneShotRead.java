package io.eksnet.inventory;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.eksnet.schedule.SerialExecutor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Reads every source once within a timeout: first Kubernetes, then AWS, last the subnets. A source
 * that is not ready is read again until it is, and one that waits for another is read again when a
 * source has been read. One that does not respond is unavailable, and delays no other stage.
 */
public final class OneShotRead {
  /** A source that is not ready sends no request when it is read. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(20);

  private final SerialExecutor executor;
  private final InstantSource clock;
  private final Duration timeout;
  private final Queue<List<InventorySource<?>>> stages = new ArrayDeque<>();
  private final Set<InventorySource<?>> pending = new LinkedHashSet<>();

  /** Those of the pending sources whose last read found that another is missing. */
  private final Set<InventorySource<?>> waiting = new LinkedHashSet<>();

  private final Promise<Inventory> result = Promise.promise();
  private volatile Inventory inventory = Inventory.EMPTY;
  private int completed;

  public OneShotRead(
      SerialExecutor executor,
      InstantSource clock,
      Collection<InventorySource<?>> sources,
      Duration timeout) {
    this.executor = executor;
    this.clock = clock;
    this.timeout = timeout;
    stages.add(sources.stream().filter(OneShotRead::isKubernetes).toList());
    stages.add(sources.stream().filter(s -> !isKubernetes(s) && !isLast(s)).toList());
    stages.add(sources.stream().filter(OneShotRead::isLast).toList());
  }

  /** The inventory when all sources have been read or the timeout is over. */
  public Future<Inventory> start() {
    executor.execute(
        () -> {
          executor.schedule(timeout, this::onTimeout);
          executor.schedule(timeout.dividedBy(2), this::startStage);
          advance();
        });
    return result.future();
  }

  private static boolean isKubernetes(InventorySource<?> source) {
    return source.resource().service().equals("kubernetes");
  }

  /** The roles of subnets follow from everything that uses them. */
  private static boolean isLast(InventorySource<?> source) {
    return source.resource().equals(Resources.SUBNETS);
  }

  private void advance() {
    while (!stages.isEmpty() && canStartStage()) {
      startStage();
    }
    if (stages.isEmpty() && pending.isEmpty()) {
      result.tryComplete(inventory);
    }
  }

  /** Kubernetes is complete before AWS starts; the last stage starts when nothing is in flight. */
  private boolean canStartStage() {
    return stages.size() == 2
        ? pending.isEmpty()
        : pending.stream().allMatch(source -> waiting.contains(source) || isKubernetes(source));
  }

  private void startStage() {
    var stage = stages.poll();
    if (stage != null) {
      pending.addAll(stage);
      stage.forEach(this::read);
    }
  }

  private <F> void read(InventorySource<F> source) {
    if (pending.contains(source) && !result.future().isComplete()) {
      waiting.remove(source);
      var completedBefore = completed;
      Poller.read(source, inventory)
          .onComplete(read -> executor.execute(() -> onRead(source, read, completedBefore)));
    }
  }

  private <F> void onRead(InventorySource<F> source, AsyncResult<F> read, int completedBefore) {
    if (!pending.contains(source) || result.future().isComplete()) {
      return;
    }
    var value = read.succeeded() ? read.result() : null;
    if (value != null) {
      complete(source, Snapshot.of(value, clock.instant(), interval(source)));
      return;
    }
    var reason = Poller.reason(read);
    waiting.add(source);
    if (reason.reason() != Reason.NOT_YET || isDeadlock(completedBefore)) {
      completeWithout(source, reason);
    } else if (completed > completedBefore && !isKubernetes(source)) {
      read(source);
    } else {
      executor.schedule(RETRY_DELAY, () -> readAgain(source));
      advance();
    }
  }

  private void readAgain(InventorySource<?> source) {
    if (waiting.contains(source)) {
      read(source);
    }
  }

  /** All pending sources wait for each other, and no read has completed since this one started. */
  private boolean isDeadlock(int completedBefore) {
    return stages.isEmpty()
        && completed == completedBefore
        && waiting.containsAll(pending)
        && pending.stream().noneMatch(OneShotRead::isKubernetes);
  }

  private <F> void completeWithout(InventorySource<F> source, Unavailable reason) {
    complete(source, Snapshot.<F>notYet(interval(source)).after(reason));
  }

  private <F> void complete(InventorySource<F> source, Snapshot<F> snapshot) {
    inventory = inventory.with(source.resource(), snapshot);
    pending.remove(source);
    waiting.remove(source);
    completed++;
    List.copyOf(waiting).stream().filter(one -> !isKubernetes(one)).forEach(this::readAgain);
    advance();
  }

  private void onTimeout() {
    while (!stages.isEmpty()) {
      pending.addAll(stages.remove());
    }
    var reason =
        new Unavailable(Reason.TIMEOUT, "no response within " + timeout.toMillis() / 1e3 + " s");
    List.copyOf(pending).forEach(source -> completeWithout(source, reason));
  }

  /** Long enough that nothing becomes stale before the end. */
  private Duration interval(InventorySource<?> source) {
    return source.minInterval().compareTo(timeout) > 0 ? source.minInterval() : timeout;
  }
}
