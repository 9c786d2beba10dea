package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.ProberRuntime;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OneShotReadTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    ProberRuntime.await(VERTX.close());
  }

  @Test
  void kubernetesComesFirstAndASourceThatIsNotReadyIsAskedAgain() {
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

    var inventory = look(LONG, subnets, balancers, nodes);

    assertThat(inventory.get(Resources.NODES)).isPresent();
    assertThat(inventory.get(Resources.SUBNETS)).isPresent();
    assertThat(asked).hasValue(3);
  }

  @Test
  void oneThatHangsLacksAnAnswerAndTheOthersAreThere() {
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

    var inventory = look(Duration.ofSeconds(1), hangs, kube, denied, subnets, throwing);

    assertThat(why(inventory, Resources.ADDONS)).isEqualTo(Reason.TIMEOUT);
    assertThat(why(inventory, Resources.NODES)).isEqualTo(Reason.TIMEOUT);
    assertThat(why(inventory, Resources.CLUSTER)).isEqualTo(Reason.DENIED);
    assertThat(why(inventory, Resources.VPC_ENDPOINTS)).isEqualTo(Reason.ERROR);
  }

  @Test
  void whatWaitsForWhatNeverComesIsGivenUp() {
    var waits = source(Resources.INGRESS_HOSTS, known -> fails(Reason.NOT_YET));
    var denied = source(Resources.INGRESSES, known -> fails(Reason.DENIED));

    var inventory = look(LONG, waits, denied);

    assertThat(why(inventory, Resources.INGRESS_HOSTS)).isEqualTo(Reason.NOT_YET);
  }

  @Test
  void withoutSourcesNothingIsKnown() {
    assertThat(look(LONG)).isEqualTo(Inventory.EMPTY);
  }

  private static Inventory look(Duration within, InventorySource<?>... sources) {
    return ProberRuntime.await(
        new OneShotRead(VERTX, Clock.systemUTC(), List.of(sources), within).look());
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
