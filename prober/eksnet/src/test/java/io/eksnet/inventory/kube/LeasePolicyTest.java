package io.eksnet.inventory.kube;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.kube.LeasePolicy.Seen;
import io.eksnet.inventory.kube.LeasePolicy.Standing;
import io.eksnet.inventory.kube.LeasePolicy.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeasePolicyTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final LeasePolicy MINE = LeasePolicy.of("me");
  private static final Seen OTHERS = new Seen("other", "1", ofSeconds(15), 3);

  @Test
  void aLeaseThatIsNotThereIsMade() {
    assertThat(MINE.next(Standing.at(second(0)), second(0))).isEqualTo(Step.CREATE);
  }

  @Test
  void aLeaseThatWasGivenBackIsTakenAtOnce() {
    var free = saw(Standing.at(second(0)), new Seen("", "2", ofSeconds(15), 3), 1);

    assertThat(MINE.next(free, second(1))).isEqualTo(Step.TAKE);
  }

  @Test
  void aLeaderThatNoLongerRenewsIsReplacedAfterTheLengthOfTheLeaseAndNotBefore() {
    var standing = saw(Standing.at(second(0)), OTHERS, 1);
    for (var second = 3; second < 16; second += 2) {
      standing = saw(standing, OTHERS, second);
      assertThat(MINE.next(standing, second(second))).isEqualTo(Step.WAIT);
    }

    assertThat(MINE.next(standing, second(16))).isEqualTo(Step.TAKE);
  }

  @Test
  void eachRenewalOfTheLeaderStartsTheWaitAnew() {
    var standing = saw(Standing.at(second(0)), OTHERS, 1);
    standing = saw(standing, new Seen("other", "2", ofSeconds(15), 3), 12);

    assertThat(MINE.next(standing, second(26))).isEqualTo(Step.WAIT);
    assertThat(MINE.next(standing, second(27))).isEqualTo(Step.TAKE);
  }

  @Test
  void aLongerLeaseOfAnotherVersionIsRespected() {
    var standing = saw(Standing.at(second(0)), new Seen("other", "1", ofSeconds(60), 0), 0);

    assertThat(MINE.next(standing, second(59))).isEqualTo(Step.WAIT);
    assertThat(MINE.next(standing, second(60))).isEqualTo(Step.TAKE);
  }

  @Test
  void aLeaderThatCannotRenewHasSteppedDownBeforeAnotherMayTakeOver() {
    var leader = MINE.wrote(new Seen("me", "5", ofSeconds(15), 0), second(0));
    var other = LeasePolicy.of("other");
    var follower =
        other.saw(
            Standing.at(second(0)), Optional.of(new Seen("me", "5", ofSeconds(15), 0)), second(0));

    assertThat(MINE.leads(leader, second(9))).isTrue();
    assertThat(MINE.leads(leader, second(10))).isFalse();
    assertThat(other.next(follower, second(14))).isEqualTo(Step.WAIT);
    assertThat(other.next(follower, second(15))).isEqualTo(Step.TAKE);
  }

  @Test
  void aRenewalWhoseAnswerComesAfterALongPauseGivesNoLeadership() {
    var sentBeforeThePause = second(0);

    var standing = MINE.wrote(new Seen("me", "5", ofSeconds(15), 0), sentBeforeThePause);

    assertThat(MINE.leads(standing, second(60))).isFalse();
  }

  @Test
  void aLeaderThatSeesAnotherHoldTheLeaseLeadsNoMore() {
    var leader = MINE.wrote(new Seen("me", "5", ofSeconds(15), 0), second(0));

    var usurped = saw(leader, OTHERS, 2);

    assertThat(MINE.leads(usurped, second(2))).isFalse();
    assertThat(MINE.next(usurped, second(2))).isEqualTo(Step.WAIT);
  }

  @Test
  void aClockThatIsSetBackLengthensNoLeadershipAndASuspendedMachineNeither() {
    var leader = MINE.wrote(new Seen("me", "5", ofSeconds(15), 0), second(0));
    var setBack = new Moment(NOON.minusSeconds(3_600), ofSeconds(10).toNanos());
    var suspended = new Moment(NOON.plusSeconds(10), ofSeconds(1).toNanos());

    assertThat(MINE.leads(leader, setBack)).isFalse();
    assertThat(MINE.leads(leader, suspended)).isFalse();
  }

  @Test
  void aClockThatIsSetForwardTakesNoLeaseFromALeaderThatLives() {
    var follower = saw(Standing.at(second(0)), OTHERS, 0);

    var setForward = new Moment(NOON.plusSeconds(3_600), ofSeconds(2).toNanos());

    assertThat(MINE.next(follower, setForward)).isEqualTo(Step.WAIT);
  }

  @Test
  void aDeadlineThatIsNotShorterThanTheLeaseIsRefused() {
    assertThatThrownBy(() -> new LeasePolicy("me", ofSeconds(15), ofSeconds(15)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be shorter than the lease");
  }

  private static Standing saw(Standing before, Seen lease, int second) {
    return MINE.saw(before, Optional.of(lease), second(second));
  }

  private static Moment second(int second) {
    var since = Duration.ofSeconds(second);
    return new Moment(NOON.plus(since), since.toNanos());
  }
}
