package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;
import java.util.List;

/**
 * Pods that wait for images because the container runtime cannot reach a host: a registry, or where
 * it keeps its layers. Pulls that a registry refuses are left out.
 *
 * @param host of the request that fails, in lower case, with its port if it has one
 * @param nodes of the pods, in alphabetical order
 * @param pods how many wait
 * @param message of the kubelet about one of them
 */
public record ImagePullFailure(
    String host, Reason reason, List<String> nodes, int pods, String message) {
  /** Why the host cannot be reached. */
  public enum Reason implements Labelled {
    /** No response, or no route. */
    NO_RESPONSE,
    /** Connections are refused. */
    REFUSED,
    /** The name does not resolve. */
    UNRESOLVED,
    /** The container runtime does not trust the certificate. */
    UNTRUSTED
  }

  public ImagePullFailure {
    nodes = List.copyOf(nodes);
  }
}
