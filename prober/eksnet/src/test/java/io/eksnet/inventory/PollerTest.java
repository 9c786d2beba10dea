package io.eksnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollerTest {
  private static final Resource<List<String>> SHOPS = new Resource<>("shops", "ec2", "shops");
  private static final Resource<List<String>> GOODS =
      new Resource<>("goods", "eks", "goods of the shops");
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean leads = new AtomicBoolean(true);
  private final Queue<Unavailable> lacks = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void whatASourceSaysIsKnownAndReadAgainOnItsBeat() throws Exception {
    var reads = new AtomicInteger();
    var polls = polls(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));

    polls.start();
    until("a third reading", () -> reads.get() >= 3);

    assertThat(polls.inventory().snapshot(SHOPS).fresh()).isTrue();
    assertThat(polls.inventory().snapshot(SHOPS).interval()).isEqualTo(EVERY);
    assertThat(polls.inventory().list(SHOPS).get(0)).startsWith("shop");
  }

  @Test
  void aFailureKeepsTheLastValueAndSaysWhatIsLacking() throws Exception {
    var reads = new AtomicInteger();
    var polls =
        polls(
            source(
                SHOPS,
                known ->
                    reads.incrementAndGet() == 1
                        ? done("shop")
                        : Future.failedFuture(
                            new SourceException(Unavailable.Reason.DENIED, "no right"))));

    polls.start();
    until("a failure", () -> !lacks.isEmpty());

    var known = polls.inventory().snapshot(SHOPS);
    assertThat(known.value()).contains(List.of("shop"));
    assertThat(known.unavailable())
        .contains(new Unavailable(Unavailable.Reason.DENIED, "no right"));
    assertThat(polls.inventory().ifFresh(known.at().plus(EVERY.multipliedBy(3))).get(SHOPS))
        .isEmpty();
  }

  @Test
  void whatWasNeverReadIsUnknownAndNeverEmpty() throws Exception {
    var polls =
        polls(
            source(
                SHOPS,
                known -> {
                  throw new IllegalStateException("a source that is broken");
                }));

    polls.start();
    until("a failure", () -> !lacks.isEmpty());

    assertThat(polls.inventory().get(SHOPS)).isEmpty();
    assertThat(lacks.element().reason()).isEqualTo(Unavailable.Reason.ERROR);
    assertThat(lacks.element().detail()).contains("a source that is broken");
  }

  @Test
  void aSourceThatJoinsIsGivenWhatIsKnown() throws Exception {
    var polls =
        polls(
            source(SHOPS, known -> done("a shop")),
            source(GOODS, known -> done("the goods of " + known.list(SHOPS))));

    polls.start();
    until("the goods", () -> polls.inventory().get(GOODS).isPresent());

    assertThat(polls.inventory().list(GOODS)).containsExactly("the goods of [a shop]");
  }

  @Test
  void aReadingThatHangsIsNeverStartedTwiceAndDoesNotHoldUpTheOthers() throws Exception {
    var hanging = new AtomicInteger();
    var others = new AtomicInteger();
    var polls =
        polls(
            source(
                SHOPS,
                known -> {
                  hanging.incrementAndGet();
                  return Promise.<List<String>>promise().future();
                }),
            source(GOODS, known -> done("good" + others.incrementAndGet())));

    polls.start();
    until("many readings of the other", () -> others.get() >= 10);

    assertThat(hanging).hasValue(1);
    assertThat(polls.inventory().get(SHOPS)).isEmpty();
  }

  @Test
  void whoDoesNotLeadReadsNothingAndStartsWhenItDoes() throws Exception {
    leads.set(false);
    var reads = new AtomicInteger();
    var beats = new AtomicInteger();
    var polls = polls(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));
    var leaders = polls.start();
    leaders.toCompletionStage().toCompletableFuture().get();
    vertx.setPeriodic(50, id -> beats.incrementAndGet());
    until("many beats", () -> beats.get() > 12);
    assertThat(reads).hasValue(0);

    leads.set(true);

    until("a reading", () -> reads.get() > 0);
  }

  @Test
  void anAnswerThatComesAfterTheLeadershipIsNotBelieved() throws Exception {
    Promise<List<String>> slow = Promise.promise();
    var asked = new AtomicBoolean();
    var polls =
        polls(
            source(
                SHOPS,
                known -> {
                  asked.set(true);
                  return slow.future();
                }));
    polls.start();
    until("the question", asked::get);

    leads.set(false);
    slow.complete(List.of("late"));
    polls.stop().toCompletionStage().toCompletableFuture().get();

    assertThat(polls.inventory()).isEqualTo(Inventory.EMPTY);
  }

  @Test
  void whatIsStoppedReadsNoMoreAndGoesOnWhenItIsStartedAgain() throws Exception {
    var reads = new AtomicInteger();
    var polls = polls(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));
    polls.start();
    until("a reading", () -> reads.get() >= 1);
    polls.stop().toCompletionStage().toCompletableFuture().get();
    var then = reads.get();
    var beats = new AtomicInteger();
    vertx.setPeriodic(50, id -> beats.incrementAndGet());
    until("many beats", () -> beats.get() > 8);
    assertThat(reads).hasValue(then);

    polls.start();

    until("more readings", () -> reads.get() > then);
  }

  @Test
  void aSourceThatNeverAnswersIsATimeout() throws Exception {
    var polls = polls(source(SHOPS, known -> Promise.<List<String>>promise().future()));

    polls.start();
    until("the timeout", () -> !lacks.isEmpty());

    assertThat(lacks.element())
        .isEqualTo(new Unavailable(Unavailable.Reason.TIMEOUT, "no answer within 1 s"));
    assertThat(polls.inventory().get(SHOPS)).isEmpty();
  }

  @Test
  void afterAFailureTheWaitDoublesUpToTheBeat() {
    assertThat(Poller.retry(1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(Poller.retry(2)).isEqualTo(Duration.ofSeconds(20));
    assertThat(Poller.retry(5)).isEqualTo(Duration.ofSeconds(160));
    assertThat(Poller.retry(1_000)).isEqualTo(Poller.retry(21));
  }

  @Test
  void whatFailedForWantOfAnotherPartIsReadAsSoonAsThatIsKnown() throws Exception {
    var shopsFailed = new AtomicBoolean();
    var goodsFailed = new AtomicBoolean();
    var shops =
        source(
            SHOPS,
            known ->
                goodsFailed.get()
                    ? done("a shop")
                    : timeout(shopsFailed, "DescribeShops was not answered"));
    var goods =
        source(
            GOODS,
            known ->
                known.get(SHOPS).isPresent()
                    ? done("goods")
                    : timeout(goodsFailed, "needs shops, which is not known"));
    var polls =
        polls(source -> source == goods ? Duration.ofHours(1) : source.minInterval(), shops, goods);

    var from = System.nanoTime();
    polls.start();
    until("the goods", () -> polls.inventory().get(GOODS).isPresent());

    assertThat(shopsFailed).isTrue();
    assertThat(System.nanoTime() - from).isLessThan(Poller.retry(1).toNanos());
  }

  /** Nobody knows how old it is, and its own beat may be an hour away. */
  @Test
  void whatIsNotBelievedSinceTheClockWasSetIsReadAtOnce() throws Exception {
    var clock = new MovedClock(Instant.parse("2026-11-21T12:00:00Z"));
    var shops = source(SHOPS, known -> done("a shop"));
    var goods = source(GOODS, known -> done("goods"));
    var polls =
        polls(
            clock,
            source -> source == goods ? Duration.ofHours(1) : source.minInterval(),
            shops,
            goods);
    polls.start();
    until("the goods", () -> polls.inventory().get(GOODS).isPresent());

    clock.forward(Duration.ofDays(-1));
    assertThat(polls.inventory().ifFresh(clock.instant()).get(GOODS)).isEmpty();

    until("the goods", () -> polls.inventory().ifFresh(clock.instant()).get(GOODS).isPresent());
  }

  /** The reading of an earlier leadership stands in the way of the first of the next. */
  @Test
  void whatWasStillBeingReadWhenTheLeadershipCameBackIsReadOnceThatEnds() throws Exception {
    var first = Promise.<List<String>>promise();
    var reads = new AtomicInteger();
    var shops =
        source(SHOPS, known -> reads.incrementAndGet() == 1 ? first.future() : done("a shop"));
    var polls = polls(source -> Duration.ofHours(1), shops);
    polls.start();
    until("the first reading", () -> reads.get() == 1);
    polls.stop().toCompletionStage().toCompletableFuture().get();
    polls.start();
    var beats = new AtomicInteger();
    vertx.setPeriodic(50, id -> beats.incrementAndGet());
    until("many beats", () -> beats.get() > 8);
    assertThat(reads).hasValue(1);

    first.complete(List.of("of another time"));

    until("the shops", () -> polls.inventory().list(SHOPS).equals(List.of("a shop")));
  }

  @Test
  void aReadingThatTurnsOutToBeLongIsGivenTheTimeItNeeds() throws Exception {
    var asked = new AtomicBoolean();
    var answer = Promise.<List<String>>promise();
    var shops =
        source(
            SHOPS,
            known -> {
              asked.set(true);
              vertx.setTimer(1_500, id -> answer.tryComplete(List.of("a shop")));
              return answer.future();
            });
    var polls = polls(source -> asked.get() ? Duration.ofSeconds(10) : source.minInterval(), shops);

    polls.start();
    until("an end", () -> polls.inventory().get(SHOPS).isPresent() || !lacks.isEmpty());

    assertThat(lacks).isEmpty();
    assertThat(polls.inventory().list(SHOPS)).containsExactly("a shop");
  }

  private static Future<List<String>> timeout(AtomicBoolean failed, String detail) {
    failed.set(true);
    return Future.failedFuture(new SourceException(Unavailable.Reason.TIMEOUT, detail));
  }

  private Poller polls(InventorySource<?>... sources) {
    return polls(InventorySource::minInterval, sources);
  }

  private Poller polls(
      Function<InventorySource<?>, Duration> every, InventorySource<?>... sources) {
    return polls(Clock.systemUTC(), every, sources);
  }

  private Poller polls(
      Clock clock, Function<InventorySource<?>, Duration> every, InventorySource<?>... sources) {
    return new Poller(
        vertx.getOrCreateContext(),
        clock,
        "demo",
        List.of(sources),
        leads::get,
        every,
        Duration.ofSeconds(1),
        this::heard);
  }

  private void heard(Resource<?> part, Inventory inventory) {
    inventory.snapshot(part).unavailable().ifPresent(lacks::add);
  }

  private static Future<List<String>> done(String value) {
    return Future.succeededFuture(List.of(value));
  }

  private static <F> InventorySource<F> source(
      Resource<F> part, Function<Inventory, Future<F>> read) {
    return new InventorySource<>() {
      @Override
      public Resource<F> resource() {
        return part;
      }

      @Override
      public Duration minInterval() {
        return EVERY;
      }

      @Override
      public List<Permission> permissions() {
        return List.of();
      }

      @Override
      public Future<F> read(Inventory known) {
        return read.apply(known);
      }
    };
  }

  private static void until(String what, BooleanSupplier good) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!good.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for " + what).isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
