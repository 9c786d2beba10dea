package io.eksnet.controller.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eksnet.model.diagnosis.Evidence;

/** The evidence of a diagnosis as JSON and back, complete: a real incident becomes a test. */
public final class EvidenceJson {
  private static final String VERSION_KEY = "version";
  private static final int VERSION = 1;

  private EvidenceJson() {}

  /** The text that {@link #read} reads. */
  public static String write(Evidence evidence) {
    return JsonNodeFactory.instance
        .objectNode()
        .put(VERSION_KEY, VERSION)
        .setAll((ObjectNode) ModelJson.tree(evidence))
        .toString();
  }

  /**
   * Reads what {@link #write} wrote, and nothing else. A text without a version is of version 1.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  public static Evidence read(String text) {
    var json = (ObjectNode) ModelJson.parse(text);
    var version = json.path(VERSION_KEY).asInt(VERSION);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the evidence has version " + version + " and this program reads " + VERSION);
    }
    return ModelJson.readStrictly(Evidence.class, json.without(VERSION_KEY));
  }
}
