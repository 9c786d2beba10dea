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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SchedulerTest {
  private static final Outcome OK = new Outcome.Success(Timings.of(ofMillis(1)));

  private final Vertx vertx = Vertx.vertx();
  private final Network network = Network.on(vertx);
  private final LinkedBlockingQueue<Observation> seen = new LinkedBlockingQueue<>();
  private final Counted pulse = new Counted();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aTaskRunsOnItsBeatUntilItIsStopped() throws Exception {
    var engine = engine(10, (target, timeout) -> Future.succeededFuture(OK));
    var task = task("a", ofMillis(40));
    await(engine.apply(start(task)));

    var first = next().at();
    var second = next().at();
    await(engine.apply(new TaskDiff(List.of(task), List.of())));
    await(engine.apply(new TaskDiff(List.of(), List.of())));
    seen.clear();

    assertThat(first).isBefore(second);
    assertThat(seen.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void aRunStillInFlightMakesTheNextBeatAnOverlapNotASecondRun() throws Exception {
    var runs = new AtomicInteger();
    Promise<Outcome> stuck = Promise.promise();
    var engine =
        engine(
            10,
            (target, timeout) -> {
              runs.incrementAndGet();
              return stuck.future();
            });
    await(engine.apply(start(task("a", ofMillis(30)))));

    var missed = next();

    assertThat(missed.outcome()).isEqualTo(new Outcome.NotRun(Reason.OVERLAP));
    assertThat(runs).hasValue(1);
    assertThat(pulse.missed(Reason.OVERLAP)).isPositive();
  }

  @Test
  void noMoreRunsAreInFlightThanAllowedAndTheRestIsCounted() throws Exception {
    var engine = engine(1, (target, timeout) -> Promise.<Outcome>promise().future());
    await(engine.apply(start(task("a", ofMillis(30)), task("b", ofMillis(30)))));

    var reasons = List.of(next(), next(), next());

    assertThat(reasons)
        .anySatisfy(o -> assertThat(o.outcome()).isEqualTo(new Outcome.NotRun(Reason.CAPACITY)));
    assertThat(engine.inFlight()).isEqualTo(1);
  }

  @Test
  void aSampleTakenWhileTheLoopStoodStillIsNotTrusted() throws Exception {
    var engine =
        engine(
            10,
            (target, timeout) -> {
              Promise<Outcome> promise = Promise.promise();
              network.loop().schedule(() -> block(300), 5, TimeUnit.MILLISECONDS);
              network.loop().schedule(() -> promise.complete(OK), 50, TimeUnit.MILLISECONDS);
              return promise.future();
            });
    await(engine.apply(start(task("a", ofSeconds(1)))));

    assertThat(next().outcome()).isEqualTo(new Outcome.NotRun(Reason.STALL));
    assertThat(pulse.missed(Reason.STALL)).isPositive();
    assertThat(pulse.longestStall).hasValueGreaterThan(ofMillis(200).toNanos());
  }

  @Test
  void aTimeoutOfALoopThatWasTooBusyToListenIsNotTrusted() throws Exception {
    var late = new Outcome.Failure(Phase.PROCESSING, Cause.TIMEOUT, "no answer");
    var engine = engine(10, (target, timeout) -> busy(50, 10, late));
    await(engine.apply(start(task("a", ofSeconds(2)))));

    assertThat(next().outcome()).isEqualTo(new Outcome.NotRun(Reason.STALL));
  }

  @Test
  void aLoopThatIsBusyNowAndThenIsTrusted() throws Exception {
    var engine = engine(10, (target, timeout) -> busy(15, 3, OK));
    await(engine.apply(start(task("a", ofMillis(200)))));

    var outcome = next().outcome();
    for (var run = 1; run < 50 && !outcome.equals(OK); run++) {
      outcome = next().outcome();
    }
    assertThat(outcome).isEqualTo(OK);
  }

  @Test
  void aProbeThatThrowsIsTheProbersTroubleAndTheScheduleGoesOn() throws Exception {
    var engine =
        engine(
            10,
            (target, timeout) -> {
              throw new IllegalStateException("planted");
            });
    await(engine.apply(start(task("a", ofMillis(40)))));

    for (var i = 0; i < 2; i++) {
      assertThat(next().outcome()).isEqualTo(new Outcome.NotRun(Reason.PROBER));
    }
  }

  @Test
  void aNegativeTaskSucceedsWhenThePathIsBlocked() throws Exception {
    var refused = new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "refused");
    var engine = engine(10, (target, timeout) -> Future.succeededFuture(refused));
    await(engine.apply(start(task("a", ofMillis(40), true))));

    assertThat(next().outcome().succeeded()).isTrue();
  }

  @Test
  void drainWaitsForRunsInFlightAndStartsNoMore() throws Exception {
    Promise<Outcome> slow = Promise.promise();
    var runs = new AtomicInteger();
    var engine =
        engine(
            10,
            (target, timeout) -> {
              runs.incrementAndGet();
              return slow.future();
            });
    await(engine.apply(start(task("a", ofMillis(20)))));
    next();

    var drained = engine.drain();
    assertThat(drained.isComplete()).isFalse();
    network.loop().execute(() -> slow.complete(OK));
    await(drained);

    assertThat(runs).hasValue(1);
    assertThat(engine.inFlight()).isZero();
  }

  /** Turns are counted and not milliseconds: how long one takes is for the machine to say. */
  @Test
  void tenThousandTasksComeAndGoWhileTheLoopTurnsToOthersInBetween() throws Exception {
    var engine = engine(20_000, (target, timeout) -> Future.succeededFuture(OK));
    var steady = task("steady", ofMillis(100));
    await(engine.apply(start(steady)));
    next();
    var many = IntStream.range(0, 10_000).mapToObj(i -> task("m" + i, ofHours(1))).toList();

    assertThat(turnsDuring(engine.apply(new TaskDiff(List.of(), many)))).isGreaterThan(40);
    assertThat(turnsDuring(engine.apply(new TaskDiff(many, List.of())))).isGreaterThan(40);

    assertThat(pulse.missed(Reason.OVERLAP)).isZero();
    assertThat(next().task()).isEqualTo(steady);
  }

  @Test
  void aProbeIsClosedWithTheLastTaskThatUsesIt() throws Exception {
    var closed = new AtomicInteger();
    var engine =
        engine(
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
    await(engine.apply(start(a, b)));

    await(engine.apply(new TaskDiff(List.of(a), List.of())));
    assertThat(closed).hasValue(0);
    await(engine.apply(new TaskDiff(List.of(b), List.of())));
    assertThat(closed).hasValue(1);
  }

  @Test
  void aRunOnDemandIsNotAmongTheObservations() throws Exception {
    var engine = engine(10, (target, timeout) -> Future.succeededFuture(OK));

    assertThat(await(engine.once(task("a", ofSeconds(10)))).outcome()).isEqualTo(OK);
    assertThat(seen).isEmpty();
  }

  @Test
  void drainWaitsForARunOnDemandAndNoLonger() throws Exception {
    Promise<Outcome> slow = Promise.promise();
    var engine = engine(10, (target, timeout) -> slow.future());
    var once = engine.once(task("a", ofSeconds(10)));
    var drained = engine.drain();
    assertThat(drained.isComplete()).isFalse();

    network.loop().execute(() -> slow.complete(OK));

    await(drained);
    assertThat(await(once).outcome()).isEqualTo(OK);
  }

  private Scheduler engine(int mostInFlight, Probe probe) {
    return new Scheduler(
        network,
        task -> network,
        Clock.systemUTC(),
        Map.of("planted", new PlantedKind(probe)),
        mostInFlight,
        ofMillis(100),
        seen::add,
        pulse);
  }

  /** How often the loop turned to something else before this was done. */
  private int turnsDuring(Future<Void> work) throws Exception {
    var turns = new AtomicInteger();
    network.loop().execute(() -> turn(work, turns));
    await(work);
    return turns.get();
  }

  private void turn(Future<Void> work, AtomicInteger turns) {
    if (!work.isComplete()) {
      turns.incrementAndGet();
      network.loop().execute(() -> turn(work, turns));
    }
  }

  private Observation next() throws InterruptedException {
    var observation = seen.poll(20, TimeUnit.SECONDS);
    assertThat(observation).as("an observation").isNotNull();
    return observation;
  }

  private static void block(long millis) {
    var until = System.nanoTime() + ofMillis(millis).toNanos();
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
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
        new SeriesKey.OwnProbe(name, "planted", "t"),
        "planted",
        new NoSettings(),
        Target.of("t", "127.0.0.1", 1),
        every,
        every.dividedBy(2),
        negative);
  }

  /** Ends as told when the loop has worked {@code times} times, each less than a stall. */
  private Future<Outcome> busy(long millis, int times, Outcome end) {
    Promise<Outcome> promise = Promise.promise();
    work(millis, times, () -> promise.complete(end));
    return promise.future();
  }

  private void work(long millis, int times, Runnable then) {
    if (times == 0) {
      then.run();
      return;
    }
    network
        .loop()
        .schedule(
            () -> {
              block(millis);
              work(millis, times - 1, then);
            },
            1,
            TimeUnit.MILLISECONDS);
  }

  private record NoSettings() {}

  private static final class Counted implements SchedulerListener {
    private final ConcurrentLinkedQueue<Reason> misses = new ConcurrentLinkedQueue<>();
    private final AtomicLong longestStall = new AtomicLong();

    @Override
    public void lag(long nanos) {}

    @Override
    public void missed(Reason reason, long beats) {
      misses.add(reason);
    }

    @Override
    public void stall(long nanos) {
      longestStall.accumulateAndGet(nanos, Math::max);
    }

    private long missed(Reason reason) {
      return misses.stream().filter(reason::equals).count();
    }
  }

  private record PlantedKind(Probe probe) implements ProbeKind<NoSettings> {
    @Override
    public String name() {
      return "planted";
    }

    @Override
    public String summary() {
      return "Answers what the test says.";
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
