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
      new Unavailable(Unavailable.Why.DENIED, "ec2:DescribeSubnets");

  @Test
  void theLastValueStaysWhenAReadingFails() {
    var known = Snapshot.of(List.of("a"), NOW, ofSeconds(60)).after(DENIED);

    assertThat(known.at(NOW.plusSeconds(179)).value()).contains(List.of("a"));
    assertThat(known.lack()).contains(DENIED);
    assertThat(known.fresh()).isFalse();
  }

  @Test
  void aValueLeavesWhenItIsThreeIntervalsOldAndTheReasonStays() {
    var old = Snapshot.of(List.of("a"), NOW, ofSeconds(60)).after(DENIED).at(NOW.plusSeconds(180));

    assertThat(old.value()).isEmpty();
    assertThat(old.lack()).contains(DENIED);
  }

  @Test
  void aValueThatNobodyRenewsLeavesToo() {
    var old = Snapshot.of(List.of("a"), NOW, ofSeconds(60)).at(NOW.plusSeconds(180));

    assertThat(old.value()).isEmpty();
    assertThat(old.lack()).map(Unavailable::why).contains(Unavailable.Why.ERROR);
  }

  @Test
  void aValueOfUnknownAgeLeavesWhenTheClockIsSetBack() {
    var known = Snapshot.of(List.of("a"), NOW, ofSeconds(60));

    assertThat(known.at(NOW.minusSeconds(179)).value()).isPresent();
    assertThat(known.at(NOW.minusSeconds(180)).value()).isEmpty();
  }

  @Test
  void aPartNeverReadIsUnknownAndNotEmpty() {
    assertThat(Inventory.EMPTY.get(Resources.SUBNETS)).isEqualTo(Optional.empty());
    assertThat(Inventory.EMPTY.known(Resources.SUBNETS).lack()).contains(Unavailable.NOT_YET);
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
