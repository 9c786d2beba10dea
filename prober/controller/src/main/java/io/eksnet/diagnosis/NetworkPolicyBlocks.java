package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.policy.Direction;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import io.eksnet.model.policy.PolicyEngine;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * R74: NetworkPolicies deny a path, and nothing gets through although the pods are ready. One
 * finding for each namespace whose pods are isolated.
 */
final class NetworkPolicyBlocks implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.inventory().get(Resources.NETWORK_POLICIES).stream()
        .filter(policies -> policies.engine() != PolicyEngine.NONE)
        .filter(
            policies ->
                !policies.policies().isEmpty() || policies.engine() == PolicyEngine.VPC_CNI_STRICT)
        .flatMap(policies -> findings(evidence, policies));
  }

  private static Stream<Finding> findings(EvidenceIndex evidence, NetworkPolicies policies) {
    return new DeniedPaths(evidence, policies)
        .all().collect(groupingBy(DeniedPath::namespace, TreeMap::new, toList())).values().stream()
            .map(paths -> finding(paths, evidence.inventory(), policies.engine()));
  }

  private static Finding finding(List<DeniedPath> all, Inventory inventory, PolicyEngine engine) {
    var first = all.get(0);
    var namespace = first.namespace();
    var isolating =
        all.stream()
            .flatMap(path -> path.verdict().isolating().stream())
            .map(NetworkPolicy::id)
            .collect(toCollection(TreeSet::new));
    var finding =
        Finding.builder(RootCause.NETWORK_POLICY_BLOCKS, "namespace/" + namespace, percent(engine))
            .supportedBy(inventory, Resources.NETWORK_POLICIES)
            .evidenceIf(
                !isolating.isEmpty(),
                "pods of namespace %s are isolated by %s".formatted(namespace, policies(isolating)))
            .evidenceIf(
                isolating.isEmpty(),
                "no NetworkPolicy selects the pods of namespace %s, and the VPC CNI enforces"
                        .formatted(namespace)
                    + " policies in strict mode");
    all.forEach(
        path -> finding.evidence(rule(path)).evidence(path.symptom()).affects(path.affected()));
    finding
        .excludes("not the pods: they are ready")
        .explainsOnly(
            all.stream()
                .flatMap(path -> path.consequences().stream())
                .collect(toUnmodifiableSet()));
    all.stream().map(NetworkPolicyBlocks::fix).distinct().forEach(finding::fix);
    return finding
        .fix(
            isolating.isEmpty()
                ? "kubectl -n %s get networkpolicies".formatted(namespace)
                : "kubectl -n %s describe networkpolicy %s"
                    .formatted(
                        namespace, isolating.first().substring(isolating.first().indexOf('/') + 1)))
        .build();
  }

  /** Policies of other kinds are not read: those of Calico and Cilium may decide first. */
  private static int percent(PolicyEngine engine) {
    return switch (engine) {
      case VPC_CNI, VPC_CNI_STRICT -> 90;
      case CALICO, CILIUM -> 80;
      case NONE, UNKNOWN -> 60;
    };
  }

  private static String policies(Collection<String> names) {
    return (names.size() == 1 ? "NetworkPolicy " : "NetworkPolicies ") + FindingText.list(names);
  }

  private static String rule(DeniedPath path) {
    return path.verdict().direction() == Direction.EGRESS
        ? "no rule allows them egress to %s, %s".formatted(path.peer(), path.port())
        : "no rule allows %s from %s".formatted(path.port(), path.peer());
  }

  private static String fix(DeniedPath path) {
    return path.verdict().direction() == Direction.EGRESS
        ? "allow egress to %s, %s, in a NetworkPolicy of namespace %s"
            .formatted(path.peer(), path.port(), path.namespace())
        : "allow ingress from %s, %s, in a NetworkPolicy of namespace %s"
            .formatted(path.peer(), path.port(), path.namespace());
  }
}
