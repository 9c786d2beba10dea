package io.eksnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.schedule.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PollerTest {
  private static final Resource<List<String>> SHOPS = new Resource<>("shops", "ec2", "shops");
  private static final Resource<List<String>> GOODS =
      new Resource<>("goods", "eks", "goods of the shops");
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final VirtualTime time = new VirtualTime();
  private final List<Unavailable> failures = new ArrayList<>();
  private boolean leads = true;

  @Test
  void readsASourceAtItsInterval() {
    var reads = new AtomicInteger();
    var poller = poller(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));

    poller.start();
    time.advance(SOON);
    assertThat(reads).hasValue(1);
    time.advance(INTERVAL.multipliedBy(3));

    assertThat(reads).hasValue(4);
    assertThat(poller.inventory().snapshot(SHOPS).fresh()).isTrue();
    assertThat(poller.inventory().snapshot(SHOPS).interval()).isEqualTo(INTERVAL);
    assertThat(poller.inventory().list(SHOPS)).containsExactly("shop4");
  }

  @Test
  void keepsTheLastValueAfterAFailureWithItsReason() {
    var reads = new AtomicInteger();
    var poller =
        poller(
            source(
                SHOPS,
                known ->
                    reads.incrementAndGet() == 1
                        ? done("shop")
                        : Future.failedFuture(
                            new SourceException(Unavailable.Reason.DENIED, "no right"))));

    poller.start();
    time.advance(SOON.plus(INTERVAL));

    assertThat(failures).isNotEmpty();
    var known = poller.inventory().snapshot(SHOPS);
    assertThat(known.value()).contains(List.of("shop"));
    assertThat(known.unavailable())
        .contains(new Unavailable(Unavailable.Reason.DENIED, "no right"));
    assertThat(poller.inventory().ifFresh(known.at().plus(INTERVAL.multipliedBy(3))).get(SHOPS))
        .isEmpty();
  }

  /** Such as a watch that turns out to have been dead for a while. */
  @Test
  void aValueIsAsOldAsItsSourceSaysAfterAFailure() {
    var goodUntil = time.instant().minus(INTERVAL.multipliedBy(3));
    var reads = new AtomicInteger();
    var dead = new Unavailable(Unavailable.Reason.ERROR, "the watch received nothing");
    var poller =
        poller(
            source(
                SHOPS,
                known ->
                    reads.incrementAndGet() == 1
                        ? done("shop")
                        : Future.failedFuture(new SourceException(dead, Optional.of(goodUntil)))));

    poller.start();
    time.advance(SOON.plus(INTERVAL));

    var known = poller.inventory().snapshot(SHOPS);
    assertThat(known.at()).isEqualTo(goodUntil);
    assertThat(known.unavailable()).contains(dead);
    assertThat(poller.inventory().ifFresh(time.instant()).get(SHOPS)).isEmpty();
  }

  @Test
  void aResourceThatWasNeverReadIsUnknownAndNotEmpty() {
    var poller =
        poller(
            source(
                SHOPS,
                known -> {
                  throw new IllegalStateException("a source that is broken");
                }));

    poller.start();
    time.advance(SOON);

    assertThat(poller.inventory().get(SHOPS)).isEmpty();
    assertThat(failures.get(0).reason()).isEqualTo(Unavailable.Reason.ERROR);
    assertThat(failures.get(0).detail()).contains("a source that is broken");
  }

  @Test
  void givesASourceTheInventory() {
    var poller =
        poller(
            source(SHOPS, known -> done("a shop")),
            source(GOODS, known -> done("the goods of " + known.list(SHOPS))));

    poller.start();
    time.advance(SOON);

    assertThat(poller.inventory().list(GOODS)).containsExactly("the goods of [a shop]");
  }

  @Test
  void aReadThatHangsIsNotStartedTwiceAndDelaysNoOther() {
    var hanging = new AtomicInteger();
    var others = new AtomicInteger();
    var poller =
        poller(
            source(
                SHOPS,
                known -> {
                  hanging.incrementAndGet();
                  return Promise.<List<String>>promise().future();
                }),
            source(GOODS, known -> done("good" + others.incrementAndGet())));

    poller.start();
    time.advance(SOON.plus(INTERVAL.multipliedBy(10)));

    assertThat(others).hasValue(11);
    assertThat(hanging).hasValue(1);
    assertThat(poller.inventory().get(SHOPS)).isEmpty();
  }

  @Test
  void readsNothingUntilThisProcessLeads() {
    leads = false;
    var reads = new AtomicInteger();
    var poller = poller(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));
    poller.start();
    time.advance(INTERVAL.multipliedBy(12));
    assertThat(reads).hasValue(0);

    leads = true;
    time.advance(INTERVAL);

    assertThat(reads).hasValue(1);
  }

  @Test
  void discardsAValueThatArrivesAfterTheLeadershipEnded() {
    Promise<List<String>> slow = Promise.promise();
    var started = new AtomicBoolean();
    var poller =
        poller(
            source(
                SHOPS,
                known -> {
                  started.set(true);
                  return slow.future();
                }));
    poller.start();
    time.advance(SOON);
    assertThat(started).isTrue();

    leads = false;
    slow.complete(List.of("late"));
    time.await(poller.stop());

    assertThat(poller.inventory()).isEqualTo(Inventory.EMPTY);
  }

  @Test
  void readsNothingWhileStoppedAndContinuesAfterAStart() {
    var reads = new AtomicInteger();
    var poller = poller(source(SHOPS, known -> done("shop" + reads.incrementAndGet())));
    poller.start();
    time.advance(SOON);
    time.await(poller.stop());
    time.advance(INTERVAL.multipliedBy(8));
    assertThat(reads).hasValue(1);

    poller.start();
    time.advance(SOON);

    assertThat(reads).hasValue(2);
  }

  @Test
  void aSourceThatDoesNotRespondTimesOutAfterThreeIntervals() {
    var poller = poller(source(SHOPS, known -> Promise.<List<String>>promise().future()));

    poller.start();
    time.advance(INTERVAL.multipliedBy(3));
    assertThat(failures).isEmpty();
    time.advance(SOON);

    assertThat(failures)
        .containsExactly(new Unavailable(Unavailable.Reason.TIMEOUT, "no response within 90 s"));
    assertThat(poller.inventory().get(SHOPS)).isEmpty();
  }

  @Test
  void retryDelaysDoubleUpToTheInterval() {
    assertThat(Poller.retryDelay(1)).isEqualTo(Duration.ofSeconds(10));
    assertThat(Poller.retryDelay(2)).isEqualTo(Duration.ofSeconds(20));
    assertThat(Poller.retryDelay(5)).isEqualTo(Duration.ofSeconds(160));
    assertThat(Poller.retryDelay(1_000)).isEqualTo(Poller.retryDelay(21));
  }

  @Test
  void retriesAFailedReadBeforeItsInterval() {
    var reads = new AtomicInteger();
    var poller =
        poller(
            source -> HOUR,
            source(
                SHOPS,
                known ->
                    reads.incrementAndGet() < 3
                        ? Future.failedFuture(
                            new SourceException(Unavailable.Reason.THROTTLED, "too often"))
                        : done("shop")));

    poller.start();
    time.advance(SOON.plusSeconds(10 + 20));

    assertThat(reads).hasValue(3);
    assertThat(poller.inventory().list(SHOPS)).containsExactly("shop");
  }

  @Test
  void readsASourceThatNeededAnotherResourceAsSoonAsThatIsKnown() {
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
    var poller = poller(source -> source == goods ? HOUR : source.minInterval(), shops, goods);

    poller.start();
    time.advance(SOON.plus(Poller.retryDelay(1)));

    assertThat(shopsFailed).isTrue();
    assertThat(poller.inventory().get(GOODS)).isPresent();
  }

  /** Its age is unknown, and its own tick may be an hour away. */
  @Test
  void readsAtOnceWhatIsStaleBecauseTheClockWasSet() {
    var shops = source(SHOPS, known -> done("a shop"));
    var goods = source(GOODS, known -> done("goods"));
    var poller = poller(source -> source == goods ? HOUR : source.minInterval(), shops, goods);
    poller.start();
    time.advance(SOON);
    assertThat(poller.inventory().get(GOODS)).isPresent();

    time.setClock(Duration.ofDays(-1));
    assertThat(poller.inventory().ifFresh(time.instant()).get(GOODS)).isEmpty();
    time.advance(INTERVAL.plus(SOON));

    assertThat(poller.inventory().ifFresh(time.instant()).get(GOODS)).isPresent();
  }

  /** The read of an earlier leadership is in flight when the next one starts. */
  @Test
  void readsAgainWhenAReadOfAnEarlierLeadershipEnds() {
    var first = Promise.<List<String>>promise();
    var reads = new AtomicInteger();
    var shops =
        source(SHOPS, known -> reads.incrementAndGet() == 1 ? first.future() : done("a shop"));
    var poller = poller(source -> HOUR, shops);
    poller.start();
    time.advance(SOON);
    time.await(poller.stop());
    poller.start();
    time.advance(SOON);
    assertThat(reads).hasValue(1);

    first.complete(List.of("of another time"));
    time.advance(SOON);

    assertThat(poller.inventory().list(SHOPS)).containsExactly("a shop");
  }

  @Test
  void aReadThatTurnsOutToBeLongHasTheTimeItNeeds() {
    var started = new AtomicBoolean();
    var shops =
        source(
            SHOPS,
            known -> {
              started.set(true);
              var response = Promise.<List<String>>promise();
              time.schedule(Duration.ofMinutes(5), () -> response.complete(List.of("a shop")));
              return response.future();
            });
    var poller = poller(source -> started.get() ? HOUR : source.minInterval(), shops);

    poller.start();
    time.advance(Duration.ofMinutes(6));

    assertThat(failures).isEmpty();
    assertThat(poller.inventory().list(SHOPS)).containsExactly("a shop");
  }

  private static Future<List<String>> timeout(AtomicBoolean failed, String detail) {
    failed.set(true);
    return Future.failedFuture(new SourceException(Unavailable.Reason.TIMEOUT, detail));
  }

  private Poller poller(InventorySource<?>... sources) {
    return poller(InventorySource::minInterval, sources);
  }

  private Poller poller(
      Function<InventorySource<?>, Duration> interval, InventorySource<?>... sources) {
    return new Poller(
        time,
        time,
        "demo",
        List.of(sources),
        () -> leads,
        interval,
        Poller.MIN_TIMEOUT,
        (resource, inventory) ->
            inventory.snapshot(resource).unavailable().ifPresent(failures::add));
  }

  private static Future<List<String>> done(String value) {
    return Future.succeededFuture(List.of(value));
  }

  private static <F> InventorySource<F> source(
      Resource<F> resource, Function<Inventory, Future<F>> read) {
    return new InventorySource<>() {
      @Override
      public Resource<F> resource() {
        return resource;
      }

      @Override
      public Duration minInterval() {
        return INTERVAL;
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
}
