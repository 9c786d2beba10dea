package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R37: the controller fails to build the load balancer of an Ingress, for a reason that no other
 * rule explains.
 */
final class IngressReconcileFailing implements Rule {
  /** In which the controller has tried again once another rule's fault is repaired. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Rule subnets = new LbSubnetsNotDiscoverable();
  private final Rule credentials = new CredentialsNotAssociated();

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    var untagged = subnets.apply(evidence).map(Finding::scope).collect(Collectors.toSet());
    var noRole = credentials.apply(evidence).findAny().isPresent();
    return evidence.inventory().list(Resources.INGRESSES).stream()
        .flatMap(
            ingress ->
                ingress
                    .reconcile()
                    .filter(Reconcile::failing)
                    .filter(last -> !isExplained(last, scope(ingress), untagged, noRole))
                    .map(last -> finding(ingress, last, evidence))
                    .orElseGet(Stream::empty));
  }

  private static boolean isExplained(
      Reconcile last, String scope, Set<String> untagged, boolean noRole) {
    return switch (last.cause()) {
      case DNS -> true;
      case CREDENTIALS -> noRole;
      case SUBNET_DISCOVERY -> untagged.contains(scope);
      default -> false;
    };
  }

  private static String scope(KubeIngress ingress) {
    return "ingress/" + ingress.namespace() + "/" + ingress.name();
  }

  private static Stream<Finding> finding(KubeIngress ingress, Reconcile last, Evidence evidence) {
    var draft =
        FindingBuilder.of(RootCause.INGRESS_RECONCILE_FAILING, scope(ingress), 80)
            .seen(
                "%s (%s), %d times: \"%s\""
                    .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
            .supportedBy(evidence, Resources.INGRESSES)
            .fix(remedy(last.cause()))
            .explains(RootCause.INGRESS_DNS_MISMATCH);
    if (last.cause() == ReconcileCause.CREDENTIALS
        || last.cause() == ReconcileCause.SUBNET_DISCOVERY) {
      draft.toldAfter(PATIENCE);
    }
    if (!ingress.group().isEmpty()) {
      draft.seen("it stops the whole group " + ingress.group());
    }
    return draft.stream();
  }

  private static String remedy(ReconcileCause cause) {
    return switch (cause) {
      case IAM -> "give the role of the controller the action that the message names";
      case THROTTLED -> "wait: it retries; see who else calls the same API so often";
      case SG -> "let exactly one security group of each node carry the tag of the cluster";
      case CREDENTIALS ->
          "see the trust policy of the controller's role, and the Pod Identity agent of its nodes;"
              + " an association holds for new pods only";
      case SUBNET_DISCOVERY ->
          "enough subnets are tagged: see those that the annotation subnets or the"
              + " IngressClassParams name, and IPv6 of the subnets for dualstack";
      case ANNOTATION -> "correct the annotation or the reference that the message names";
      default -> "do what the message asks for";
    };
  }
}
