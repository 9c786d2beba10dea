package io.eksnet.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.change.Yaml;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ground;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.PodIdentity;
import io.eksnet.lab.cluster.VpcResolver;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final ClusterState HEALTHY =
      HealthyCluster.on(
          new Ground(11, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443),
          Instant.parse("2026-11-21T12:00:00Z"));

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** All that the cluster was, the healthy one first. */
  private final List<ClusterState> states = new CopyOnWriteArrayList<>(List.of(HEALTHY));

  private final Replay replay =
      new Replay(change -> states.add(change.apply(states.get(states.size() - 1))), clock);

  @AfterEach
  void stop() {
    clock.shutdownNow();
  }

  @Test
  void theTimelineGoesThroughAllStagesAndEndsHealthy() throws Exception {
    replay.play(
        story(
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
    replay.play(
        story(
            """
            name: patient
            tells: Patient.
            repair: next
            stages: [{after: next, change: [{remove: PodIdentity}]}]
            """));

    assertThat(states).hasSize(1);
    replay.next();
    assertThat(replay.now().stage()).isEqualTo(1);
    replay.next();
    assertThat(states.get(2)).isSameAs(HEALTHY);
    assertThat(replay.now().story()).isEmpty();
  }

  @Test
  void whatIsStartedByHandWaitsForAHand() {
    replay.start(
        story(
            """
            name: two
            tells: Two.
            stages:
            - {after: 0s, change: [{remove: PodIdentity}]}
            - {after: 0s, change: []}
            """));

    assertThat(replay.now().stage()).isEqualTo(1);
    assertThat(replay.now().timed()).isFalse();
  }

  @Test
  void anotherStoryBeginsWithTheRepairOfTheOneBefore() {
    replay.start(Scenarios.story("pod-identity-namespace"));
    replay.start(Scenarios.story("vpc-dns-throttle"));

    assertThat(states).hasSize(4);
    assertThat(states.get(2)).isSameAs(HEALTHY);
    assertThat(states.get(3).all(PodIdentity.class)).isEqualTo(HEALTHY.all(PodIdentity.class));
    assertThat(states.get(3).all(VpcResolver.class)).containsExactly(new VpcResolver("drop"));
  }

  @Test
  void aStageThatCannotBeLeavesTheClusterHealthy() {
    var story =
        story(
            """
            name: gone
            tells: Gone.
            stages: [{change: [{remove: PodIdentity}]}]
            """);
    states.add(HEALTHY.without(PodIdentity.class));

    assertThatThrownBy(() -> replay.start(story)).hasMessageContaining("no PodIdentity");
    assertThat(states.get(states.size() - 1)).isEqualTo(HEALTHY.without(PodIdentity.class));
    assertThat(replay.now().story()).isEmpty();
  }

  private static Scenarios.Story story(String text) {
    return StoryReader.read(Yaml.of("test.yaml", text));
  }
}
