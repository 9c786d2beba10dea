package io.eksnet.model.inventory;

import java.util.List;

/** Which security groups selected pods of a namespace have. */
public record SecurityGroupPolicy(String namespace, String name, List<String> groupIds) {
  public SecurityGroupPolicy {
    groupIds = List.copyOf(groupIds);
  }
}
