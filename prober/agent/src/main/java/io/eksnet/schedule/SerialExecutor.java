package io.eksnet.schedule;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * Runs tasks one at a time, now or after a delay: a context of Vert.x in the program, virtual time
 * in tests.
 */
public interface SerialExecutor extends Executor {
  /** A timer that can be cancelled. */
  @FunctionalInterface
  interface Timer {
    /** Does nothing if the task has run. */
    void cancel();
  }

  /** Runs {@code task} once after {@code delay}; to be called by a task of this executor. */
  Timer schedule(Duration delay, Runnable task);

  /** Runs what may block on another thread. */
  <T> Future<T> executeBlocking(Callable<T> work);

  /** The tasks of a new context of {@code vertx}, or of the current one. */
  static SerialExecutor on(Vertx vertx) {
    var context = vertx.getOrCreateContext();
    return new SerialExecutor() {
      @Override
      public void execute(Runnable task) {
        context.runOnContext(go -> task.run());
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        var id = vertx.setTimer(Math.max(1, delay.toMillis()), timer -> task.run());
        return () -> vertx.cancelTimer(id);
      }

      @Override
      public <T> Future<T> executeBlocking(Callable<T> work) {
        return context.executeBlocking(work, false);
      }
    };
  }
}
