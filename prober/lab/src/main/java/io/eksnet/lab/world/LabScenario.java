package io.eksnet.lab.world;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.StateChange;
import io.eksnet.lab.cluster.YamlNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An incident: its stages follow each other, and after them the cluster is healthy again.
 *
 * @param description one sentence for people
 * @param repairAfter how long after its last stage; empty if on request
 */
public record LabScenario(
    String name, String description, List<Stage> stages, Optional<Duration> repairAfter) {
  private static final Duration FIRST_STAGE_DELAY = Duration.ofSeconds(30);
  private static final Duration STAGE_DURATION = Duration.ofMinutes(2);

  /**
   * A stage.
   *
   * @param description what happens, for people
   * @param after how long after the stage before it; empty if on request
   * @param change applied to the healthy cluster
   * @param finds causes that must be found
   * @param may causes that may be found
   * @param never causes that must not be found, although they are similar
   */
  public record Stage(
      String description,
      Optional<Duration> after,
      UnaryOperator<ClusterState> change,
      List<String> finds,
      List<String> may,
      List<String> never) {}

  /** All causes that may be found at any time. */
  public List<String> allowed() {
    return stages.stream()
        .flatMap(stage -> Stream.concat(stage.finds().stream(), stage.may().stream()))
        .distinct()
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Parses a scenario.
   *
   * @throws IllegalArgumentException with the line and the remedy
   */
  static LabScenario parse(YamlNode yaml) {
    var fields = yaml.fields("a scenario", Set.of("name", "tells", "stages", "repair"));
    var description = yaml.required(fields, "tells").text();
    var stages = new ArrayList<Stage>();
    for (var stage : yaml.required(fields, "stages").list()) {
      var delay = stages.isEmpty() ? FIRST_STAGE_DELAY : STAGE_DURATION;
      stages.add(stage(stage, description, delay));
    }
    return new LabScenario(
        name(yaml.required(fields, "name")),
        description,
        List.copyOf(stages),
        delay(fields.get("repair"), STAGE_DURATION));
  }

  private static String name(YamlNode name) {
    if (!name.text().matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw name.error(
          "\"" + name.text() + "\" is not a name; use lower-case letters, digits and hyphens");
    }
    return name.text();
  }

  private static Stage stage(YamlNode yaml, String scenario, Duration defaultDelay) {
    var fields = yaml.fields("a stage", Set.of("says", "after", "change", "finds", "may", "never"));
    var change = StateChange.parse(yaml.required(fields, "change"), LabScenario::like);
    var description = fields.get("says");
    var never = causes(fields, "never");
    for (var key : List.of("finds", "may")) {
      if (!Collections.disjoint(never, causes(fields, key))) {
        throw yaml.error("a cause cannot be both in \"" + key + "\" and in \"never\"");
      }
    }
    return new Stage(
        description == null ? scenario : description.text(),
        delay(fields.get("after"), defaultDelay),
        state -> change.apply(state, Instant.now()),
        causes(fields, "finds"),
        causes(fields, "may"),
        never);
  }

  /** The changes of the first stage of a built-in scenario. */
  private static StateChange like(YamlNode name) {
    try {
      var other = Scenarios.builtIn(name.text());
      var stages = other.required(other.entries(), "stages").list();
      return stages.isEmpty()
          ? (state, now) -> state
          : StateChange.parse(
              stages.get(0).required(stages.get(0).entries(), "change"), LabScenario::like);
    } catch (IllegalArgumentException e) {
      throw name.error(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Duration> delay(@Nullable YamlNode yaml, Duration defaultDelay) {
    if (yaml == null) {
      return Optional.of(defaultDelay);
    }
    return yaml.text().equals("next") ? Optional.empty() : Optional.of(yaml.duration());
  }

  private static List<String> causes(Map<String, YamlNode> stage, String key) {
    var causes = stage.get(key);
    return causes == null ? List.of() : causes.list().stream().map(YamlNode::text).toList();
  }
}
