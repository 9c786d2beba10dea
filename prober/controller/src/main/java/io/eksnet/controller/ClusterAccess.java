package io.eksnet.controller;

import io.eksnet.inventory.InventorySource;
import java.util.List;
import java.util.Optional;

/** Where a controller knows things from, and whether it is the one that polls. */
public interface ClusterAccess extends AutoCloseable {
  /** All that is read. */
  List<InventorySource<?>> sources();

  /** Takes part in the election; {@code leading} hears of changes, on any thread. */
  void elect(Election election);

  /** Whether this process leads at this moment; asked at each use. */
  boolean stillLeading();

  /** The name of another pod that leads, as it was seen last; empty: none is known. */
  Optional<String> leader();

  @Override
  void close();

  /** Hears of the election. */
  interface Election {
    /** It began or ceased to lead. */
    void leading(boolean now);

    /** It could not take part. */
    void failed(String reason);
  }

  /** Counts calls to AWS. */
  @FunctionalInterface
  interface AwsCallListener {
    void onCall(String service, String operation, String outcome, long nanos);
  }
}
