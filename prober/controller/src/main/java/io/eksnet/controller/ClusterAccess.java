package io.eksnet.controller;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.HostPort;
import java.util.List;
import java.util.Optional;

/** Access of a controller to Kubernetes and AWS, and its part in the leader election. */
public interface ClusterAccess extends AutoCloseable {
  /** All sources of the inventory. */
  List<InventorySource<?>> sources();

  /**
   * Joins the leader election.
   *
   * @param address where the other replica reaches this process; empty: unknown
   */
  void elect(Optional<HostPort> address, ElectionListener listener);

  /** Whether this process leads now; to be called before each use. */
  boolean stillLeading();

  /** The name of the pod that leads, if it is another one; empty: none is known. */
  Optional<String> leader();

  /** Where the pod that leads serves its endpoints, if it is another one and has published that. */
  Optional<HostPort> leaderAddress();

  /** The name of this pod. */
  String pod();

  @Override
  void close();

  /** Takes changes of the election, on any thread. */
  interface ElectionListener {
    /** This process has become the leader, or is no longer the leader. */
    void onChange(boolean leading);

    /** The Lease could not be read or written. */
    void onFailure(String reason);
  }

  /** Counts calls to AWS. */
  @FunctionalInterface
  interface AwsCallListener {
    void onCall(String service, String operation, String outcome, long nanos);
  }
}
