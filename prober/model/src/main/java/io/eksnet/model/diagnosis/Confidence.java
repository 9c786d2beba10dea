package io.eksnet.model.diagnosis;

/**
 * How certain a finding is.
 *
 * @param percent 0 to 100
 */
public record Confidence(int percent) {
  /** From here on the label is {@code high}. */
  public static final int HIGH = 80;

  /** From here on the label is {@code medium}. */
  public static final int MEDIUM = 50;

  private static final int MISSING_SOURCE_PENALTY = 20;

  public Confidence {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("confidence must be 0 to 100 percent, not " + percent);
    }
  }

  /** The confidence when {@code sources} supporting sources are stale or missing. */
  public Confidence without(int sources) {
    return new Confidence(Math.max(0, percent - sources * MISSING_SOURCE_PENALTY));
  }

  /** The label {@code confidence}: {@code high}, {@code medium} or {@code low}. */
  public String label() {
    return percent >= HIGH ? "high" : percent >= MEDIUM ? "medium" : "low";
  }
}
