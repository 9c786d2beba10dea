package io.eksnet.lab.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.change.Meant;
import io.eksnet.lab.change.Yaml;
import io.eksnet.lab.cluster.ClusterState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The incidents that the lab can replay, each with what a watcher must find in it. Each is a file;
 * {@code docs/scenarios.md} says how it is written.
 */
public final class Scenarios {
  private static final List<String> NAMES =
      List.of(
          "healthy",
          "coredns-fargate",
          "subnet-tags",
          "ip-exhaustion",
          "prefix-fragmentation",
          "alb-sg-blocked",
          "alb-health-path",
          "alb-slow-start",
          "rolling-deploy",
          "karpenter-template",
          "pod-identity-namespace",
          "vpc-dns-throttle",
          "aws-throttled",
          "instance-limit",
          "pod-slots-full",
          "service-no-endpoints",
          "scale-to-zero",
          "node-churn",
          "two-causes");

  /**
   * A stage of a story.
   *
   * @param says what happens, for people
   * @param after how long after the stage before it; empty: when somebody asks for it
   * @param what happens to the healthy cluster
   * @param finds causes that must be found in it
   * @param may causes that may be found in it
   * @param never causes that would be wrong, although they are near
   */
  public record Stage(
      String says,
      Optional<Duration> after,
      UnaryOperator<ClusterState> what,
      List<String> finds,
      List<String> may,
      List<String> never) {
    public Stage {
      finds = List.copyOf(finds);
      may = List.copyOf(may);
      never = List.copyOf(never);
    }
  }

  /**
   * An incident: its stages follow each other, and after them the cluster is healthy again.
   *
   * @param says one sentence for people
   * @param repaired how long after its last stage; empty: when somebody asks for it
   */
  public record Story(String name, String says, List<Stage> stages, Optional<Duration> repaired) {
    public Story {
      stages = List.copyOf(stages);
    }

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
  }

  private Scenarios() {}

  /** All stories of the lab itself. */
  public static List<Story> all() {
    return NAMES.stream().map(Scenarios::story).toList();
  }

  /**
   * One of them by its name, or anybody's by its file, {@code path/to/story.yaml}.
   *
   * @throws IllegalArgumentException with the line that is wrong and the remedy
   */
  public static Story story(String nameOrFile) {
    return StoryReader.read(
        nameOrFile.endsWith(".yaml") ? file(Path.of(nameOrFile)) : own(nameOrFile));
  }

  /** The text of one of the lab's own. */
  static Yaml own(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no scenario \"" + name + "\"" + Meant.of(name, NAMES));
    }
    var file = name + ".yaml";
    try (var in = Scenarios.class.getResourceAsStream("scenarios/" + file)) {
      if (in == null) {
        throw new IllegalStateException("scenarios/" + file + " is not in the lab");
      }
      return Yaml.of(file, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Yaml file(Path file) {
    try {
      return Yaml.of(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the scenario " + file, e);
    }
  }
}
