package io.eksnet.controller.metrics;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of load balancers and target groups by their ARNs. An ARN holds the name before its
 * last part (service authorization reference of Elastic Load Balancing).
 */
record ElbNames(Map<String, String> byArn) {
  static ElbNames of(Inventory inventory) {
    var names = new HashMap<String, String>();
    inventory.list(Resources.LOAD_BALANCERS).forEach(lb -> names.put(lb.arn(), lb.name()));
    inventory.list(Resources.TARGET_GROUPS).forEach(group -> names.put(group.arn(), group.name()));
    return new ElbNames(names);
  }

  String of(String arn) {
    var known = byArn.get(arn);
    return known == null ? inside(arn) : known;
  }

  private static String inside(String arn) {
    var parts = List.of(arn.split("/", -1));
    return parts.size() < 3 ? arn : parts.get(parts.size() - 2);
  }
}
