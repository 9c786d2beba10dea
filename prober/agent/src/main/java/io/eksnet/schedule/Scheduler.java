package io.eksnet.schedule;

import io.eksnet.agent.plan.TaskDiff;
import io.eksnet.model.ExpectBlocked;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Task;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on their beat: one heap of beats, one timer for the earliest, one run in flight a
 * task, a bound on all runs in flight. Its state belongs to the event loop of its network; the
 * public methods may be called from anywhere.
 */
public final class Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  private static final int SLICE = 200;

  private final Network network;
  private final Clock clock;
  private final int mostInFlight;
  private final Consumer<Observation> sink;
  private final SchedulerListener pulse;
  private final Probes probes;
  private final StallDetector stalls;
  private final Map<String, Beat> beats = new HashMap<>();
  private final PriorityQueue<Beat> heap = new PriorityQueue<>();
  private final Promise<Void> drained = Promise.promise();
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt = Long.MAX_VALUE;
  private boolean draining;
  private volatile int inFlight;
  private volatile long earliest = Long.MAX_VALUE;

  /**
   * @param network of the engine's own loop
   * @param networks of tasks, on the same loop: how far each may reach
   * @param mostInFlight how many runs may be in flight at once, at least 1
   * @param stall how long the event loop may stand still before samples are discarded
   * @param sink takes each observation on the event loop
   */
  public Scheduler(
      Network network,
      Function<Task, Network> networks,
      Clock clock,
      Map<String, ? extends ProbeKind<?>> kinds,
      int mostInFlight,
      Duration stall,
      Consumer<Observation> sink,
      SchedulerListener pulse) {
    this.network = network;
    this.clock = clock;
    this.mostInFlight = mostInFlight;
    this.sink = sink;
    this.pulse = pulse;
    this.probes = new Probes(kinds, networks);
    this.stalls = new StallDetector(network, stall, pulse::stall);
  }

  /**
   * Stops and starts tasks, some at a time so that no beat of the others is missed. Completes when
   * it is done, fails when a probe could not be made.
   */
  public Future<Void> apply(TaskDiff change) {
    return inSlices(change.stop(), this::stop).compose(v -> inSlices(change.start(), this::start));
  }

  /** One run of a task now, beside its beat and outside of all counts; the sink does not see it. */
  public Future<Observation> once(Task task) {
    Promise<Observation> promise = Promise.promise();
    network
        .loop()
        .execute(
            () -> {
              try {
                var probe = probes.take(task);
                observe(task, probe)
                    .onComplete(
                        observed -> {
                          probes.giveBack(task);
                          promise.handle(observed);
                          finishDrain();
                        });
              } catch (RuntimeException e) {
                promise.fail(e);
              }
            });
    return promise.future();
  }

  /** Starts no more runs; completes when those in flight have ended. */
  public Future<Void> drain() {
    return onLoop(
            () -> {
              draining = true;
              heap.clear();
              earliest = Long.MAX_VALUE;
              arm();
              finishDrain();
            })
        .compose(nothing -> drained.future());
  }

  /** How many runs are in flight. */
  public int inFlight() {
    return inFlight;
  }

  /** How long the earliest beat has been overdue, or 0; what a stuck schedule shows. */
  public Duration overdue() {
    var due = earliest;
    return due == Long.MAX_VALUE
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, network.now() - due));
  }

  private void start(Task task) {
    if (!draining) {
      var beat = new Beat(task, probes.take(task));
      beats.put(task.id(), beat);
      var now = clock.instant();
      beat.set(FixedGrid.next(task.id(), task.every(), now), now, network.now());
      heap.add(beat);
    }
  }

  private void stop(Task task) {
    var beat = beats.remove(task.id());
    if (beat != null) {
      beat.stopped = true; // leaves the heap when its turn comes
      if (!beat.running) {
        probes.giveBack(task);
      }
    }
  }

  private void arm() {
    var next = heap.peek();
    earliest = next == null ? Long.MAX_VALUE : next.dueNanos;
    if (earliest == timerAt) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    timerAt = earliest;
    if (next != null) {
      var delay = Math.max(0, earliest - network.now());
      timer = network.loop().schedule(this::fire, delay, TimeUnit.NANOSECONDS);
    }
  }

  private void fire() {
    timer = null;
    timerAt = Long.MAX_VALUE;
    for (var beat = heap.peek(); beat != null && beat.dueNanos <= network.now(); ) {
      heap.poll();
      if (!beat.stopped) {
        var late = network.now() - beat.dueNanos;
        advance(beat, late);
        take(beat, late);
      }
      beat = heap.peek();
    }
    arm();
  }

  private void advance(Beat beat, long late) {
    var task = beat.task;
    var now = clock.instant();
    beat.set(FixedGrid.after(task.id(), task.every(), beat.due, now), now, network.now());
    heap.add(beat);
    var skipped = FixedGrid.skipped(task.every(), Duration.ofNanos(late));
    if (skipped > 0) {
      pulse.missed(Reason.STALL, skipped);
    }
  }

  private void take(Beat beat, long late) {
    if (beat.running) {
      miss(beat.task, Reason.OVERLAP);
    } else if (inFlight >= mostInFlight) {
      miss(beat.task, Reason.CAPACITY);
    } else {
      pulse.lag(late);
      run(beat);
    }
  }

  private void miss(Task task, Reason reason) {
    pulse.missed(reason, 1);
    sink.accept(new Observation(task, clock.instant(), Duration.ZERO, new NotRun(reason)));
  }

  private void run(Beat beat) {
    beat.running = true;
    observe(beat.task, beat.probe)
        .onSuccess(
            observation -> {
              beat.running = false;
              if (beat.stopped) {
                probes.giveBack(beat.task);
              } else {
                deliver(observation);
              }
              finishDrain();
            });
  }

  private void deliver(Observation observation) {
    if (observation.outcome() instanceof NotRun n && n.reason() == Reason.STALL) {
      pulse.missed(Reason.STALL, 1);
    }
    sink.accept(observation);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes
  private Future<Observation> observe(Task task, Probe probe) {
    var at = clock.instant();
    var started = network.now();
    inFlight++;
    var mark = stalls.begin();
    return outcome(task, probe)
        .map(
            outcome -> {
              inFlight--;
              var trusted = stalls.end(mark) ? new NotRun(Reason.STALL) : outcome;
              var took = Duration.ofNanos(network.now() - started);
              return new Observation(
                  task, at, took, task.negative() ? ExpectBlocked.of(trusted) : trusted);
            });
  }

  private static Future<Outcome> outcome(Task task, Probe probe) {
    try {
      return probe.run(task.target(), task.timeout()).otherwise(e -> broken(task, e));
    } catch (RuntimeException e) {
      return Future.succeededFuture(broken(task, e));
    }
  }

  private static Outcome broken(Task task, Throwable e) {
    log.error("probe broken task={}", task.id(), e);
    return new NotRun(Reason.PROBER);
  }

  private void finishDrain() {
    if (draining && inFlight == 0 && drained.tryComplete()) {
      probes.close();
    }
  }

  private Future<Void> inSlices(List<Task> tasks, Consumer<Task> work) {
    var slice = tasks.subList(0, Math.min(SLICE, tasks.size()));
    var rest = tasks.subList(slice.size(), tasks.size());
    return onLoop(
            () -> {
              slice.forEach(work);
              arm();
            })
        .compose(v -> rest.isEmpty() ? Future.succeededFuture() : inSlices(rest, work));
  }

  private Future<Void> onLoop(Runnable work) {
    Promise<Void> done = Promise.promise();
    network
        .loop()
        .execute(
            () -> {
              try {
                work.run();
                done.complete();
              } catch (RuntimeException e) {
                done.fail(e);
              }
            });
    return done.future();
  }

  /** A task on its beat. */
  private static final class Beat implements Comparable<Beat> {
    private final Task task;
    private final Probe probe;
    private Instant due = Instant.MIN;
    private long dueNanos;
    private boolean running;
    private boolean stopped;

    private Beat(Task task, Probe probe) {
      this.task = task;
      this.probe = probe;
    }

    private void set(Instant due, Instant now, long nanos) {
      this.due = due;
      this.dueNanos = nanos + Duration.between(now, due).toNanos();
    }

    @Override
    @SuppressWarnings("ComparableAndEquals")
    public int compareTo(Beat other) {
      return Long.compare(dueNanos - other.dueNanos, 0);
    }
  }
}
