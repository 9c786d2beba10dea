package io.eksnet.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.cluster.AwsResource.PodIdentity;
import io.eksnet.lab.cluster.Behavior.VpcResolver;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.cluster.YamlNode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScenarioPlayerTest {
  private static final ClusterState HEALTHY =
      HealthyCluster.load(
          new LabNetwork(11, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443),
          Instant.parse("2026-11-21T12:00:00Z"));

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** All that the cluster was, the healthy one first. */
  private final List<ClusterState> states = new CopyOnWriteArrayList<>(List.of(HEALTHY));

  private final ScenarioPlayer player =
      new ScenarioPlayer(change -> states.add(change.apply(states.get(states.size() - 1))), clock);

  @AfterEach
  void stop() {
    clock.shutdownNow();
  }

  @Test
  void theTimelineGoesThroughAllStagesAndEndsHealthy() throws Exception {
    player.play(
        scenario(
            """
            name: quick
            tells: Quick.
            repair: 10ms
            stages:
            - {after: 10ms, change: [{set: Node, to: {ready: false}}]}
            - {after: 10ms, change: [{remove: PodIdentity}]}
            """));

    Awaiting.becomes(states::size, 4);
    assertThat(states.get(1).all(Node.class)).noneMatch(Node::ready);
    assertThat(states.get(2).all(Node.class)).allMatch(Node::ready);
    assertThat(states.get(2).all(PodIdentity.class)).isEmpty();
    assertThat(states.get(3)).isSameAs(HEALTHY);
  }

  @Test
  void aStageThatMustBeAskedForWaits() {
    player.play(
        scenario(
            """
            name: patient
            tells: Patient.
            repair: next
            stages: [{after: next, change: [{remove: PodIdentity}]}]
            """));

    assertThat(states).hasSize(1);
    player.next();
    assertThat(player.progress().stageNumber()).isEqualTo(1);
    player.next();
    assertThat(states.get(2)).isSameAs(HEALTHY);
    assertThat(player.progress().scenario()).isEmpty();
  }

  @Test
  void whatIsStartedByHandWaitsForAHand() {
    player.start(
        scenario(
            """
            name: two
            tells: Two.
            stages:
            - {after: 0s, change: [{remove: PodIdentity}]}
            - {after: 0s, change: []}
            """));

    assertThat(player.progress().stageNumber()).isEqualTo(1);
    assertThat(player.progress().timed()).isFalse();
  }

  @Test
  void scenarioStartsWithRepairOfThePreviousOne() {
    player.start(Scenarios.load("pod-identity-namespace"));
    player.start(Scenarios.load("vpc-dns-throttle"));

    assertThat(states).hasSize(4);
    assertThat(states.get(2)).isSameAs(HEALTHY);
    assertThat(states.get(3).all(PodIdentity.class)).isEqualTo(HEALTHY.all(PodIdentity.class));
    assertThat(states.get(3).all(VpcResolver.class)).containsExactly(new VpcResolver("drop"));
  }

  @Test
  void aStageThatCannotBeLeavesTheClusterHealthy() {
    var scenario =
        scenario(
            """
            name: gone
            tells: Gone.
            stages: [{change: [{remove: PodIdentity}]}]
            """);
    states.add(HEALTHY.change("{remove: PodIdentity}"));

    assertThatThrownBy(() -> player.start(scenario)).hasMessageContaining("no PodIdentity");
    assertThat(states.get(states.size() - 1)).isEqualTo(HEALTHY.change("{remove: PodIdentity}"));
    assertThat(player.progress().scenario()).isEmpty();
  }

  private static LabScenario scenario(String text) {
    return Scenarios.check(YamlNode.parse("test.yaml", text));
  }
}
