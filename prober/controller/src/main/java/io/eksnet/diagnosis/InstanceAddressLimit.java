package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R43: a node refuses pods an address because its instance can hold no more, and subnets have room.
 */
final class InstanceAddressLimit implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var addresses = new AddressView(evidence);
    return evidence.agents().stream()
        .filter(agent -> agent.host().pool().filter(InstanceAddressLimit::isFull).isPresent())
        .filter(agent -> addresses.hasRoom(agent.zone()))
        .flatMap(agent -> finding(agent, agent.host().pool().orElseThrow(), evidence));
  }

  private static boolean isFull(AddressPool pool) {
    return pool.refused() > 0
        && pool.maxEnis() > 0
        && pool.enis() >= pool.maxEnis()
        && pool.assigned() >= pool.total();
  }

  private static Stream<Finding> finding(AgentReport agent, AddressPool pool, Evidence evidence) {
    return FindingBuilder.of(RootCause.INSTANCE_ADDRESS_LIMIT, "node/" + agent.node(), 90)
        .seen(
            "%s has all its %d interfaces and all their %d addresses in use, and refused %d pods"
                .formatted(agent.node(), pool.maxEnis(), pool.total(), pool.refused()))
        .supportedBy(evidence, Resources.SUBNETS)
        .excludes("not the subnet: it has addresses left")
        .fix(
            "set maxPods to ENIs x (addresses - 1) + 2 of the instance type",
            "use a larger type, or prefix delegation on new node groups")
        .stream();
  }
}
