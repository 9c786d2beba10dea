package io.eksnet.cli;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that could not be checked, and why. */
record SkippedCheck(String what, String why) {
  /** The resources that could not be read. A resource that the cluster does not have is none. */
  static List<SkippedCheck> in(Inventory inventory) {
    var byReason = new LinkedHashMap<Unavailable, List<Resource<?>>>();
    for (var resource : Resources.all()) {
      var known = inventory.snapshot(resource);
      known
          .unavailable()
          .filter(lack -> known.value().isEmpty() && lack.reason() != Unavailable.Reason.ABSENT)
          .filter(lack -> inventory.resources().contains(resource))
          .ifPresent(lack -> byReason.computeIfAbsent(lack, l -> new ArrayList<>()).add(resource));
    }
    return byReason.entrySet().stream().map(SkippedCheck::of).toList();
  }

  /** An annotated object or a resource that is left out of the plans. */
  static SkippedCheck of(ValidationError error) {
    return new SkippedCheck(
        error.object(), error.field() + ": " + error.problem() + "; " + error.remedy());
  }

  JsonObject json() {
    return new JsonObject().put("what", what).put("why", why);
  }

  private static SkippedCheck of(Map.Entry<Unavailable, List<Resource<?>>> unavailable) {
    var names =
        unavailable.getValue().stream()
            .map(resource -> resource.service() + " " + resource.name())
            .collect(Collectors.joining(", "));
    return new SkippedCheck(
        names, unavailable.getKey().reason().label() + ": " + unavailable.getKey().detail());
  }
}
