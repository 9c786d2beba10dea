package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;

/** Label values from other programs. */
final class LabelValues {
  private static final int MAX_CHARACTERS = 64;

  private LabelValues() {}

  /** The value of a label, with the characters that names of APIs, errors and devices have. */
  static String of(ScrapedSample sample, String label) {
    var value = sample.labels().getOrDefault(label, "").replaceAll("[^A-Za-z0-9_.:@-]", "_");
    return value.substring(0, Math.min(MAX_CHARACTERS, value.length()));
  }
}
