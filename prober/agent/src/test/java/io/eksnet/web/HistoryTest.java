package io.eksnet.web;

import static io.eksnet.web.WebFixture.failed;
import static io.eksnet.web.WebFixture.succeeded;
import static io.eksnet.web.WebFixture.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Observation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final History history = new History(3, 1_000);

  @Test
  void returnsNewestFirstAcrossTargets() {
    var a = succeeded(task("db", "a"), 1);
    var b = succeeded(task("db", "b"), 2);
    var c = succeeded(task("db", "a"), 3);
    List.of(a, b, c).forEach(history::add);

    assertThat(history.newest(seen -> true, 10)).containsExactly(c, b, a);
    assertThat(history.newest(seen -> true, 2)).containsExactly(c, b);
  }

  @Test
  void keepsAFailureAfterManySuccesses() {
    var task = task("db", "a");
    var failure = failed(task, 0);
    history.add(failure);
    for (int second = 1; second <= 100; second++) {
      history.add(succeeded(task, second));
    }

    assertThat(history.newest(seen -> true, 10))
        .extracting(seen -> seen.at().getEpochSecond() - WebFixture.NOON.getEpochSecond())
        .containsExactly(100L, 99L, 98L, 0L);
    assertThat(history.newest(History::isFailure, 10)).containsExactly(failure);
  }

  @Test
  void limitsFailures() {
    var task = task("db", "a");
    for (int second = 0; second < 100; second++) {
      history.add(failed(task, second));
    }

    assertThat(history.newest(seen -> true, 100)).hasSize(6);
  }

  @Test
  void sharesTheLimitAmongTargets() {
    var small = new History(20, 100);
    for (int second = 0; second < 30; second++) {
      for (int i = 0; i < 50; i++) {
        small.add(succeeded(task("db", "target" + i), second));
      }
    }

    assertThat(small.newest(seen -> true, 10_000)).hasSize(100);
  }

  @Test
  void removesTasks() {
    var stays = task("db", "a");
    history.add(succeeded(stays, 1));
    history.add(failed(task("db", "b"), 2));

    history.retain(Set.of(stays.id()));

    assertThat(history.newest(seen -> true, 10))
        .extracting(Observation::task)
        .containsExactly(stays);
  }
}
