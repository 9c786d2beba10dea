package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadTest {
  @TempDir Path work;

  @ParameterizedTest
  @EnumSource(TargetKind.class)
  void plainClientProbesTheTarget(TargetKind kind) throws Exception {
    try (var stand = TestBed.set(Path.of("eksnet"), work);
        var floor = stand.floor(kind, 20, "flight=4", Cores.ALL)) {
      var mark = floor.mark();
      for (var asked = 0; asked < 200 && mark.get("done") == 0; asked++) {
        Thread.sleep(20);
        mark = floor.mark();
      }

      assertThat(mark.get("done")).isPositive();
      assertThat(mark.get("failed")).isZero();
      if (kind != TargetKind.TCP) {
        assertThat(mark.get("p50")).isBetween(0.02, 5.0);
      }
      assertThat(stand.answered().get("answered")).isPositive();
    }
  }

  @Test
  void markSurvivesItsLine() {
    var mark = new ChildCounters(java.util.Map.of("done", 3.0, "p50", Double.NaN));

    assertThat(mark.line()).isEqualTo("mark done=3.0 p50=NaN");
    assertThat(ChildCounters.parse(mark.line())).isEqualTo(mark);
  }
}
