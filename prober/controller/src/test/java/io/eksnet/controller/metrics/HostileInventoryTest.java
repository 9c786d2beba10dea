package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.MINUTE;
import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.lacking;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.InventoryCatalogue;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostileInventoryTest {
  @Test
  void nothingIsKnownOfNothing() {
    assertThat(InventoryGauges.of(Inventory.EMPTY, NOON)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = Unavailable.Reason.class, names = "ABSENT", mode = EnumSource.Mode.EXCLUDE)
  void ofWhatWasNeverReadOnlyTheIntervalIsShown(Unavailable.Reason why) {
    var inventory = Inventory.EMPTY;
    for (var part : Resources.all()) {
      if (!part.equals(Resources.CALLER_IDENTITY)) {
        inventory = unknown(inventory, part, why);
      }
    }

    assertThat(InventoryGauges.of(inventory, NOON))
        .filteredOn(sample -> !sample.metric().equals(InventoryCatalogue.DROPPED))
        .hasSize(Resources.all().size() - 1)
        .allSatisfy(
            sample -> assertThat(sample.metric().name()).isEqualTo("eksnet_poll_interval_seconds"));
  }

  @Test
  void ofResourcesThatAreNotThereNothingIsShown() {
    var inventory = Inventory.EMPTY;
    for (var part : Resources.all()) {
      inventory = unknown(inventory, part, Unavailable.Reason.ABSENT);
    }

    assertThat(InventoryGauges.of(inventory, NOON)).isEmpty();
  }

  @Test
  void aPartLeavesAloneWhenItIsThreeIntervalsOld() {
    var later = NOON.plusSeconds(180);
    var inventory =
        knowing(Resources.SUBNETS, List.of(subnet("subnet-a", 7)))
            .with(Resources.NODES, Snapshot.of(List.of(node("n1")), later, MINUTE));

    assertThat(series("subnet_available_ips", inventory, later.minusMillis(1))).hasSize(1);
    assertThat(series("subnet_available_ips", inventory, later)).isEmpty();
    assertThat(series("subnet_usable_ips", inventory, later)).isEmpty();
    assertThat(series("node_pod_slots", inventory, later)).hasSize(2);
  }

  @Test
  void aFailedReadKeepsTheLastValueUntilItIsOld() {
    var failed =
        Snapshot.of(List.of(subnet("subnet-a", 7)), NOON, MINUTE)
            .after(new Unavailable(Unavailable.Reason.THROTTLED, "RequestLimitExceeded"));
    var inventory = Inventory.EMPTY.with(Resources.SUBNETS, failed);

    assertThat(series("subnet_available_ips", inventory, NOON.plusSeconds(120))).hasSize(1);
    assertThat(series("subnet_available_ips", inventory, NOON.plusSeconds(180))).isEmpty();
  }

  @Test
  void whatVanishedHasNoSeries() {
    var before = knowing(Resources.SUBNETS, List.of(subnet("subnet-a", 7), subnet("subnet-b", 8)));
    var after = and(before, Resources.SUBNETS, List.of(subnet("subnet-b", 8)));

    assertThat(series("subnet_available_ips", after))
        .containsExactly("subnet_id=subnet-b az=eu-central-1a 8");
  }

  @Test
  void namesAreCutAndHoldOnlyWholeCharacters() {
    var code = "\u0000bell\u0007\r\n\ud800" + "🙂".repeat(400);
    var inventory =
        knowing(
            Resources.ADDONS,
            List.of(
                new Addon(
                    "cni",
                    Optional.empty(),
                    Optional.empty(),
                    List.of(new Issue(code, Optional.empty())))));

    assertThat(series("addon_health_issue", inventory))
        .containsExactly(
            "addon=cni code=\ufffdbell\ufffd\ufffd\ufffd\ufffd" + "🙂".repeat(247) + " 1");
  }

  @Test
  void namesThatAreTheSameAfterTheCutAreOne() {
    var name = "x".repeat(256);
    var inventory =
        knowing(
            Resources.INGRESSES,
            List.of(ingress(name + "1", List.of()), ingress(name + "2", List.of("10.0.0.1"))));

    assertThat(series("ingress_address_assigned", inventory))
        .containsExactly("namespace=shop ingress=" + name + " 1");
  }

  @Test
  void tenThousandIngressesAreBoundedAndTheRestIsCounted() {
    var inventory =
        and(
            knowing(
                Resources.INGRESSES,
                IntStream.range(0, 10_000)
                    .mapToObj(i -> ingress("web-%05d".formatted(9_999 - i), List.of()))
                    .toList()),
            Resources.SUBNETS,
            List.of(subnet("subnet-a", 7)));

    assertThat(series("ingress_reconcile_failing", inventory))
        .hasSize(30_000)
        .startsWith("namespace=shop ingress=web-00000 cause=annotation 0");
    assertThat(series("subnet_available_ips", inventory)).hasSize(1);
    assertThat(series("inventory_series_dropped", inventory))
        .contains(
            "metric=eksnet_ingress_reconcile_failing 140000",
            "metric=eksnet_ingress_address_assigned 0");
  }

  @Test
  void inAllThereAreNotMoreThanTheLimit() {
    var inventory =
        knowing(
            Resources.INGRESSES,
            IntStream.range(0, 100).mapToObj(i -> ingress("web-" + i, List.of())).toList());

    var samples = InventoryGauges.of(inventory, NOON, 150);

    var dropped =
        samples.stream().filter(s -> s.metric().equals(InventoryCatalogue.DROPPED)).toList();
    assertThat(samples).hasSize(150 + dropped.size());
    assertThat(dropped.stream().mapToDouble(SeriesSample::value).sum())
        .isEqualTo(2 + 1 + 1900 - 150);
  }

  @Test
  void theLargestClusterIsShownWhole() {
    var nodes = IntStream.range(0, 5_000).mapToObj(i -> node("node-" + i)).toList();
    var inventory = and(knowing(Resources.NODES, nodes), Resources.SANDBOX_FAILURES, List.of());

    assertThat(series("pod_sandbox_failures_total", inventory)).hasSize(30_000);
    assertThat(series("node_pod_slots", inventory)).hasSize(10_000);
    assertThat(series("inventory_series_dropped", inventory))
        .allSatisfy(line -> assertThat(line).endsWith(" 0"));
  }

  private static <T> Inventory unknown(
      Inventory inventory, Resource<T> part, Unavailable.Reason why) {
    return inventory.with(part, lacking(why));
  }

  private static Subnet subnet(String id, int available) {
    return new Subnet(id, "eu-central-1a", "10.0.0.0/24", available, Set.of(), Map.of(), List.of());
  }

  private static KubeNode node(String name) {
    return new KubeNode(
        name, "eu-central-1a", "i-1", List.of(), ComputeType.EC2, true, 27, 3, List.of(), NOON);
  }

  private static KubeIngress ingress(String name, List<String> addresses) {
    return new KubeIngress(
        "shop",
        name,
        "alb",
        "",
        Scheme.INTERNAL,
        List.of(),
        false,
        addresses,
        Map.of(),
        Optional.of(new Reconcile(false, ReconcileCause.OTHER, "", "", 1)),
        NOON);
  }
}
