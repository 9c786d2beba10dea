package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a node is not ready, from its condition {@code Ready}. */
public enum NotReadyReason implements Labelled {
  /** The kubelet reports that the network of its container runtime is not ready. */
  CNI_NOT_INITIALIZED,
  /** The container runtime does not respond to the kubelet. */
  CONTAINER_RUNTIME,
  /** The kubelet no longer reports its status. */
  STATUS_UNKNOWN,
  /** The kubelet never reported its status. */
  STATUS_NEVER_UPDATED,
  /** Anything else. */
  OTHER
}
