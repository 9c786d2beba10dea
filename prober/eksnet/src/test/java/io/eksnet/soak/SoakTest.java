package io.eksnet.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.ExpositionSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent and two controllers under faults at random; {@code make soak} goes on for longer. */
class SoakTest {
  private static final long SEED = Long.getLong("soak.seed", 20);
  private static final Duration LENGTH = Duration.ofSeconds(20);

  @TempDir Path work;

  @Test
  void whateverFailsNothingIsLostOrLeakedOrFoundWronglyAndAllIsWellAgain() throws Exception {
    Soak.run(work, Duration.ofSeconds(Long.getLong("soak.seconds", 0)), SEED);
  }

  @Test
  void sameSeedGivesSameSchedule() {
    var schedule = FaultSchedule.of(1, LENGTH, Faults.all());

    assertThat(FaultSchedule.of(1, LENGTH, Faults.all()).toString()).isEqualTo(schedule.toString());
    assertThat(FaultSchedule.of(2, LENGTH, Faults.all()).toString())
        .isNotEqualTo(schedule.toString());
  }

  @Test
  void noScheduleHasTwoFaultsOfOneObjectAtATime() {
    for (var seed = 0; seed < 50; seed++) {
      var events = FaultSchedule.of(seed, LENGTH, Faults.all()).events();
      for (var victim : List.of("controllers", "agent", "tcp", "kubernetes")) {
        var until = Duration.ofMillis(-1);
        for (var event : events) {
          if (event.fault().victim().equals(victim)) {
            assertThat(event.at()).isGreaterThan(until);
            until = event.until();
          }
        }
      }
    }
  }

  @Test
  void whatGrewByMoreThanPoolsExplainIsALeak() {
    var before = new Holdings(1, 50, 40, Map.of("up", 900L), histogram(100, 20_000_000));

    assertThat(before.leaked(before)).isEmpty();
    assertThat(
            new Holdings(1, 90, 80, Map.of("up", 2_000L), histogram(900, 40_000_000))
                .leaked(before))
        .containsExactly(
            "50 open files became 90",
            "40 threads became 80",
            "900 series became 2000",
            "900 up became 2000",
            "100 timers became 900",
            "20000000 bytes of heap became 40000000");
  }

  @Test
  void aRunThatWasCountedTwiceOrNeverIsSeen() {
    var seen = new long[] {10};
    var counts = new Counts("http", false, () -> seen[0]);

    counts.read(1, page(8, 2));
    assertThat(counts.wrong(10)).isEmpty();
    counts.read(2, page(3, 0));
    assertThat(counts.wrong(10)).singleElement().asString().startsWith("doubled");
    seen[0] = 15;
    assertThat(counts.wrong(15)).singleElement().asString().startsWith("lost");
  }

  private static ExpositionSamples page(int success, int failed) {
    return ExpositionSamples.parse(
        """
        eksnet_probe_total{probe="http",outcome="success"} %d
        eksnet_probe_total{probe="http",outcome="reset"} %d
        eksnet_probe_total{probe="http",outcome="conn_refused"} 7
        eksnet_probe_total{probe="http",outcome="not_run"} 0
        """
            .formatted(success, failed));
  }

  private static String histogram(int timers, int bytes) {
    return """
       1:          %d          12345  io.netty.util.concurrent.ScheduledFutureTask (io.netty.common@4.2)
    Total        123456       %d
    """
        .formatted(timers, bytes);
  }
}
