package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTrackerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final List<String> done = new ArrayList<>();
  private boolean broken;
  private final ChangeTracker renewal =
      new ChangeTracker(this::refresh, now -> done.add("confirmed"));

  private void refresh(Instant now) {
    if (broken) {
      throw new IllegalStateException("in the test");
    }
    done.add("refreshed");
  }

  @Test
  void whatDidNotChangeIsConfirmedForAWhile() {
    renewal.tick("a", NOW);
    renewal.tick("a", NOW.plusSeconds(10));
    renewal.tick("b", NOW.plusSeconds(11));
    renewal.tick("b", NOW.plusSeconds(22));

    assertThat(done).containsExactly("refreshed", "confirmed", "refreshed", "refreshed");
  }

  @Test
  void whatCouldNotBePutTogetherIsNotConfirmedButTriedAgain() {
    renewal.tick("a", NOW);
    broken = true;
    assertThatThrownBy(() -> renewal.tick("b", NOW.plusSeconds(1))).hasMessage("in the test");
    assertThatThrownBy(() -> renewal.tick("b", NOW.plusSeconds(2))).hasMessage("in the test");
    assertThatThrownBy(() -> renewal.tick("a", NOW.plusSeconds(3))).hasMessage("in the test");
    broken = false;
    renewal.tick("b", NOW.plusSeconds(4));

    assertThat(done).containsExactly("refreshed", "refreshed");
  }
}
