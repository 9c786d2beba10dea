package io.eksnet.lab.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A field selector as the API server evaluates it: requirements that all must hold, for few fields
 * of each kind. An absent field is empty.
 */
record FieldSelector(List<Requirement> requirements) {
  /** Of every kind. */
  private static final Set<String> METADATA = Set.of("metadata.name", "metadata.namespace");

  /** {@code pkg/apis/core/v1/conversion.go} of Kubernetes. */
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "pods",
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "nodes",
          Set.of("spec.unschedulable"),
          "events",
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"));

  private static final Pattern PARAMETER = Pattern.compile("([?&])fieldSelector=([^&]*)&?");
  private static final Pattern REQUIREMENT = Pattern.compile("([^!=]+)(!=|==|=)(.*)");

  /** One field and the value that it must have, or must not have. */
  record Requirement(String field, boolean equal, String value) {
    private static Requirement parse(String text) {
      var parts = REQUIREMENT.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException("invalid selector: '" + text + "'");
      }
      return new Requirement(parts.group(1), !parts.group(2).equals("!="), parts.group(3));
    }

    private boolean matches(JsonObject object) {
      return value.equals(valueIn(object)) == equal;
    }

    private String valueIn(JsonObject object) {
      var path = field.equals("source") ? "source.component" : field;
      Object found = object;
      for (var name : path.split("\\.")) {
        found = found instanceof JsonObject parent ? parent.getValue(name) : null;
      }
      return found == null ? "" : found.toString();
    }
  }

  /** The selector in the query of a path; empty: it selects all. */
  static Optional<FieldSelector> in(String path) {
    var parameter = PARAMETER.matcher(path);
    return parameter.find()
        ? Optional.of(parse(URLDecoder.decode(parameter.group(2), UTF_8)))
            .filter(selector -> !selector.requirements().isEmpty())
        : Optional.empty();
  }

  /** The path without its selector. */
  static String removedFrom(String path) {
    return PARAMETER.matcher(path).replaceFirst("$1");
  }

  static FieldSelector parse(String selector) {
    return new FieldSelector(
        Arrays.stream(selector.split(","))
            .filter(requirement -> !requirement.isEmpty())
            .map(Requirement::parse)
            .toList());
  }

  /** A field by which the kind cannot be selected; empty: it can by all. */
  Optional<String> unsupported(String plural) {
    return requirements.stream()
        .map(Requirement::field)
        .filter(field -> !METADATA.contains(field))
        .filter(field -> !FIELDS.getOrDefault(plural, Set.of()).contains(field))
        .findFirst();
  }

  boolean matches(JsonObject object) {
    return requirements.stream().allMatch(requirement -> requirement.matches(object));
  }
}
