package io.eksnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.eksnet.schedule.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OneShotReadTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final Duration READ_DURATION = Duration.ofMillis(400);
  private final VirtualTime time = new VirtualTime();

  @Test
  void readsKubernetesFirstAndRetriesASourceThatIsNotReady() {
    var asked = new AtomicInteger();
    var nodes =
        source(
            Resources.NODES,
            known ->
                asked.incrementAndGet() < 3
                    ? fails(Reason.NOT_YET)
                    : Future.succeededFuture(List.of()));
    var subnets =
        source(
            Resources.SUBNETS,
            known ->
                known.get(Resources.NODES).isPresent()
                        && known.get(Resources.LOAD_BALANCERS).isPresent()
                    ? Future.succeededFuture(List.of())
                    : fails(Reason.ERROR));
    var balancers = source(Resources.LOAD_BALANCERS, known -> Future.succeededFuture(List.of()));

    var inventory = read(TIMEOUT, subnets, balancers, nodes);

    assertThat(inventory.get(Resources.NODES)).isPresent();
    assertThat(inventory.get(Resources.SUBNETS)).isPresent();
    assertThat(asked).hasValue(3);
  }

  @Test
  void aSourceThatDoesNotRespondTimesOutAndDelaysNoOther() {
    var hangs =
        source(
            Resources.ADDONS,
            known -> Promise.<List<io.eksnet.model.inventory.Addon>>promise().future());
    var kube =
        source(
            Resources.NODES,
            known -> Promise.<List<io.eksnet.model.inventory.KubeNode>>promise().future());
    var denied = source(Resources.CLUSTER, known -> fails(Reason.DENIED));
    var subnets = source(Resources.SUBNETS, known -> Future.succeededFuture(List.of()));
    var throwing =
        source(
            Resources.VPC_ENDPOINTS,
            known -> {
              throw new IllegalStateException("a mistake");
            });

    var inventory = read(Duration.ofSeconds(1), hangs, kube, denied, subnets, throwing);

    assertThat(why(inventory, Resources.ADDONS)).isEqualTo(Reason.TIMEOUT);
    assertThat(why(inventory, Resources.NODES)).isEqualTo(Reason.TIMEOUT);
    assertThat(why(inventory, Resources.CLUSTER)).isEqualTo(Reason.DENIED);
    assertThat(why(inventory, Resources.VPC_ENDPOINTS)).isEqualTo(Reason.ERROR);
  }

  @Test
  void givesUpASourceThatWaitsForAnUnavailableOne() {
    var waits = source(Resources.INGRESS_HOSTS, known -> fails(Reason.NOT_YET));
    var denied = source(Resources.INGRESSES, known -> fails(Reason.DENIED));

    var inventory = read(TIMEOUT, waits, denied);

    assertThat(why(inventory, Resources.INGRESS_HOSTS)).isEqualTo(Reason.NOT_YET);
  }

  @Test
  void readsASourceAsSoonAsTheOneItWaitsForHasBeenRead() {
    var start = time.instant();
    var balancers = slow(Resources.LOAD_BALANCERS, List.of());
    var groups = slow(Resources.TARGET_GROUPS, List.of(Resources.LOAD_BALANCERS));
    var health = slow(Resources.TARGET_HEALTH, List.of(Resources.TARGET_GROUPS));
    var paths = slow(Resources.SECURITY_PATHS, List.of(Resources.TARGET_HEALTH));

    var inventory = read(TIMEOUT, paths, health, groups, balancers);

    assertThat(inventory.snapshot(Resources.SECURITY_PATHS).at())
        .isEqualTo(start.plus(READ_DURATION.multipliedBy(4)));
  }

  @Test
  void isEmptyWithoutSources() {
    assertThat(read(TIMEOUT)).isEqualTo(Inventory.EMPTY);
  }

  private Inventory read(Duration timeout, InventorySource<?>... sources) {
    var read = new OneShotRead(time, time, List.of(sources), timeout).start();
    time.advance(timeout);
    return time.await(read);
  }

  /** A source that needs others, and responds after a while. */
  private <F> InventorySource<List<F>> slow(Resource<List<F>> part, List<Resource<?>> needed) {
    return source(
        part,
        known -> {
          if (!needed.stream().allMatch(one -> known.snapshot(one).value().isPresent())) {
            return fails(Reason.NOT_YET);
          }
          var promise = Promise.<List<F>>promise();
          time.schedule(READ_DURATION, () -> promise.complete(List.of()));
          return promise.future();
        });
  }

  private static Reason why(Inventory inventory, Resource<?> part) {
    return inventory.snapshot(part).unavailable().map(Unavailable::reason).orElseThrow();
  }

  private static <F> Future<F> fails(Reason why) {
    return Future.failedFuture(new SourceException(why, "a reason"));
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
        return Duration.ofSeconds(30);
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
