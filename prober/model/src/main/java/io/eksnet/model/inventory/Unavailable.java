package io.eksnet.model.inventory;

/**
 * Why a part is not known, or no longer kept up to date.
 *
 * @param detail for people, never a metric label
 */
public record Unavailable(Why why, String detail) {
  /** The classes of reasons; the label {@code outcome} of AWS calls where it has them. */
  public enum Why {
    /** It has not been read yet. */
    NOT_YET("not_yet"),
    /** The API has no such resource, as a CRD that is not installed; not a fault. */
    ABSENT("absent"),
    /** The caller may not read it. */
    DENIED("denied"),
    /** The caller has read too often. */
    THROTTLED("throttled"),
    /** No answer in time. */
    TIMEOUT("timeout"),
    /** Anything else. */
    ERROR("error");

    private final String label;

    Why(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** Nothing was read yet. */
  public static final Unavailable NOT_YET = new Unavailable(Why.NOT_YET, "not read yet");
}
