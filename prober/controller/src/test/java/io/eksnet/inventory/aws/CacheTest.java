package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.MovedClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheTest {
  private final MovedClock clock = new MovedClock(Readings.NOW);
  private final Cache<String, Integer> cache = new Cache<>(Duration.ofMinutes(10), clock);

  @Test
  void valueIsFreshUntilItsTimeToLiveIsOverAndKeptAfterwards() {
    cache.put("a", 1);
    clock.forward(Duration.ofSeconds(599));
    assertThat(cache.getIfFresh("a")).contains(1);
    clock.forward(Duration.ofSeconds(1));
    assertThat(cache.getIfFresh("a")).isEmpty();
    assertThat(cache.get("a")).contains(1);
  }

  @Test
  void valueIsNotFreshWhenTheClockWasSetBack() {
    cache.put("a", 1);
    clock.forward(Duration.ofSeconds(-1));
    assertThat(cache.getIfFresh("a")).isEmpty();
  }

  @Test
  void staleKeysAreThoseWithoutAValueAndThenTheOldest() {
    cache.put("old", 1);
    clock.forward(Duration.ofMinutes(1));
    cache.put("old by its own clock", 2);
    clock.forward(Duration.ofMinutes(10));
    cache.put("fresh", 3);
    assertThat(cache.stale(List.of("old", "fresh", "old by its own clock", "z", "b")))
        .containsExactly("b", "z", "old", "old by its own clock");
  }

  @Test
  void keysThatAreNotRetainedAreForgotten() {
    cache.put("a", 1);
    cache.put("b", 2);
    cache.retainAll(List.of("b"));
    assertThat(cache.get("a")).isEmpty();
    assertThat(cache.values()).containsExactly(2);
  }
}
