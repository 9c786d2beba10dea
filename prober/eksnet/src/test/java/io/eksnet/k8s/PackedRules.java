package io.eksnet.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The rules among the objects of the chart. */
final class PackedRules {
  /** Values with which the chart packs them. */
  static final Path STACK = Helm.CHART.resolve("ci/kube-prometheus-stack-values.yaml");

  private PackedRules() {}

  static Stream<Manifest> of(List<Manifest> objects) {
    return objects.stream().filter(object -> object.kind().equals("PrometheusRule"));
  }

  /** The rules of an alert. */
  static List<JsonNode> named(List<Manifest> objects, String alert) {
    return of(objects)
        .flatMap(rule -> Manifest.items(rule.at("/spec/groups")))
        .flatMap(group -> Manifest.items(group.path("rules")))
        .filter(rule -> rule.path("alert").asText().equals(alert))
        .toList();
  }

  /** The expressions of an alert, each with the description after it. */
  static List<String> texts(List<Manifest> objects, String alert) {
    return named(objects, alert).stream()
        .flatMap(
            rule ->
                Stream.of(rule.path("expr").asText(), rule.at("/annotations/description").asText()))
        .toList();
  }
}
