package io.eksnet.controller.metrics;

import static io.eksnet.metrics.MetricsFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.web.AgentObservation;
import io.eksnet.metrics.Metrics;
import io.eksnet.metrics.MetricsFixture;
import io.eksnet.metrics.Page;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LbAddressMetersTest {
  private static final LbKey SHOP = new LbKey("shop", "80");
  private static final Duration LONG = Duration.ofMinutes(16);

  private final Metrics metrics = MetricsFixture.metrics();
  private final LbAddressMeters meters =
      ControllerMetrics.register(metrics.instruments()).lbAddresses();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void countsEachAddressUnderItsZone() {
    zones(NOON, new LbAddress("a", "10.0.0.1"), new LbAddress("b", "10.0.0.2"));

    observe("n1", NOON, Map.of("10.0.0.1", "success", "10.0.0.2", "timeout"));
    observe("n2", NOON, Map.of("10.0.0.1", "success", "10.0.0.2", "timeout"));

    assertThat(series())
        .containsExactlyInAnyOrder(
            "address_index=\"0\",az=\"a\",lb=\"shop\",outcome=\"success\" 2.0",
            "address_index=\"1\",az=\"b\",lb=\"shop\",outcome=\"success\" 0.0",
            "address_index=\"1\",az=\"b\",lb=\"shop\",outcome=\"timeout\" 2.0");
  }

  @Test
  void ignoresOtherObservationsAndSingleAddresses() {
    observe("n1", NOON, Map.of());
    observe(new StsKey(), "n1", NOON, Map.of("10.0.0.1", "success"));

    assertThat(series()).isEmpty();
  }

  @Test
  void keepsTheIndexWhileOtherAddressesComeAndGo() {
    observe("n1", NOON, Map.of("10.0.0.1", "success", "10.0.0.2", "success"));
    var later = NOON.plus(LONG);
    observe("n1", later, Map.of("10.0.0.2", "success"));
    zones(later);
    observe("n1", later, Map.of("10.0.0.2", "success", "10.0.0.0", "refused"));

    assertThat(series())
        .as("10.0.0.0 takes the index that 10.0.0.1 had")
        .containsExactlyInAnyOrder(
            "address_index=\"0\",az=\"\",lb=\"shop\",outcome=\"success\" 0.0",
            "address_index=\"0\",az=\"\",lb=\"shop\",outcome=\"refused\" 1.0",
            "address_index=\"1\",az=\"\",lb=\"shop\",outcome=\"success\" 3.0");
  }

  @Test
  void boundsTheAddressesOfALoadBalancer() {
    observe(
        "n1",
        NOON,
        IntStream.range(0, 100)
            .boxed()
            .collect(Collectors.toMap(i -> "10.0.0." + i, i -> "success")));

    assertThat(series()).hasSize(16);
  }

  @Test
  void removesSeriesOfGoneLoadBalancersAndOfAFormerLeader() {
    observe("n1", NOON, Map.of("10.0.0.1", "success"));
    zones(NOON.plus(LONG));
    assertThat(series()).isEmpty();

    observe("n1", NOON, Map.of("10.0.0.1", "success"));
    meters.forget();
    assertThat(series()).isEmpty();
  }

  private void zones(Instant now, LbAddress... addresses) {
    var known = Snapshot.of(List.of(addresses), now, Duration.ofMinutes(1));
    meters.update(Inventory.EMPTY.with(Resources.LB_ADDRESSES, known), now);
  }

  private void observe(String node, Instant at, Map<String, String> addresses) {
    observe(SHOP, node, at, addresses);
  }

  private void observe(SeriesKey key, String node, Instant at, Map<String, String> addresses) {
    var result = new Result(at, "success", Phase.PROCESSING, 200, false, false, 1, addresses);
    meters.onObservation(
        new AgentObservation(
            node,
            "id",
            "lb",
            "http",
            "shop:80",
            at,
            "success",
            true,
            "",
            "",
            "",
            Optional.of(key),
            Optional.of(result)));
  }

  private List<String> series() {
    return Page.of(metrics)
        .text()
        .lines()
        .filter(line -> line.startsWith("eksnet_lb_address_probe_total{"))
        .map(
            line ->
                line.substring(line.indexOf('{') + 1)
                    .replace("}", "")
                    .replace("cluster=\"demo\",", ""))
        .toList();
  }
}
