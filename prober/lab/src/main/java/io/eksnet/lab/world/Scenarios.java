package io.eksnet.lab.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.cluster.NearestName;
import io.eksnet.lab.cluster.YamlNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The built-in scenarios, and those in files; {@code docs/scenarios.md} describes the format. */
public final class Scenarios {
  private static final List<String> BUILT_IN =
      List.of(
          "healthy",
          "coredns-fargate",
          "coredns-failing",
          "coredns-scaled-to-zero",
          "subnet-tags",
          "ip-exhaustion",
          "prefix-fragmentation",
          "alb-sg-blocked",
          "alb-health-path",
          "nlb-health-path",
          "lb-certificate",
          "controller-errors",
          "gateway-routes",
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
          "slow-answers",
          "two-causes");

  private Scenarios() {}

  /** All built-in scenarios. */
  public static List<LabScenario> all() {
    return BUILT_IN.stream().map(Scenarios::load).toList();
  }

  /**
   * Loads a built-in scenario by its name, or one from a file, {@code path/to/scenario.yaml}.
   *
   * @throws IllegalArgumentException with the line and the remedy
   */
  public static LabScenario load(String nameOrFile) {
    return check(nameOrFile.endsWith(".yaml") ? read(Path.of(nameOrFile)) : builtIn(nameOrFile));
  }

  /** Parses a scenario and applies each stage to a healthy cluster, so that errors show early. */
  static LabScenario check(YamlNode yaml) {
    var scenario = LabScenario.parse(yaml);
    var network = new LabNetwork(10, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443);
    var healthy = HealthyCluster.load(network, Instant.now());
    for (var stage : scenario.stages()) {
      Objects.requireNonNull(stage.change().apply(healthy));
    }
    return scenario;
  }

  /** The text of a built-in scenario. */
  static YamlNode builtIn(String name) {
    if (!BUILT_IN.contains(name)) {
      throw new IllegalArgumentException(
          "no scenario \"" + name + "\"" + NearestName.suggest(name, BUILT_IN));
    }
    var file = name + ".yaml";
    try (var in = Scenarios.class.getResourceAsStream("scenarios/" + file)) {
      if (in == null) {
        throw new IllegalStateException("scenarios/" + file + " is not on the class path");
      }
      return YamlNode.parse(file, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static YamlNode read(Path file) {
    try {
      return YamlNode.parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the scenario " + file, e);
    }
  }
}
