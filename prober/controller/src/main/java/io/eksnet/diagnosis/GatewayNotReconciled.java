package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R35, R59: the AWS Load Balancer Controller fails to build the load balancer of a valid Gateway,
 * as its events report. An invalid one is {@link GatewayNotProgrammed}.
 */
final class GatewayNotReconciled implements DiagnosisRule {
  private static final int ALB_ZONES = 2;
  private static final int NLB_ZONES = 1;

  /** By then the controller has retried after another rule's cause was fixed. */
  private static final Duration RETRY = Duration.ofMinutes(3);

  private static final Set<ReconcileCause> SUBNETS =
      EnumSet.of(ReconcileCause.SUBNET_DISCOVERY, ReconcileCause.SUBNET_EXHAUSTED);

  private record Failure(Gateway gateway, Reconcile last, LbSubnetDiscovery subnets) {
    private String scope() {
      return "gateway/" + gateway.fullName();
    }

    private boolean dependsOnTags() {
      return SUBNETS.contains(last.cause()) && !gateway.namesSubnets();
    }

    private boolean lacksSubnets() {
      return dependsOnTags() && subnets.areLacking();
    }

    private boolean mayBeExplained() {
      return dependsOnTags()
          || last.cause() == ReconcileCause.DNS
          || last.cause() == ReconcileCause.CREDENTIALS;
    }

    private String fault() {
      return lacksSubnets()
          ? "subnets %s %d".formatted(subnets.scheme().label(), subnets.minZones())
          : last.cause().label();
    }
  }

  /** The last reconcile of a valid Gateway, if it failed. */
  static Optional<Reconcile> failure(Gateway gateway) {
    return gateway
        .reconcile()
        .filter(Reconcile::failing)
        .filter(last -> last.cause() != ReconcileCause.ANNOTATION);
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var explained = ComponentCredentials.explained(evidence);
    var unhandled = GatewayClassMissing.gateways(evidence);
    return evidence.list(Resources.GATEWAYS).stream()
        .filter(gateway -> !unhandled.contains(gateway.fullName()))
        .flatMap(
            gateway ->
                failure(gateway)
                    .filter(last -> !ReconcileFailure.hasOwnRule(last))
                    .filter(last -> !explained.contains(last.cause()))
                    .map(last -> new Failure(gateway, last, subnets(gateway, last, evidence)))
                    .stream())
        .collect(groupingBy(Failure::fault, TreeMap::new, toList()))
        .values()
        .stream()
        .map(failures -> finding(failures, evidence));
  }

  private static LbSubnetDiscovery subnets(
      Gateway gateway, Reconcile last, EvidenceIndex evidence) {
    var isNlb =
        evidence.list(Resources.GATEWAY_CLASSES).stream()
            .filter(one -> one.name().equals(gateway.className()))
            .anyMatch(one -> one.controller().equals(GatewayClass.NLB_CONTROLLER));
    return new LbSubnetDiscovery(gateway.scheme(), isNlb ? NLB_ZONES : ALB_ZONES, last, evidence);
  }

  private static Finding finding(List<Failure> failures, EvidenceIndex evidence) {
    var about = failures.get(0);
    var others = failures.stream().skip(1).map(Failure::scope).toList();
    return (about.lacksSubnets()
            ? about.subnets().finding(about.scope())
            : failing(about, evidence))
        .evidenceIf(
            !others.isEmpty(),
            "%d other Gateways fail for the same reason: %s"
                .formatted(others.size(), FindingText.list(others)))
        .affects(others)
        .build();
  }

  private static Finding.Builder failing(Failure failure, EvidenceIndex evidence) {
    var last = failure.last();
    return Finding.builder(RootCause.LB_RECONCILE_FAILING, failure.scope(), 80)
        .evidence(
            "%s (%s), %d times: \"%s\""
                .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
        .supportedBy(evidence.inventory(), Resources.GATEWAYS, Resources.GATEWAY_CLASSES)
        .fix(
            ReconcileRemedy.of(last.cause()),
            "kubectl -n %s describe gateway %s"
                .formatted(failure.gateway().namespace(), failure.gateway().name()))
        .holdFor(failure.mayBeExplained() ? RETRY : Duration.ZERO);
  }
}
