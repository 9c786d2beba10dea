package io.eksnet.cli;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Task;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.schedule.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs tasks twice each, and the second run counts: in the first, a JVM that has just started
 * measures itself, and one lost run is no failure.
 */
final class Runs {
  static final int AT_ONCE = 16;

  /** A run that met a stall of the prober is repeated, as long as there is time. */
  private static final int TRIES = 20;

  private final Vertx vertx;
  private final Scheduler engine;
  private final Consumer<Observation> sink;
  private final Queue<Ran> done = new ConcurrentLinkedQueue<>();

  /** A task that ran: the run that counts, and the one before it. */
  record Ran(Observation last, Observation first) {
    ResultWindow track() {
      return new ResultWindow(last.task().key(), List.of(Result.of(last), Result.of(first)));
    }
  }

  /**
   * @param sink takes each run as it ends
   */
  Runs(Vertx vertx, Scheduler engine, Consumer<Observation> sink) {
    this.vertx = vertx;
    this.engine = engine;
    this.sink = sink;
  }

  /** Those that ended, in the order of their end. */
  List<Ran> done() {
    return List.copyOf(done);
  }

  /** Completes when all ran or the time is over. */
  Future<Void> run(List<Task> tasks, Duration within, Consumer<Ran> each) {
    var queue = new ConcurrentLinkedQueue<>(tasks);
    Promise<Void> over = Promise.promise();
    var timer =
        vertx.setTimer(
            Math.max(1, within.toMillis()),
            id -> {
              queue.clear();
              over.tryComplete();
            });
    Future.join(IntStream.range(0, AT_ONCE).mapToObj(i -> lane(queue, over, each)).toList())
        .onComplete(
            all -> {
              vertx.cancelTimer(timer);
              over.tryComplete();
            });
    return over.future();
  }

  private Future<Void> lane(Queue<Task> queue, Promise<Void> over, Consumer<Ran> each) {
    var task = queue.poll();
    if (task == null) {
      return Future.succeededFuture();
    }
    return twice(task, over)
        .onSuccess(
            ran -> {
              if (!over.future().isComplete()) {
                done.add(ran);
                each.accept(ran);
              }
            })
        .transform(ran -> lane(queue, over, each));
  }

  private Future<Ran> twice(Task task, Promise<Void> over) {
    return trusted(task, TRIES, over)
        .compose(first -> trusted(task, TRIES, over).map(last -> new Ran(last, first)));
  }

  private Future<Observation> trusted(Task task, int tries, Promise<Void> over) {
    if (over.future().isComplete()) {
      return Future.failedFuture("the time is over");
    }
    return engine
        .once(task)
        .compose(
            seen -> {
              if (seen.outcome() instanceof NotRun && tries > 1) {
                return trusted(task, tries - 1, over);
              }
              sink.accept(seen);
              return Future.succeededFuture(seen);
            });
  }
}
