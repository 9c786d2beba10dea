package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.util.List;
import java.util.stream.Stream;

/** R35: the controller finds too few subnets for the load balancer of an Ingress. */
final class LbSubnetsNotDiscoverable implements Rule {
  private static final int ZONES_OF_AN_ALB = 2;

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Resources.INGRESSES).stream()
        .filter(LbSubnetsNotDiscoverable::findsNoSubnets)
        .flatMap(ingress -> finding(ingress, evidence));
  }

  private static boolean findsNoSubnets(KubeIngress ingress) {
    return ingress
        .reconcile()
        .filter(Reconcile::failing)
        .filter(last -> last.cause() == ReconcileCause.SUBNET_DISCOVERY)
        .isPresent();
  }

  private static Stream<Finding> finding(KubeIngress ingress, Evidence evidence) {
    var known = evidence.inventory().get(Resources.LB_SUBNETS);
    var candidates =
        known.orElse(List.of()).stream().filter(e -> e.scheme() == ingress.scheme()).toList();
    var zones =
        candidates.stream().filter(Eligibility::eligible).map(Eligibility::zone).distinct().count();
    if (known.isPresent() && zones >= ZONES_OF_AN_ALB) {
      return Stream.empty();
    }
    var tag =
        ingress.scheme() == Scheme.INTERNAL
            ? "kubernetes.io/role/internal-elb"
            : "kubernetes.io/role/elb";
    var draft =
        FindingBuilder.of(
                RootCause.LB_SUBNETS_NOT_DISCOVERABLE,
                "ingress/" + ingress.namespace() + "/" + ingress.name(),
                95)
            .seen(
                "the controller says: \"%s\""
                    .formatted(ingress.reconcile().orElseThrow().message()))
            .supportedBy(evidence, Resources.LB_SUBNETS)
            .fix(
                "tag at least two subnets in different zones with %s, value 1 or empty"
                    .formatted(tag),
                "free addresses in them: 8 each at least",
                "do the same in Terraform, or it comes back")
            .explains(RootCause.INGRESS_RECONCILE_FAILING, RootCause.INGRESS_DNS_MISMATCH);
    if (known.isPresent()) {
      draft.seen(
          "subnets in %d zones may be used (%s); rejected: %s"
              .formatted(zones, ingress.scheme().label(), rejections(candidates)));
    }
    return draft.stream();
  }

  private static String rejections(List<Eligibility> candidates) {
    var rejected =
        candidates.stream()
            .filter(candidate -> !candidate.eligible())
            .map(candidate -> candidate.subnetId() + " " + candidate.rejection().label())
            .toList();
    return rejected.isEmpty() ? "none" : FindingText.list(rejected);
  }
}
