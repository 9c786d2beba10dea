package io.eksnet.app;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Lack;
import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that could not be seen, and why: of it nothing can be said. */
record Unseen(String what, String why) {
  /** The parts that were to be read and are not known; one that a cluster does not have is none. */
  static List<Unseen> in(Inventory inventory) {
    var byReason = new LinkedHashMap<Lack, List<Part<?>>>();
    for (var part : Parts.all()) {
      var known = inventory.known(part);
      known
          .lack()
          .filter(lack -> known.value().isEmpty() && lack.why() != Lack.Why.ABSENT)
          .filter(lack -> inventory.parts().contains(part))
          .ifPresent(lack -> byReason.computeIfAbsent(lack, l -> new ArrayList<>()).add(part));
    }
    return byReason.entrySet().stream().map(Unseen::of).toList();
  }

  JsonObject json() {
    return new JsonObject().put("what", what).put("why", why);
  }

  private static Unseen of(Map.Entry<Lack, List<Part<?>>> lacking) {
    var names =
        lacking.getValue().stream()
            .map(part -> part.service() + " " + part.name())
            .collect(Collectors.joining(", "));
    return new Unseen(names, lacking.getKey().why().label() + ": " + lacking.getKey().detail());
  }
}
