package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.stream.Stream;

/** R20: associations are there, and the Pod Identity agent of a node does not answer. */
final class PodIdentityAgentDown implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var associations = evidence.inventory().list(Resources.POD_IDENTITY_ASSOCIATIONS);
    var down =
        evidence.agents().stream()
            .filter(agent -> agent.host().podIdentityAgent().equals(Optional.of(false)))
            .map(AgentReport::node)
            .filter(node -> runsAgents(node, evidence))
            .toList();
    if (associations.isEmpty()) {
      return Stream.empty();
    }
    return down.stream()
        .flatMap(
            node ->
                FindingBuilder.of(RootCause.POD_IDENTITY_AGENT_DOWN, "node/" + node, 90)
                    .seen("nothing answers at the address of the Pod Identity agent on " + node)
                    .seen(
                        "%d service accounts get their role by Pod Identity"
                            .formatted(associations.size()))
                    .supportedBy(evidence, Resources.POD_IDENTITY_ASSOCIATIONS)
                    .fix(
                        "kubectl -n kube-system get pods -l"
                            + " app.kubernetes.io/name=eks-pod-identity-agent -o wide",
                        "restart its pod on " + node,
                        "where IPv6 is off on the node, take its address out of the agent's bind"
                            + " list")
                    .stream());
  }

  /** Fargate has no agents, and Auto Mode has them built in. */
  private static boolean runsAgents(String node, Evidence evidence) {
    return evidence.inventory().list(Resources.NODES).stream()
        .filter(known -> known.name().equals(node))
        .noneMatch(known -> known.computeType() != ComputeType.EC2);
  }
}
