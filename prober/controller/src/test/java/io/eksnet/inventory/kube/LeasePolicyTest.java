package io.eksnet.inventory.kube;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.kube.LeasePolicy.ClockReading;
import io.eksnet.inventory.kube.LeasePolicy.LeaseContent;
import io.eksnet.inventory.kube.LeasePolicy.LeaseState;
import io.eksnet.inventory.kube.LeasePolicy.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeasePolicyTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final LeasePolicy MINE = LeasePolicy.of("me");
  private static final LeaseContent OTHERS = new LeaseContent("other", "1", ofSeconds(15), 3);

  @Test
  void createsAMissingLease() {
    assertThat(MINE.nextStep(LeaseState.unknown(second(0)), second(0))).isEqualTo(Step.CREATE);
  }

  @Test
  void acquiresAReleasedLeaseAtOnce() {
    var free =
        observed(LeaseState.unknown(second(0)), new LeaseContent("", "2", ofSeconds(15), 3), 1);

    assertThat(MINE.nextStep(free, second(1))).isEqualTo(Step.ACQUIRE);
  }

  @Test
  void takesOverAfterTheLeaseDurationAndNotBefore() {
    var standing = observed(LeaseState.unknown(second(0)), OTHERS, 1);
    for (var second = 3; second < 16; second += 2) {
      standing = observed(standing, OTHERS, second);
      assertThat(MINE.nextStep(standing, second(second))).isEqualTo(Step.WAIT);
    }

    assertThat(MINE.nextStep(standing, second(16))).isEqualTo(Step.ACQUIRE);
  }

  @Test
  void renewalRestartsTheWait() {
    var standing = observed(LeaseState.unknown(second(0)), OTHERS, 1);
    standing = observed(standing, new LeaseContent("other", "2", ofSeconds(15), 3), 12);

    assertThat(MINE.nextStep(standing, second(26))).isEqualTo(Step.WAIT);
    assertThat(MINE.nextStep(standing, second(27))).isEqualTo(Step.ACQUIRE);
  }

  @Test
  void respectsALongerLeaseDurationOfAnotherVersion() {
    var standing =
        observed(
            LeaseState.unknown(second(0)), new LeaseContent("other", "1", ofSeconds(60), 0), 0);

    assertThat(MINE.nextStep(standing, second(59))).isEqualTo(Step.WAIT);
    assertThat(MINE.nextStep(standing, second(60))).isEqualTo(Step.ACQUIRE);
  }

  @Test
  void stepsDownBeforeAnotherMayTakeOver() {
    var leader = MINE.onWritten(new LeaseContent("me", "5", ofSeconds(15), 0), second(0));
    var other = LeasePolicy.of("other");
    var follower =
        other.onRead(
            LeaseState.unknown(second(0)),
            Optional.of(new LeaseContent("me", "5", ofSeconds(15), 0)),
            second(0));

    assertThat(MINE.isLeader(leader, second(9))).isTrue();
    assertThat(MINE.isLeader(leader, second(10))).isFalse();
    assertThat(other.nextStep(follower, second(14))).isEqualTo(Step.WAIT);
    assertThat(other.nextStep(follower, second(15))).isEqualTo(Step.ACQUIRE);
  }

  @Test
  void renewalAnsweredAfterALongPauseGivesNoLeadership() {
    var sentBeforeThePause = second(0);

    var standing =
        MINE.onWritten(new LeaseContent("me", "5", ofSeconds(15), 0), sentBeforeThePause);

    assertThat(MINE.isLeader(standing, second(60))).isFalse();
  }

  @Test
  void stepsDownWhenAnotherHoldsTheLease() {
    var leader = MINE.onWritten(new LeaseContent("me", "5", ofSeconds(15), 0), second(0));

    var usurped = observed(leader, OTHERS, 2);

    assertThat(MINE.isLeader(usurped, second(2))).isFalse();
    assertThat(MINE.nextStep(usurped, second(2))).isEqualTo(Step.WAIT);
  }

  @Test
  void clockSetBackOrSuspendDoesNotExtendLeadership() {
    var leader = MINE.onWritten(new LeaseContent("me", "5", ofSeconds(15), 0), second(0));
    var setBack = new ClockReading(NOON.minusSeconds(3_600), ofSeconds(10).toNanos());
    var suspended = new ClockReading(NOON.plusSeconds(10), ofSeconds(1).toNanos());

    assertThat(MINE.isLeader(leader, setBack)).isFalse();
    assertThat(MINE.isLeader(leader, suspended)).isFalse();
  }

  @Test
  void clockSetForwardDoesNotTakeALiveLease() {
    var follower = observed(LeaseState.unknown(second(0)), OTHERS, 0);

    var setForward = new ClockReading(NOON.plusSeconds(3_600), ofSeconds(2).toNanos());

    assertThat(MINE.nextStep(follower, setForward)).isEqualTo(Step.WAIT);
  }

  @Test
  void rejectsARenewDeadlineThatIsNotShorterThanTheLease() {
    assertThatThrownBy(() -> new LeasePolicy("me", ofSeconds(15), ofSeconds(15)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be shorter than the lease");
  }

  private static LeaseState observed(LeaseState before, LeaseContent lease, int second) {
    return MINE.onRead(before, Optional.of(lease), second(second));
  }

  private static ClockReading second(int second) {
    var since = Duration.ofSeconds(second);
    return new ClockReading(NOON.plus(since), since.toNanos());
  }
}
