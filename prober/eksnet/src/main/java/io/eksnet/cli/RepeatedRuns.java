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
 * Runs each task twice and reports the second result: the first includes class loading and JIT
 * compilation, and a single lost packet is not a failure.
 */
final class RepeatedRuns {
  static final int MAX_CONCURRENT = 16;

  /** Runs that a stall of the prober invalidated are repeated. */
  private static final int MAX_ATTEMPTS = 20;

  private final Vertx vertx;
  private final Scheduler scheduler;
  private final Consumer<Observation> sink;
  private final Queue<RunPair> done = new ConcurrentLinkedQueue<>();

  /** Both results of a task. */
  record RunPair(Observation last, Observation first) {
    ResultWindow track() {
      return new ResultWindow(last.task().key(), List.of(Result.of(last), Result.of(first)));
    }
  }

  /**
   * @param sink takes each single result
   */
  RepeatedRuns(Vertx vertx, Scheduler scheduler, Consumer<Observation> sink) {
    this.vertx = vertx;
    this.scheduler = scheduler;
    this.sink = sink;
  }

  /** The tasks that have run twice, in the order in which they ended. */
  List<RunPair> done() {
    return List.copyOf(done);
  }

  /** Completes when all tasks have run, or after the timeout. */
  Future<Void> run(List<Task> tasks, Duration timeout, Consumer<RunPair> onDone) {
    var queue = new ConcurrentLinkedQueue<>(tasks);
    Promise<Void> over = Promise.promise();
    var timer =
        vertx.setTimer(
            Math.max(1, timeout.toMillis()),
            id -> {
              queue.clear();
              over.tryComplete();
            });
    Future.join(
            IntStream.range(0, MAX_CONCURRENT).mapToObj(i -> worker(queue, over, onDone)).toList())
        .onComplete(
            all -> {
              vertx.cancelTimer(timer);
              over.tryComplete();
            });
    return over.future();
  }

  private Future<Void> worker(Queue<Task> queue, Promise<Void> over, Consumer<RunPair> onDone) {
    var task = queue.poll();
    if (task == null) {
      return Future.succeededFuture();
    }
    return twice(task, over)
        .onSuccess(
            pair -> {
              if (!over.future().isComplete()) {
                done.add(pair);
                onDone.accept(pair);
              }
            })
        .transform(pair -> worker(queue, over, onDone));
  }

  private Future<RunPair> twice(Task task, Promise<Void> over) {
    return validResult(task, MAX_ATTEMPTS, over)
        .compose(
            first -> validResult(task, MAX_ATTEMPTS, over).map(last -> new RunPair(last, first)));
  }

  private Future<Observation> validResult(Task task, int attempts, Promise<Void> over) {
    if (over.future().isComplete()) {
      return Future.failedFuture("timed out");
    }
    return scheduler
        .once(task)
        .compose(
            result -> {
              if (result.outcome() instanceof NotRun && attempts > 1) {
                return validResult(task, attempts - 1, over);
              }
              sink.accept(result);
              return Future.succeededFuture(result);
            });
  }
}
