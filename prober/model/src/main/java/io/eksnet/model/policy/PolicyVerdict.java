package io.eksnet.model.policy;

import java.util.List;

/**
 * Whether NetworkPolicies allow a connection.
 *
 * @param direction in which it is denied; of an allowed one the last that was evaluated
 * @param isolating the policies that select the pod at that end and do not allow the connection;
 *     none: no policy selects the pod
 */
public record PolicyVerdict(Decision decision, Direction direction, List<NetworkPolicy> isolating) {
  /** Whether it is allowed. */
  public enum Decision {
    ALLOWED,
    DENIED,
    /** It depends on addresses that are not known. */
    UNKNOWN
  }

  public PolicyVerdict {
    isolating = List.copyOf(isolating);
  }

  /** Whether it is certainly denied. */
  public boolean isDenied() {
    return decision == Decision.DENIED;
  }
}
