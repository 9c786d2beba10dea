package io.eksnet.diagnose;

import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.core.diagnosis.RootCause;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.Reconcile;
import io.eksnet.core.inventory.ReconcileCause;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R37: the controller fails to build the load balancer of an Ingress, for a reason that is not
 * another rule's.
 */
final class IngressReconcileFailing implements Rule {
  private static final Set<ReconcileCause> OTHERS =
      EnumSet.of(ReconcileCause.DNS, ReconcileCause.CREDENTIALS, ReconcileCause.SUBNET_DISCOVERY);

  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return evidence.inventory().list(Parts.INGRESSES).stream()
        .flatMap(
            ingress ->
                ingress
                    .reconcile()
                    .filter(Reconcile::failing)
                    .filter(last -> !OTHERS.contains(last.cause()))
                    .map(last -> finding(ingress, last, evidence))
                    .orElseGet(Stream::empty));
  }

  private static Stream<Finding> finding(KubeIngress ingress, Reconcile last, Evidence evidence) {
    var draft =
        Draft.of(
                RootCause.INGRESS_RECONCILE_FAILING,
                "ingress/" + ingress.namespace() + "/" + ingress.name(),
                80)
            .seen(
                "%s (%s), %d times: \"%s\""
                    .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
            .supportedBy(evidence, Parts.INGRESSES)
            .fix(remedy(last.cause()))
            .explains(RootCause.INGRESS_DNS_MISMATCH);
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
      case ANNOTATION -> "correct the annotation or the reference that the message names";
      default -> "do what the message asks for";
    };
  }
}
