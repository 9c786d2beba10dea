package io.eksnet.model.inventory;

import java.util.List;

/** The subnet and the security groups of pods in one zone, with custom networking. */
public record EniConfig(String name, String subnetId, List<String> securityGroups) {
  public EniConfig {
    securityGroups = List.copyOf(securityGroups);
  }
}
