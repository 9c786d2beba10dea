package io.eksnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcTest {
  @Test
  void cpuIsUserAndSystemTimeWhateverTheNameHolds() {
    var stat = "4711 (a b) c) S 1 4711 4711 0 -1 4194304 900 0 7 0 123 45 9 9 20 0 30 0 555 1 2";

    assertThat(Proc.cpu(stat)).isEqualTo(1_680);
  }

  @Test
  void machineLeavesOutIdleAndWaitingAndCountsGuestsOnce() {
    var stat = "cpu  100 20 30 4000 500 6 7 8 90 10\ncpu0 1 1 1 1 1 1 1 1 1 1\n";

    assertThat(Proc.machine(stat)).isEqualTo(1_710);
  }

  @Test
  void rssIsInMegabytes() {
    assertThat(Proc.rss("Name:\tjava\nVmHWM:\t  999999 kB\nVmRSS:\t  131072 kB\n")).isEqualTo(128);
  }

  @Test
  void ownCpuTimeGrows() {
    var self = ProcessHandle.current().pid();
    var before = Proc.cpu(self);
    var end = System.nanoTime() + 10_000_000_000L;
    while (Proc.cpu(self) == before && System.nanoTime() < end) {
      Thread.onSpinWait();
    }

    assertThat(Proc.cpu(self)).isGreaterThan(before);
    assertThat(Proc.machine()).isPositive();
    assertThat(Proc.rss(self)).isBetween(10.0, 100_000.0);
  }
}
