package io.eksnet.controller.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eksnet.model.diagnosis.Evidence;

/** The evidence of a diagnosis as JSON and back, complete: a real incident becomes a test. */
public final class EvidenceJson {
  private static final String VERSION_KEY = "version";
  private static final int VERSION = 5;

  /** Of texts without a version. */
  private static final int FIRST_VERSION = 1;

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
   * Reads what {@link #write} of this version wrote, and nothing else; and what earlier versions
   * wrote: lists that they lack are empty, and keys that no longer exist are ignored.
   *
   * @throws IllegalArgumentException that names the place and what is wrong with it
   */
  public static Evidence read(String text) {
    var json = (ObjectNode) ModelJson.parse(text);
    var version = json.path(VERSION_KEY).asInt(FIRST_VERSION);
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IllegalArgumentException(
          "the evidence has version %d and this program reads %d to %d"
              .formatted(version, FIRST_VERSION, VERSION));
    }
    var evidence = json.without(VERSION_KEY);
    return version == VERSION
        ? ModelJson.readStrictly(Evidence.class, evidence)
        : ModelJson.readTolerantly(Evidence.class, evidence);
  }
}
