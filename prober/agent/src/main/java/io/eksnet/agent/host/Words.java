package io.eksnet.agent.host;

import io.eksnet.model.ScrapedSample;

/** Label values that come from others. */
final class Words {
  private static final int LONGEST = 64;

  private Words() {}

  /** The value of a label, without what no name of an API, error or device holds. */
  static String of(ScrapedSample said, String label) {
    var word = said.labels().getOrDefault(label, "").replaceAll("[^A-Za-z0-9_.:@-]", "_");
    return word.substring(0, Math.min(LONGEST, word.length()));
  }
}
