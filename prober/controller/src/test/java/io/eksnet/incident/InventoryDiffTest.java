package io.eksnet.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeDeployment;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InventoryDiffTest {
  private static final Instant START = Instant.parse("2026-11-29T02:58:10Z");
  private static final String AUTOSCALER = "kube-controller-manager";

  /** What an autoscaler does is part of normal operation. */
  @ParameterizedTest
  @CsvSource({
    "kubectl, kubectl, true",
    AUTOSCALER + ", kubectl, true",
    "kubectl, " + AUTOSCALER + ", false",
    AUTOSCALER + ", " + AUTOSCALER + ", false",
  })
  void scalingIsAChangeUnlessAnAutoscalerDidIt(String before, String after, boolean isChange) {
    var changes = InventoryDiff.between(scaled(0, 5, before), scaled(60, 0, after));

    assertThat(changes)
        .extracting(Change::text)
        .isEqualTo(
            isChange ? List.of("deployment/shop/web: replicas: 5 to 0 by " + after) : List.of());
  }

  private static Inventory scaled(int second, int replicas, String manager) {
    return Inventory.EMPTY.with(
        Resources.DEPLOYMENTS,
        Snapshot.of(
            List.of(new KubeDeployment("shop", "web", replicas, List.of(), "", manager)),
            START.plusSeconds(second),
            Duration.ofMinutes(1)));
  }
}
