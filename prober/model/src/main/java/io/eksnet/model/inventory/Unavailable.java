package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;
import io.eksnet.model.Labelled;
import io.eksnet.model.Secrets;

/**
 * Why a resource is not known, or no longer up to date.
 *
 * @param detail for people, never a metric label; without credentials
 */
public record Unavailable(@JsonName("why") Reason reason, String detail) {
  /** The classes of reasons; the label {@code outcome} of AWS calls where it has them. */
  public enum Reason implements Labelled {
    /** It has not been read yet. */
    NOT_YET,
    /** The API has no such resource, as a CRD that is not installed; not a fault. */
    ABSENT,
    /** The caller lacks the permission. */
    DENIED,
    /** The API throttled the caller. */
    THROTTLED,
    /** The request timed out. */
    TIMEOUT,
    /** Anything else. */
    ERROR
  }

  public Unavailable {
    detail = Secrets.redact(detail);
  }

  /** Nothing was read yet. */
  public static final Unavailable NOT_YET = new Unavailable(Reason.NOT_YET, "not read yet");
}
