package io.eksnet.cli;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that could not be seen, and why: of it nothing can be said. */
record SkippedCheck(String what, String why) {
  /** The parts that were to be read and are not known; one that a cluster does not have is none. */
  static List<SkippedCheck> in(Inventory inventory) {
    var byReason = new LinkedHashMap<Unavailable, List<Resource<?>>>();
    for (var part : Resources.all()) {
      var known = inventory.snapshot(part);
      known
          .unavailable()
          .filter(lack -> known.value().isEmpty() && lack.reason() != Unavailable.Reason.ABSENT)
          .filter(lack -> inventory.resources().contains(part))
          .ifPresent(lack -> byReason.computeIfAbsent(lack, l -> new ArrayList<>()).add(part));
    }
    return byReason.entrySet().stream().map(SkippedCheck::of).toList();
  }

  JsonObject json() {
    return new JsonObject().put("what", what).put("why", why);
  }

  private static SkippedCheck of(Map.Entry<Unavailable, List<Resource<?>>> lacking) {
    var names =
        lacking.getValue().stream()
            .map(part -> part.service() + " " + part.name())
            .collect(Collectors.joining(", "));
    return new SkippedCheck(
        names, lacking.getKey().reason().label() + ": " + lacking.getKey().detail());
  }
}
