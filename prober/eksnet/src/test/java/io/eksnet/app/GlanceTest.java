package io.eksnet.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Lack;
import io.eksnet.core.inventory.Lack.Why;
import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.FactFailure;
import io.eksnet.fact.api.FactSource;
import io.eksnet.fact.api.Permission;
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
class GlanceTest {
  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    Ground.await(VERTX.close());
  }

  @Test
  void kubernetesComesFirstAndASourceThatIsNotReadyIsAskedAgain() {
    var asked = new AtomicInteger();
    var nodes =
        source(
            Parts.NODES,
            known ->
                asked.incrementAndGet() < 3
                    ? fails(Why.NOT_YET)
                    : Future.succeededFuture(List.of()));
    var subnets =
        source(
            Parts.SUBNETS,
            known ->
                known.get(Parts.NODES).isPresent() && known.get(Parts.LOAD_BALANCERS).isPresent()
                    ? Future.succeededFuture(List.of())
                    : fails(Why.ERROR));
    var balancers = source(Parts.LOAD_BALANCERS, known -> Future.succeededFuture(List.of()));

    var inventory = look(LONG, subnets, balancers, nodes);

    assertThat(inventory.get(Parts.NODES)).isPresent();
    assertThat(inventory.get(Parts.SUBNETS)).isPresent();
    assertThat(asked).hasValue(3);
  }

  @Test
  void oneThatHangsLacksAnAnswerAndTheOthersAreThere() {
    var hangs =
        source(
            Parts.ADDONS,
            known -> Promise.<List<io.eksnet.core.inventory.Addon>>promise().future());
    var kube =
        source(
            Parts.NODES,
            known -> Promise.<List<io.eksnet.core.inventory.KubeNode>>promise().future());
    var denied = source(Parts.CLUSTER, known -> fails(Why.DENIED));
    var subnets = source(Parts.SUBNETS, known -> Future.succeededFuture(List.of()));
    var throwing =
        source(
            Parts.VPC_ENDPOINTS,
            known -> {
              throw new IllegalStateException("a mistake");
            });

    var inventory = look(Duration.ofSeconds(1), hangs, kube, denied, subnets, throwing);

    assertThat(why(inventory, Parts.ADDONS)).isEqualTo(Why.TIMEOUT);
    assertThat(why(inventory, Parts.NODES)).isEqualTo(Why.TIMEOUT);
    assertThat(why(inventory, Parts.CLUSTER)).isEqualTo(Why.DENIED);
    assertThat(why(inventory, Parts.VPC_ENDPOINTS)).isEqualTo(Why.ERROR);
  }

  @Test
  void whatWaitsForWhatNeverComesIsGivenUp() {
    var waits = source(Parts.INGRESS_HOSTS, known -> fails(Why.NOT_YET));
    var denied = source(Parts.INGRESSES, known -> fails(Why.DENIED));

    var inventory = look(LONG, waits, denied);

    assertThat(why(inventory, Parts.INGRESS_HOSTS)).isEqualTo(Why.NOT_YET);
  }

  @Test
  void withoutSourcesNothingIsKnown() {
    assertThat(look(LONG)).isEqualTo(Inventory.EMPTY);
  }

  private static Inventory look(Duration within, FactSource<?>... sources) {
    return Ground.await(new Glance(VERTX, Clock.systemUTC(), List.of(sources), within).look());
  }

  private static Why why(Inventory inventory, Part<?> part) {
    return inventory.known(part).lack().map(Lack::why).orElseThrow();
  }

  private static <F> Future<F> fails(Why why) {
    return Future.failedFuture(new FactFailure(why, "a reason"));
  }

  private static <F> FactSource<F> source(Part<F> part, Function<Inventory, Future<F>> read) {
    return new FactSource<>() {
      @Override
      public Part<F> part() {
        return part;
      }

      @Override
      public Duration every() {
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
