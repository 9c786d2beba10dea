package io.eksnet.bench;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts attempts, at a rate or one for each that ended. Belongs to its event loop. */
final class AttemptStarter {
  private final EventLoop loop;
  private final Attempt attempt;
  private final int targets;
  private final int most;
  private final DurationSamples durations = new DurationSamples();
  private long drained = System.nanoTime();
  private long started;
  private long done;
  private long failed;
  private long dropped;
  private int inFlight;

  /**
   * @param targets how many targets take turns
   * @param most attempts in flight at once; what is due beyond is dropped and counted
   */
  AttemptStarter(EventLoop loop, Attempt attempt, int targets, int most) {
    this.loop = loop;
    this.attempt = attempt;
    this.targets = targets;
    this.most = most;
  }

  /** Starts {@code rate} attempts a second, whatever becomes of them. */
  void open(double rate) {
    var period = (long) (1e9 / rate);
    tick(System.nanoTime() + period, period);
  }

  private void tick(long due, long period) {
    loop.schedule(
        () -> {
          var next = due;
          while (next - System.nanoTime() <= 0) {
            next += period;
            if (inFlight < most) {
              start(() -> {});
            } else {
              dropped++;
            }
          }
          tick(next, period);
        },
        due - System.nanoTime(),
        TimeUnit.NANOSECONDS);
  }

  /** Keeps {@code count} attempts in flight. */
  void closed(int count) {
    for (var n = 0; n < count; n++) {
      loop.execute(this::again);
    }
  }

  private void again() {
    start(() -> loop.execute(this::again));
  }

  private void start(Runnable then) {
    inFlight++;
    attempt.start(
        (int) (started++ % targets),
        new Attempt.Done() {
          @Override
          public void succeeded(long nanos) {
            durations.add(nanos);
            done++;
            end();
          }

          @Override
          public void failed() {
            failed++;
            end();
          }

          private void end() {
            inFlight--;
            then.run();
          }
        });
  }

  /** What was counted since it was last asked. */
  ChildCounters drain() {
    var now = System.nanoTime();
    var mark =
        new ChildCounters(
            Map.of(
                "seconds",
                (now - drained) / 1e9,
                "done",
                (double) done,
                "failed",
                (double) failed,
                "dropped",
                (double) dropped,
                "p50",
                durations.quantile(0.5),
                "p99",
                durations.quantile(0.99),
                "max",
                durations.quantile(1)));
    drained = now;
    done = 0;
    failed = 0;
    dropped = 0;
    durations.clear();
    return mark;
  }
}
