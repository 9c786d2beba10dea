package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.stream.Stream;

/** R20: associations exist, and the Pod Identity agent of a node does not answer. */
final class PodIdentityAgentDown implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var associations = evidence.list(Resources.POD_IDENTITY_ASSOCIATIONS).size();
    if (associations == 0) {
      return Stream.empty();
    }
    return evidence.agents().stream()
        .filter(agent -> agent.host().podIdentityAgent().equals(Optional.of(false)))
        .map(AgentReport::node)
        .filter(node -> runsAgentPod(node, evidence))
        .map(node -> finding(node, associations, evidence));
  }

  /** Fargate has no Pod Identity agent, and EKS Auto Mode runs it outside the cluster's pods. */
  private static boolean runsAgentPod(String node, EvidenceIndex evidence) {
    return evidence.node(node).filter(it -> it.computeType() != ComputeType.EC2).isEmpty();
  }

  private static Finding finding(String node, int associations, EvidenceIndex evidence) {
    return Finding.builder(RootCause.POD_IDENTITY_AGENT_DOWN, "node/" + node, 90)
        .evidence("no response at the address of the Pod Identity agent on " + node)
        .evidence("%d service accounts use Pod Identity".formatted(associations))
        .supportedBy(evidence.inventory(), Resources.POD_IDENTITY_ASSOCIATIONS)
        .fix(
            "kubectl -n kube-system get pods -l app.kubernetes.io/name=eks-pod-identity-agent"
                + " -o wide",
            "restart its pod on " + node,
            "if IPv6 is disabled on the node, remove the IPv6 address from the bind hosts of the"
                + " agent")
        .build();
  }
}
