package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** R55: eksnet itself lacks permissions or agents; what it cannot read is unknown, not broken. */
final class ProberTrouble implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return Stream.of(accessDenied(evidence), agentsMissing(evidence)).flatMap(Optional::stream);
  }

  private static Optional<Finding> accessDenied(EvidenceIndex evidence) {
    List<Resource<?>> denied =
        evidence.inventory().resources().stream()
            .filter(resource -> denial(resource, evidence).isPresent())
            .toList();
    return denied.stream()
        .flatMap(resource -> denial(resource, evidence).stream())
        .findFirst()
        .map(
            first ->
                Finding.builder(RootCause.PROBER_TROUBLE, "permissions", 90)
                    .evidence(
                        "eksnet may not read "
                            + FindingText.list(denied.stream().map(Resource::name).toList()))
                    .evidence("the API responds: " + first.detail())
                    .excludes("not a fault of the cluster: what depends on these is unknown")
                    .fix(
                        "give the controller the IAM policy k8s/iam-policy.json with your values,"
                            + " and the rules of k8s/rbac.yaml")
                    .build());
  }

  private static Optional<Unavailable> denial(Resource<?> resource, EvidenceIndex evidence) {
    return evidence
        .inventory()
        .snapshot(resource)
        .unavailable()
        .filter(unavailable -> unavailable.reason() == Unavailable.Reason.DENIED);
  }

  private static Optional<Finding> agentsMissing(EvidenceIndex evidence) {
    var reporting = evidence.agents().size();
    var desired = evidence.inventory().get(Resources.AGENTS).map(AgentFleet::desired).orElse(0);
    if (desired == 0 || reporting * 2 >= desired) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(RootCause.PROBER_TROUBLE, "agents", 90)
            .evidence("%d of %d agents report results".formatted(reporting, desired))
            .supportedBy(evidence.inventory(), Resources.AGENTS)
            .excludes("not a fault of their targets: their state is unknown")
            .fix(
                "kubectl get pods -l app.kubernetes.io/name=eksnet -o wide",
                "check that the controller reaches the agents on their port")
            .build());
  }
}
