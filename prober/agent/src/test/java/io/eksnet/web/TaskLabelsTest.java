package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TaskLabelsTest {
  static Stream<Arguments> subjects() {
    return Stream.of(
        Arguments.of(
            new SeriesKey.ServiceKey("shop", "backend", "cluster_ip"),
            "suite:service/cluster_ip",
            "shop/backend:8080"),
        Arguments.of(new SeriesKey.PodKey("node-b", "az1", "az2"), "suite:pod", "node-b in az2"),
        Arguments.of(new SeriesKey.PodKey("node-b", "", ""), "suite:pod", "node-b"),
        Arguments.of(
            new SeriesKey.TargetKey("k8s-shop", "10.0.1.7"),
            "suite:target",
            "k8s-shop at 10.0.1.7 port 8080"),
        Arguments.of(
            new SeriesKey.LbKey("k8s-shop", "443 shop.test"), "suite:lb", "k8s-shop 443 shop.test"),
        Arguments.of(new SeriesKey.LbKey("k8s-shop", ""), "suite:lb", "k8s-shop"),
        Arguments.of(new SeriesKey.StsKey(), "suite:sts", "t"),
        Arguments.of(new SeriesKey.NodeComponentKey("ipamd"), "suite:ipamd", "t"));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everySubjectHasItsNames(SeriesKey subject, String probe, String target) {
    var task = task("id", subject);

    assertThat(TaskLabels.probe(task)).isEqualTo(probe);
    assertThat(TaskLabels.target(task)).isEqualTo(target);
    assertThat(ObservationJson.of(task).getString("target")).isEqualTo(target);
  }

  @Test
  void aFailingPeerIsNotHiddenByAnotherNorAPortByItsNeighbour() {
    var history = new History(5, 100);
    var peers =
        List.of(
            task("n/pod/b", new SeriesKey.PodKey("node-b", "a", "b")),
            task("n/pod/c", new SeriesKey.PodKey("node-c", "a", "b")),
            task("n/service/80", new SeriesKey.ServiceKey("shop", "web", "name")),
            task("n/service/81", new SeriesKey.ServiceKey("shop", "web", "name")));
    history.add(WebFixture.failed(peers.get(0), 1));
    history.add(WebFixture.succeeded(peers.get(1), 2));
    history.add(WebFixture.failed(peers.get(2), 3));
    history.add(WebFixture.succeeded(peers.get(3), 4));

    assertThat(TargetsVerdict.of(peers, history, WebFixture.NOON.plusSeconds(5)))
        .isEqualTo(new TargetsVerdict(4, 2, 0));
  }

  @Test
  void aPartOfTheNodeThatDoesNotAnswerIsForOthersToJudge() {
    var history = new History(5, 100);
    var identity = task("n/identity", new SeriesKey.NodeComponentKey("identity"));
    var peer = task("n/pod/b", new SeriesKey.PodKey("node-b", "a", "b"));
    history.add(WebFixture.failed(identity, 1));
    history.add(WebFixture.seen(peer, 1, new Outcome.Success(Timings.NONE)));

    assertThat(TargetsVerdict.of(List.of(identity, peer), history, WebFixture.NOON.plusSeconds(5)))
        .isEqualTo(new TargetsVerdict(1, 0, 0));
    assertThat(history.newest(History::isFailure, 10)).hasSize(1);
  }

  private record NoSettings() {}

  private static Task task(String id, SeriesKey subject) {
    return new Task(
        id,
        subject,
        "http",
        new NoSettings(),
        Target.of("t", "10.0.1.7", 8080),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        false);
  }
}
