package io.eksnet.model.inventory;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final Unavailable DENIED =
      new Unavailable(Unavailable.Reason.DENIED, "ec2:DescribeSubnets");

  @Test
  void theLastValueStaysWhenAReadingFails() {
    var known = Snapshot.of(List.of("a"), NOW, ofSeconds(60)).after(DENIED);

    assertThat(known.ifFresh(NOW.plusSeconds(179)).value()).contains(List.of("a"));
    assertThat(known.unavailable()).contains(DENIED);
    assertThat(known.fresh()).isFalse();
  }

  @Test
  void aValueLeavesWhenItIsThreeIntervalsOldAndTheReasonStays() {
    var old =
        Snapshot.of(List.of("a"), NOW, ofSeconds(60)).after(DENIED).ifFresh(NOW.plusSeconds(180));

    assertThat(old.value()).isEmpty();
    assertThat(old.unavailable()).contains(DENIED);
  }

  @Test
  void removesValueThatIsNotRenewed() {
    var old = Snapshot.of(List.of("a"), NOW, ofSeconds(60)).ifFresh(NOW.plusSeconds(180));

    assertThat(old.value()).isEmpty();
    assertThat(old.unavailable()).map(Unavailable::reason).contains(Unavailable.Reason.ERROR);
  }

  @Test
  void aValueOfUnknownAgeLeavesWhenTheClockIsSetBack() {
    var known = Snapshot.of(List.of("a"), NOW, ofSeconds(60));

    assertThat(known.ifFresh(NOW.minusSeconds(179)).value()).isPresent();
    assertThat(known.ifFresh(NOW.minusSeconds(180)).value()).isEmpty();
  }

  @Test
  void aPartNeverReadIsUnknownAndNotEmpty() {
    assertThat(Inventory.EMPTY.get(Resources.SUBNETS)).isEqualTo(Optional.empty());
    assertThat(Inventory.EMPTY.snapshot(Resources.SUBNETS).unavailable())
        .contains(Unavailable.NOT_YET);
  }

  @Test
  void usableAddressesOfEverySize() {
    for (var length = 16; length <= 28; length++) {
      assertThat(Subnet.usable(length)).isEqualTo((int) Math.pow(2, 32 - length) - 5);
    }
    assertThat(Subnet.usable(24)).isEqualTo(251);
    assertThat(Subnet.usable(28)).isEqualTo(11);
  }
}
