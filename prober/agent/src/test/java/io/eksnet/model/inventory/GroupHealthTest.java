package io.eksnet.model.inventory;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** The age of a group starts with its own read, not with that of the whole resource. */
  @Test
  void healthIsFreshForThreeIntervalsOfTheSlowerRead() {
    var health =
        new GroupHealth(
            "arn:tg/shop", Snapshot.of(List.of(), NOW, ofSeconds(30)), Optional.empty());
    var often = with(Snapshot.of(List.of(health), NOW, ofSeconds(30)));
    var seldom = with(Snapshot.of(List.of(health), NOW, ofMinutes(5)));

    assertThat(health.targetsIfFresh(often, NOW.plusSeconds(89))).isPresent();
    assertThat(health.targetsIfFresh(often, NOW.plusSeconds(90))).isEmpty();
    assertThat(health.targetsIfFresh(seldom, NOW.plusSeconds(899))).isPresent();
    assertThat(health.targetsIfFresh(seldom, NOW.plusSeconds(900))).isEmpty();
  }

  private static Inventory with(Snapshot<List<GroupHealth>> all) {
    return Inventory.EMPTY.with(Resources.TARGET_HEALTH, all);
  }
}
