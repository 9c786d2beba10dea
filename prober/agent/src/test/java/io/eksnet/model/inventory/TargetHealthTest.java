package io.eksnet.model.inventory;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetHealthTest {
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  @Test
  void statusCodeInDescriptionIsMismatchForAnyReason() {
    var target =
        target("Target.FailedHealthChecks", "Health checks failed with these codes: [503]");

    assertThat(target.reason()).isEqualTo("Target.ResponseCodeMismatch");
    assertThat(target("Target.FailedHealthChecks", "Health checks failed").reason())
        .isEqualTo("Target.FailedHealthChecks");
  }

  @Test
  void aGroupThatCouldNotBeReadHasNoTargetsToShowWhileOthersDo() {
    var target = target("Target.Timeout", "Request timed out");
    var health =
        List.of(
            new GroupHealth(
                "tg-1",
                Snapshot.<List<TargetHealth>>notYet(ofSeconds(30))
                    .after(new Unavailable(Unavailable.Reason.THROTTLED, "Rate exceeded")),
                Optional.empty()),
            new GroupHealth(
                "tg-2", Snapshot.of(List.of(target), NOW, ofSeconds(30)), Optional.empty()));
    var inventory =
        Inventory.EMPTY.with(Resources.TARGET_HEALTH, Snapshot.of(health, NOW, ofSeconds(30)));

    assertThat(GroupHealth.targetsIn(inventory)).containsExactly(target);
  }

  private static TargetHealth target(String reason, String description) {
    return new TargetHealth("tg-2", "10.0.0.1", 8080, "", "unhealthy", reason, description, 8080);
  }
}
