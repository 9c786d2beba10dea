package io.eksnet.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An object of Kubernetes as its manifest has it. */
record Manifest(JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Manifest of(Object document) {
    return new Manifest(MAPPER.valueToTree(document));
  }

  String kind() {
    return json.path("kind").asText();
  }

  String name() {
    return json.at("/metadata/name").asText();
  }

  JsonNode at(String pointer) {
    return json.at(pointer);
  }

  /** The template of a workload, or the pod itself. */
  Optional<JsonNode> pod() {
    return switch (kind()) {
      case "Pod" -> Optional.of(json);
      case "DaemonSet", "Deployment", "Job" -> Optional.of(json.at("/spec/template"));
      default -> Optional.empty();
    };
  }

  static Map<String, String> map(JsonNode object) {
    var map = new TreeMap<String, String>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  /** An object with its fields in order. */
  static String canonical(JsonNode object) {
    var fields = new TreeMap<String, JsonNode>();
    object.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return fields.toString();
  }

  static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public String toString() {
    return kind() + "/" + name();
  }
}
