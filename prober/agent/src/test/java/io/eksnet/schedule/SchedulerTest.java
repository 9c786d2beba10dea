package io.eksnet.schedule;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.TaskDiff;
import io.eksnet.model.Cause;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Reason;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final Outcome OK = new Outcome.Success(Timings.of(ofMillis(1)));
  private static final Outcome REFUSED =
      new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "refused");

  private final VirtualTime time = new VirtualTime();
  private final List<Observation> observations = new ArrayList<>();
  private final List<Long> lags = new ArrayList<>();
  private Consumer<Observation> sink = observations::add;
  private LongConsumer lag = lags::add;

  @Test
  void runsATaskAtEachTickUntilItIsStopped() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    var task = task("a", ofSeconds(10));
    time.await(scheduler.apply(start(task)));

    time.advance(ofSeconds(30));
    var grid = FixedGrid.next(task.id(), task.interval(), observations.get(0).at().minusMillis(1));
    assertThat(observations)
        .extracting(Observation::at)
        .containsExactly(grid, grid.plusSeconds(10), grid.plusSeconds(20));

    time.await(scheduler.apply(stop(task)));
    time.await(scheduler.apply(new TaskDiff(List.of(), List.of())));
    time.advance(ofHours(1));
    assertThat(observations).hasSize(3);
    assertThat(scheduler.overdue()).isZero();
  }

  private static Probe neverEnding(AtomicInteger runs) {
    return (target, timeout) -> {
      runs.incrementAndGet();
      return Promise.<Outcome>promise().future();
    };
  }

  @Test
  void countsATickDuringARunAsOverlapAndStartsNoSecondRun() {
    var runs = new AtomicInteger();
    var scheduler = scheduler(10, neverEnding(runs));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));

    time.advance(ofSeconds(20));

    assertThat(outcomes()).containsExactly(new Outcome.NotRun(Reason.OVERLAP));
    assertThat(runs).hasValue(1);
    assertThat(lags).containsExactly(0L, ofSeconds(10).toNanos());
  }

  @Test
  void givesUpARunThatNeverEndsAndRunsTheTaskAgain() {
    var runs = new AtomicInteger();
    var scheduler = scheduler(10, neverEnding(runs));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));

    time.advance(ofSeconds(90));

    assertThat(runs).hasValue(2);
    assertThat(outcomes())
        .contains(new Outcome.NotRun(Reason.PROBER, "the run did not end", 1))
        .filteredOn(outcome -> !outcome.equals(new Outcome.NotRun(Reason.OVERLAP)))
        .hasSize(1);
    assertThat(scheduler.inFlight()).isEqualTo(1);
  }

  @Test
  void startsNoMoreRunsThanTheLimitAndCountsTheRest() {
    var scheduler = scheduler(1, (target, timeout) -> Promise.<Outcome>promise().future());
    time.await(scheduler.apply(start(task("a", ofSeconds(10)), task("b", ofSeconds(10)))));

    time.advance(ofSeconds(10));

    assertThat(outcomes()).containsExactly(new Outcome.NotRun(Reason.CAPACITY));
    assertThat(lags).containsExactly(0L, ofSeconds(10).toNanos());
    assertThat(scheduler.inFlight()).isEqualTo(1);
  }

  @Test
  void keepsADefiniteOutcomeWithoutTimingsWhenTheEventLoopWasBlocked() {
    var stalls = new ArrayList<Long>();
    time.network().stalls().report(ofMillis(100), stalls::add);
    for (var end : List.<Consumer<Run>>of(Run::succeed, run -> run.fail(Cause.RESET, "reset"))) {
      observations.clear();
      stalls.clear();
      var scheduler =
          scheduler(
              10,
              run -> {
                time.schedule(ofMillis(5), () -> time.block(ofMillis(300)));
                time.schedule(ofMillis(50), () -> end.accept(run));
              });
      var task = task("a", ofSeconds(10));
      time.await(scheduler.apply(start(task)));
      time.advance(ofSeconds(11));
      time.await(scheduler.apply(stop(task)));

      assertThat(outcomes()).hasSize(1).allMatch(Outcome::ran);
      assertThat(timings(observations.get(0).outcome()).known()).isFalse();
      assertThat(stalls)
          .singleElement()
          .satisfies(
              stall ->
                  assertThat(stall).isBetween(ofMillis(270).toNanos(), ofMillis(300).toNanos()));
    }
  }

  @Test
  void dropsTheTimingsOfAnEventLoopThatWasTooBusy() {
    var scheduler = scheduler(10, busy(ofMillis(50), 10));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));

    time.advance(ofSeconds(11));

    assertThat(outcomes()).hasSize(1).allMatch(Outcome::succeeded);
    assertThat(timings(observations.get(0).outcome()).known()).isFalse();
  }

  @Test
  void keepsTheTimingsOfAnEventLoopThatIsBusyNowAndThen() {
    var scheduler = scheduler(10, busy(ofMillis(15), 3));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));

    time.advance(ofSeconds(31));

    assertThat(outcomes()).hasSize(3).allMatch(outcome -> timings(outcome).known());
  }

  @Test
  void countsTicksThatPassedWhileTheEventLoopWasBlocked() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));
    time.advance(ofSeconds(10));
    observations.clear();
    lags.clear();
    time.advance(ofSeconds(3));
    var due = observations.isEmpty();

    time.block(ofSeconds(35));
    assertThat(scheduler.overdue()).isGreaterThan(ofSeconds(20));
    time.run();

    assertThat(due).isTrue();
    assertThat(observations).hasSize(2);
    assertThat(outcomes().get(1)).isEqualTo(OK);
    var skipped = ((Outcome.NotRun) outcomes().get(0));
    assertThat(skipped.reason()).isEqualTo(Reason.STALL);
    assertThat(skipped.ticks()).isBetween(2L, 3L);
    assertThat(lags)
        .hasSize((int) skipped.ticks() + 1)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(lags.get(0)).isGreaterThan(ofSeconds(20).toNanos());
    assertThat(lags.get(lags.size() - 1)).isLessThan(ofSeconds(10).toNanos());
    assertThat(scheduler.overdue()).isZero();
  }

  @Test
  void countsEveryTickOnceHoweverLongTheEventLoopIsBlocked() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)), task("b", ofSeconds(7)))));

    for (var blocked : List.of(3, 0, 45, 8, 3_600, 21)) {
      time.advance(ofSeconds(13));
      time.block(ofSeconds(blocked));
    }
    time.run();

    var passed = 6 * 13 + 3 + 45 + 8 + 3_600 + 21;
    assertThat(ticks("node/a")).isBetween(passed / 10L - 1, passed / 10L + 1);
    assertThat(ticks("node/b")).isBetween(passed / 7L - 1, passed / 7L + 1);
  }

  @Test
  void aClockSetBackDoesNotStopTheSchedule() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));
    time.advance(ofSeconds(10));
    observations.clear();

    time.setClock(ofHours(-1));
    time.advance(ofSeconds(30));

    assertThat(observations).hasSizeBetween(2, 3);
  }

  @Test
  void reportsAProbeThatThrowsAsNotRunAndRunsItAgain() {
    for (Probe broken :
        List.<Probe>of(
            (target, timeout) -> {
              throw new IllegalStateException("planted");
            },
            (target, timeout) -> {
              throw new StackOverflowError("planted");
            },
            (target, timeout) -> Future.failedFuture(new StackOverflowError("planted")),
            (target, timeout) -> Future.succeededFuture())) {
      observations.clear();
      var scheduler = scheduler(10, broken);
      var task = task("a", ofSeconds(10));
      time.await(scheduler.apply(start(task)));
      time.advance(ofSeconds(20));
      time.await(scheduler.apply(stop(task)));

      assertThat(outcomes())
          .hasSize(2)
          .allMatch(o -> o instanceof Outcome.NotRun n && n.reason() == Reason.PROBER);
      assertThat(scheduler.inFlight()).isZero();
    }
  }

  @Test
  void aSinkThatThrowsDelaysNoTask() {
    sink =
        observation -> {
          observations.add(observation);
          throw new StackOverflowError("planted");
        };
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)), task("b", ofSeconds(10)))));

    time.advance(ofSeconds(30));

    assertThat(observations).hasSize(6).allMatch(o -> o.outcome().equals(OK));
    assertThat(scheduler.inFlight()).isZero();
  }

  @Test
  void aSinkThatThrowsAtAMissedTickDelaysNoTask() {
    sink =
        observation -> {
          observations.add(observation);
          throw new IllegalStateException("planted");
        };
    var scheduler = scheduler(0, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)), task("b", ofSeconds(10)))));

    time.advance(ofSeconds(30));

    assertThat(observations).hasSize(6);
  }

  @Test
  void aListenerThatThrowsDelaysNoTask() {
    lag =
        nanos -> {
          throw new StackOverflowError("planted");
        };
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)), task("b", ofSeconds(10)))));

    time.advance(ofSeconds(10));
    time.block(ofSeconds(45));
    time.advance(ofSeconds(20));

    assertThat(outcomes()).filteredOn(Outcome::succeeded).hasSize(8);
    assertThat(scheduler.inFlight()).isZero();
  }

  @Test
  void aProbeThatCannotBeClosedStopsNoOther() {
    var closed = new AtomicInteger();
    var scheduler =
        scheduler(
            10,
            new Probe() {
              @Override
              public Future<Outcome> run(Target target, Duration timeout) {
                return Future.succeededFuture(OK);
              }

              @Override
              public void close() {
                closed.incrementAndGet();
                throw new IllegalStateException("planted");
              }
            });
    var a = task("a", ofSeconds(10));
    time.await(scheduler.apply(start(a)));

    time.await(scheduler.apply(new TaskDiff(List.of(a), List.of(task("b", ofSeconds(10))))));
    time.advance(ofSeconds(10));

    assertThat(closed).hasValue(1);
    assertThat(observations).extracting(o -> o.task().id()).containsExactly("node/b");
  }

  @Test
  void aProbeThatCannotBeCreatedFailsTheChangeAndDelaysNoTask() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));
    var unknown =
        new Task(
            "node/x",
            new SeriesKey.UserProbeKey("x", "no", "t"),
            "no",
            new NoSettings(),
            Target.of("t", "127.0.0.1", 1),
            ofSeconds(10),
            ofSeconds(5),
            false);

    var change = scheduler.apply(start(task("b", ofSeconds(10)), unknown));
    time.run();
    time.advance(ofSeconds(10));

    assertThat(change.cause()).hasMessage("no probe kind \"no\"");
    assertThat(observations)
        .extracting(o -> o.task().id())
        .containsExactlyInAnyOrder("node/a", "node/b");
  }

  @Test
  void anExpectBlockedTaskSucceedsWhenThePathIsBlocked() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(REFUSED));
    time.await(scheduler.apply(start(task("a", ofSeconds(10), true))));

    time.advance(ofSeconds(10));

    assertThat(outcomes()).hasSize(1).allMatch(Outcome::succeeded);
  }

  @Test
  void drainWaitsForRunsInFlightAndStartsNoMore() {
    Promise<Outcome> slow = Promise.promise();
    var runs = new AtomicInteger();
    var scheduler =
        scheduler(
            10,
            (target, timeout) -> {
              runs.incrementAndGet();
              return slow.future();
            });
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));
    time.advance(ofSeconds(20));

    var drained = scheduler.drain(ofHours(2));
    time.advance(ofHours(1));
    assertThat(drained.isComplete()).isFalse();
    slow.complete(OK);
    time.await(drained);

    assertThat(runs).hasValue(1);
    assertThat(scheduler.inFlight()).isZero();
  }

  @Test
  void runsThatOutlastTheDrainDidNotRunWhateverBecomesOfThem() {
    Promise<Outcome> slow = Promise.promise();
    var scheduler = scheduler(10, (target, timeout) -> slow.future());
    time.await(scheduler.apply(start(task("a", ofSeconds(10)))));
    time.advance(ofSeconds(10));
    var once = scheduler.once(task("b", ofSeconds(10)));

    var drained = scheduler.drain(ofSeconds(5));
    time.advance(ofSeconds(5));
    time.await(drained);
    slow.complete(new Outcome.Failure(Phase.PROCESSING, Cause.RESET, "closed by the shutdown"));
    time.run();

    assertThat(outcomes()).containsExactly(new Outcome.NotRun(Reason.SHUTDOWN));
    assertThat(time.await(once).outcome()).isEqualTo(new Outcome.NotRun(Reason.SHUTDOWN));
    assertThat(time.await(scheduler.once(task("c", ofSeconds(10)))).outcome())
        .isEqualTo(new Outcome.NotRun(Reason.SHUTDOWN));
    assertThat(scheduler.inFlight()).isZero();
  }

  @Test
  void aStoppedTaskLeavesNoTimer() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));
    var task = task("a", ofHours(24));
    time.await(scheduler.apply(start(task)));
    assertThat(time.hasTimer()).isTrue();

    time.await(scheduler.apply(stop(task)));

    assertThat(time.hasTimer()).isFalse();
  }

  @Test
  void tenThousandTasksComeAndGoWithoutAMissedTickOfTheOthers() {
    var scheduler = scheduler(20_000, (target, timeout) -> Future.succeededFuture(OK));
    var steady = task("steady", ofMillis(100));
    time.await(scheduler.apply(start(steady)));
    var many = IntStream.range(0, 10_000).mapToObj(i -> task("m" + i, ofHours(1))).toList();

    assertThat(otherWorkDuring(scheduler.apply(new TaskDiff(List.of(), many)))).isGreaterThan(40);
    assertThat(otherWorkDuring(scheduler.apply(new TaskDiff(many, List.of())))).isGreaterThan(40);
    time.advance(ofSeconds(1));

    assertThat(observations).hasSize(10).allMatch(o -> o.task().equals(steady));
  }

  @Test
  void closesAProbeWithTheLastTaskThatUsesIt() {
    var closed = new AtomicInteger();
    var scheduler =
        scheduler(
            10,
            new Probe() {
              @Override
              public Future<Outcome> run(Target target, Duration timeout) {
                return Future.succeededFuture(OK);
              }

              @Override
              public void close() {
                closed.incrementAndGet();
              }
            });
    var a = task("a", ofSeconds(10));
    var b = task("b", ofSeconds(10));
    time.await(scheduler.apply(start(a, b)));

    time.await(scheduler.apply(stop(a)));
    assertThat(closed).hasValue(0);
    time.await(scheduler.apply(stop(b)));
    assertThat(closed).hasValue(1);
  }

  @Test
  void aRunOnDemandIsNotAmongTheObservations() {
    var scheduler = scheduler(10, (target, timeout) -> Future.succeededFuture(OK));

    assertThat(time.await(scheduler.once(task("a", ofSeconds(10)))).outcome()).isEqualTo(OK);
    assertThat(observations).isEmpty();
  }

  @Test
  void drainWaitsForARunOnDemandToo() {
    Promise<Outcome> slow = Promise.promise();
    var scheduler = scheduler(10, (target, timeout) -> slow.future());
    var once = scheduler.once(task("a", ofSeconds(10)));
    var drained = scheduler.drain(ofSeconds(5));
    time.run();
    assertThat(drained.isComplete()).isFalse();

    slow.complete(OK);

    time.await(drained);
    assertThat(time.await(once).outcome()).isEqualTo(OK);
  }

  private Scheduler scheduler(int maxInFlight, Probe probe) {
    return new Scheduler(
        time.network(),
        task -> time.network(),
        time,
        Map.of("planted", new PlantedKind(probe)),
        maxInFlight,
        observation -> sink.accept(observation),
        nanos -> lag.accept(nanos));
  }

  private Scheduler scheduler(int maxInFlight, Consumer<Run> work) {
    return scheduler(maxInFlight, (target, timeout) -> Run.on(time.network(), timeout, work));
  }

  private static Timings timings(Outcome outcome) {
    return outcome.fold(Outcome.Success::timings, Outcome.Failure::timings, notRun -> Timings.NONE);
  }

  /** How many ticks of a task were observed, run or not. */
  private long ticks(String id) {
    return observations.stream()
        .filter(observation -> observation.task().id().equals(id))
        .mapToLong(o -> o.outcome() instanceof Outcome.NotRun n ? n.ticks() : 1)
        .sum();
  }

  /** How often the event loop could do other work before {@code change} was done. */
  private int otherWorkDuring(Future<Void> change) {
    var count = new AtomicInteger();
    time.execute(() -> doOtherWork(change, count));
    time.await(change);
    return count.get();
  }

  private void doOtherWork(Future<Void> change, AtomicInteger count) {
    if (!change.isComplete()) {
      count.incrementAndGet();
      time.execute(() -> doOtherWork(change, count));
    }
  }

  private List<Outcome> outcomes() {
    return observations.stream().map(Observation::outcome).toList();
  }

  private static TaskDiff stop(Task task) {
    return new TaskDiff(List.of(task), List.of());
  }

  private static TaskDiff start(Task... tasks) {
    return new TaskDiff(List.of(), List.of(tasks));
  }

  private static Task task(String name, Duration every) {
    return task(name, every, false);
  }

  private static Task task(String name, Duration every, boolean negative) {
    return new Task(
        "node/" + name,
        new SeriesKey.UserProbeKey(name, "planted", "t"),
        "planted",
        new NoSettings(),
        Target.of("t", "127.0.0.1", 1),
        every,
        every.dividedBy(2),
        negative);
  }

  /** Succeeds after the event loop was busy {@code times} times, each less than a stall. */
  private Consumer<Run> busy(Duration length, int times) {
    return run -> work(length, times, run::succeed);
  }

  private void work(Duration length, int times, Runnable then) {
    if (times == 0) {
      then.run();
      return;
    }
    time.schedule(
        ofMillis(1),
        () -> {
          time.block(length);
          work(length, times - 1, then);
        });
  }

  private record NoSettings() {}

  private record PlantedKind(Probe probe) implements ProbeKind<NoSettings> {
    @Override
    public String name() {
      return "planted";
    }

    @Override
    public String summary() {
      return "Answers as the test defines.";
    }

    @Override
    public Class<NoSettings> settings() {
      return NoSettings.class;
    }

    @Override
    public Target target(String text, NoSettings settings) {
      return Target.of(text, text, 1);
    }

    @Override
    public List<Phase> phases() {
      return List.of();
    }

    @Override
    public Set<Cause> causes() {
      return Set.of();
    }

    @Override
    public Probe create(NoSettings settings, Network network) {
      return probe;
    }
  }
}
