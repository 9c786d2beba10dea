package io.eksnet.model.diagnosis;

/**
 * How sure a finding is.
 *
 * @param percent 0 to 100
 */
public record Confidence(int percent) {
  /** The least that is called high. */
  public static final int HIGH = 80;

  /** The least that is called medium. */
  public static final int MEDIUM = 50;

  private static final int MISSING_SOURCE = 20;

  public Confidence {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("a confidence is 0 to 100 percent, not " + percent);
    }
  }

  /** What is left when this many sources that would support it are stale or missing. */
  public Confidence without(int sources) {
    return new Confidence(Math.max(0, percent - sources * MISSING_SOURCE));
  }

  /** The label {@code confidence}: {@code high}, {@code medium} or {@code low}. */
  public String label() {
    return percent >= HIGH ? "high" : percent >= MEDIUM ? "medium" : "low";
  }
}
