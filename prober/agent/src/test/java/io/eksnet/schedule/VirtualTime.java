package io.eksnet.schedule;

import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Resolver;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * An event loop on the thread of the test, with a clock that only the test moves: no test waits,
 * and none depends on the speed of the machine.
 */
public final class VirtualTime implements SerialExecutor, InstantSource {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private final MockTicker ticker = Ticker.newMockTicker();
  private final Loop loop = new Loop(ticker);
  private final Network network = Network.on(loop, Resolver.NONE);
  private Duration clockOffset = Duration.ZERO;

  public Network network() {
    return network;
  }

  /** Lets this time pass, with all that is due in it, in order. */
  public void advance(Duration time) {
    var end = ticker.nanoTime() + time.toNanos();
    loop.runAll();
    for (var next = loop.nextDelay(); next >= 0; next = loop.nextDelay()) {
      if (ticker.nanoTime() + next > end) {
        break;
      }
      ticker.advance(next, TimeUnit.NANOSECONDS);
      loop.runAll();
    }
    ticker.advance(Math.max(0, end - ticker.nanoTime()), TimeUnit.NANOSECONDS);
    loop.runAll();
  }

  /** Runs what is due now. */
  public void run() {
    advance(Duration.ZERO);
  }

  /** Blocks the event loop: time passes, and nothing runs. */
  public void block(Duration time) {
    ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs what is due now, and returns the result of {@code future}. */
  public <T> T await(Future<T> future) {
    run();
    if (!future.isComplete()) {
      throw new AssertionError("not complete");
    }
    return future.result();
  }

  /** Whether a timer is set. */
  public boolean hasTimer() {
    run();
    return loop.nextDelay() >= 0;
  }

  /** Sets the wall clock; the monotonic clock is not moved. */
  public void setClock(Duration by) {
    clockOffset = clockOffset.plus(by);
  }

  @Override
  public Instant instant() {
    return START.plus(clockOffset).plusNanos(ticker.nanoTime());
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var scheduled = loop.schedule(task, Math.max(1, delay.toNanos()), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public <T> Future<T> executeBlocking(Callable<T> work) {
    Promise<T> promise = Promise.promise();
    execute(
        () -> {
          try {
            promise.complete(work.call());
          } catch (Exception e) {
            promise.fail(e);
          }
        });
    return promise.future();
  }

  private static final class Loop extends ManualIoEventLoop {
    Loop(Ticker ticker) {
      super(null, Thread.currentThread(), NioIoHandler.newFactory(), ticker);
    }

    /** Nanoseconds until the next timer, or -1. */
    long nextDelay() {
      return nextScheduledTaskNano();
    }

    void runAll() {
      while (runNow() > 0) {
        // what a task adds runs, too
      }
    }
  }
}
