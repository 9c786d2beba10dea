package io.eksnet.lab.world;

import io.eksnet.lab.change.Change;
import io.eksnet.lab.change.Scalars;
import io.eksnet.lab.change.Yaml;
import io.eksnet.lab.cluster.Ground;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.world.Scenarios.Stage;
import io.eksnet.lab.world.Scenarios.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads stories, and tries each stage on a healthy cluster: what is wrong shows at once. */
final class StoryReader {
  private static final Duration CALM = Duration.ofSeconds(30);
  private static final Duration STAGE = Duration.ofMinutes(2);

  private StoryReader() {}

  static Story read(Yaml yaml) {
    var keys = yaml.keys("a scenario", Set.of("name", "tells", "stages", "repair"));
    var says = Change.must(keys, "tells", yaml).text();
    var stages = new ArrayList<Stage>();
    for (var stage : Change.must(keys, "stages", yaml).list()) {
      stages.add(stage(stage, says, stages.isEmpty() ? CALM : STAGE));
    }
    var story =
        new Story(
            name(Change.must(keys, "name", yaml)), says, stages, after(keys.get("repair"), STAGE));
    rehearse(story);
    return story;
  }

  private static String name(Yaml name) {
    if (!name.text().matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw name.wrong("a name has small letters, digits and hyphens, not \"" + name.text() + "\"");
    }
    return name.text();
  }

  private static Stage stage(Yaml yaml, String story, Duration usual) {
    var keys = yaml.keys("a stage", Set.of("says", "after", "change", "finds", "may", "never"));
    var change = change(keys, yaml);
    var says = keys.get("says");
    return new Stage(
        says == null ? story : says.text(),
        after(keys.get("after"), usual),
        state -> change.on(state, Instant.now()),
        causes(keys, "finds"),
        causes(keys, "may"),
        never(keys, yaml));
  }

  private static Change change(Map<String, Yaml> stage, Yaml yaml) {
    return Change.all(
        Change.must(stage, "change", yaml).list().stream()
            .map(change -> Change.of(change, StoryReader::like))
            .toList());
  }

  /** What the first stage of one of the lab's own does. */
  private static Change like(Yaml name) {
    try {
      var other = Scenarios.own(name.text());
      var stages = Change.must(other.mapping(), "stages", other).list();
      return stages.isEmpty()
          ? Change.all(List.of())
          : change(stages.get(0).mapping(), stages.get(0));
    } catch (IllegalArgumentException e) {
      throw name.wrong(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Duration> after(@Nullable Yaml yaml, Duration usual) {
    if (yaml == null) {
      return Optional.of(usual);
    }
    return yaml.text().equals("next") ? Optional.empty() : Optional.of(Scalars.duration(yaml));
  }

  private static List<String> causes(Map<String, Yaml> stage, String key) {
    var causes = stage.get(key);
    return causes == null ? List.of() : causes.texts();
  }

  /** What cannot be expected, too. */
  private static List<String> never(Map<String, Yaml> stage, Yaml yaml) {
    var never = causes(stage, "never");
    for (var key : List.of("finds", "may")) {
      if (!Collections.disjoint(never, causes(stage, key))) {
        throw yaml.wrong("a cause cannot be both in " + key + " and in never");
      }
    }
    return never;
  }

  private static void rehearse(Story story) {
    var ground = new Ground(10, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443);
    var healthy = HealthyCluster.on(ground, Instant.now());
    for (var stage : story.stages()) {
      Objects.requireNonNull(stage.what().apply(healthy));
    }
  }
}
