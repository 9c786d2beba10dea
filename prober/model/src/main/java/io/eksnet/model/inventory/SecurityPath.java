package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;
import java.util.List;

/**
 * Whether security groups let a load balancer reach a port of a target.
 *
 * @param interfaceId the target's network interface, or empty if it was not found
 * @param groups the security groups of that interface, sorted; empty in evidence of older versions
 * @param reason which rule permits it, what is missing, or why it is unknown
 */
public record SecurityPath(
    String loadBalancerArn,
    String targetGroupArn,
    String targetId,
    String interfaceId,
    List<String> groups,
    int port,
    Use use,
    Verdict verdict,
    String reason) {
  public SecurityPath {
    groups = List.copyOf(groups);
  }

  /** What the port is for. */
  public enum Use implements Labelled {
    TRAFFIC,
    HEALTH_CHECK;

    @Override
    public String label() {
      return this == TRAFFIC ? "traffic" : "healthcheck";
    }
  }

  /** The verdict. */
  public enum Verdict {
    PERMITTED,
    BLOCKED,
    UNKNOWN
  }
}
