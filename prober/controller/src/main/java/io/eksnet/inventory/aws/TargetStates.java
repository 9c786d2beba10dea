package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The health states of all targets, for sources that may explain a change of them. There may be
 * 50,000, so those of the last value are kept.
 */
final class TargetStates {
  private volatile States last = new States(List.of(), Set.of());

  private record States(List<GroupHealth> health, Set<State> states) {}

  private record State(String group, String id, int port, String state) {}

  /** Empty while the health is unknown. */
  Optional<Set<?>> in(Inventory inventory) {
    return inventory.get(Resources.TARGET_HEALTH).map(health -> states(health, inventory));
  }

  private Set<State> states(List<GroupHealth> health, Inventory inventory) {
    var known = last;
    if (!known.health().equals(health)) {
      known = new States(health, states(inventory));
      last = known;
    }
    return known.states();
  }

  private static Set<State> states(Inventory inventory) {
    return GroupHealth.targetsIn(inventory).stream()
        .map(t -> new State(t.targetGroupArn(), t.id(), t.port(), t.state()))
        .collect(Collectors.toSet());
  }
}
