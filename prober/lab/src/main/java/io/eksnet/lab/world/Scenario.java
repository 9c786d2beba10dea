package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A story: what changes in the cluster, and when. */
public record Scenario(String name, List<Step> steps) {
  /** A change, so long after the beginning. */
  public record Step(Duration after, String what, UnaryOperator<ClusterState> change) {
    public Step {
      if (after.isNegative()) {
        throw new IllegalArgumentException("a step comes after the beginning, not " + after);
      }
    }
  }

  public Scenario {
    steps = List.copyOf(steps);
  }

  /** What the cluster is like so long after the beginning, if it began as {@code state}. */
  public ClusterState at(Duration after, ClusterState state) {
    var now = state;
    for (var step : steps) {
      if (step.after().compareTo(after) <= 0) {
        now = step.change().apply(now);
      }
    }
    return now;
  }
}
