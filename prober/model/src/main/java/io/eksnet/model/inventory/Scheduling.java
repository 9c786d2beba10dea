package io.eksnet.model.inventory;

import io.eksnet.model.JsonName;

/**
 * How the scheduling of a pod went.
 *
 * @param message the scheduler's own words, empty when it is scheduled
 */
public record Scheduling(
    boolean scheduled, @JsonName("obstacle") UnschedulableReason reason, String message) {
  /** It has a node. */
  public static final Scheduling DONE = new Scheduling(true, UnschedulableReason.NONE, "");
}
