package io.eksnet.model.inventory;

/**
 * How the scheduling of a pod went.
 *
 * @param message the scheduler's own words, empty when it is scheduled
 */
public record Scheduling(boolean scheduled, UnschedulableReason obstacle, String message) {
  /** It has a node. */
  public static final Scheduling DONE = new Scheduling(true, UnschedulableReason.NONE, "");
}
