package io.eksnet.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskDiffTest {
  private record NoSettings() {}

  @Test
  void unchangedTasksAreInNeitherList() {
    var change =
        TaskDiff.between(
            List.of(task("a", 10), task("b", 10)), List.of(task("b", 10), task("c", 10)));

    assertThat(change.stop()).containsExactly(task("a", 10));
    assertThat(change.start()).containsExactly(task("c", 10));
  }

  @Test
  void aTaskWithAnotherIntervalIsStoppedAndStartedAnew() {
    var change = TaskDiff.between(List.of(task("a", 10)), List.of(task("a", 20)));

    assertThat(change.stop()).containsExactly(task("a", 10));
    assertThat(change.start()).containsExactly(task("a", 20));
  }

  private static Task task(String name, int seconds) {
    return new Task(
        "node/" + name,
        new SeriesKey.UserProbeKey(name, "tcp", "t"),
        "tcp",
        new NoSettings(),
        Target.of("t", "127.0.0.1", 1),
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(1),
        false);
  }
}
