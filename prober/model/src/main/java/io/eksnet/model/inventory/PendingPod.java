package io.eksnet.model.inventory;

import java.time.Instant;

/**
 * A pod that waits: for a node, or, when it has one, for an address.
 *
 * @param since when it was created, or got its node
 */
public record PendingPod(
    String namespace, String name, String zone, Scheduling scheduling, Instant since) {
  /** Whether it has a node and waits for an address. */
  public boolean waitsForAddress() {
    return scheduling.scheduled();
  }
}
