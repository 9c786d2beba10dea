package io.eksnet.core.inventory;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** A group tells how long one period of asking takes, the part how often there is one. */
  @Test
  void whatIsReadAsSeldomAsItIsSetIsBelievedForAsLong() {
    var health = new GroupHealth("arn:tg/shop", Known.of(List.of(), NOW, ofSeconds(30)));
    var often = with(Known.of(List.of(health), NOW, ofSeconds(30)));
    var seldom = with(Known.of(List.of(health), NOW, ofMinutes(5)));

    assertThat(health.believed(often, NOW.plusSeconds(89))).isPresent();
    assertThat(health.believed(often, NOW.plusSeconds(90))).isEmpty();
    assertThat(health.believed(seldom, NOW.plusSeconds(899))).isPresent();
    assertThat(health.believed(seldom, NOW.plusSeconds(900))).isEmpty();
  }

  private static Inventory with(Known<List<GroupHealth>> all) {
    return Inventory.EMPTY.with(Parts.TARGET_HEALTH, all);
  }
}
