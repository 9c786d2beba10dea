package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R59: the AWS Load Balancer Controller reports errors about TargetGroupBindings: it registers no
 * targets, or does not add its rules to security groups. One finding for each class of errors. A
 * security group that then blocks the targets is a finding of its own, which has the message.
 */
final class BindingNotReconciled implements DiagnosisRule {
  /** By then the controller has retried after another rule's cause was fixed. */
  private static final Duration RETRY = Duration.ofMinutes(3);

  private static final Set<ReconcileCause> EXPLAINED =
      Set.of(
          ReconcileCause.DNS,
          ReconcileCause.CREDENTIALS,
          ReconcileCause.CREDENTIALS_TRUST_POLICY,
          ReconcileCause.IMDS_UNREACHABLE);

  private record Failure(TargetGroupBinding binding, Reconcile last) {
    boolean blocks(Set<String> targetGroupArns) {
      return last.cause() == ReconcileCause.SG
          && targetGroupArns.contains(binding.targetGroupArn());
    }
  }

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var blocked = TargetUnreachable.blockedGroups(evidence);
    return evidence.list(Resources.TARGET_GROUP_BINDINGS).stream()
        .flatMap(
            binding ->
                binding.reconcile().filter(Reconcile::failing).stream()
                    .filter(last -> !ReconcileFailure.hasOwnRule(last))
                    .map(last -> new Failure(binding, last)))
        .filter(failure -> !failure.blocks(blocked))
        .collect(groupingBy(failure -> failure.last().cause()))
        .values()
        .stream()
        .map(failures -> finding(failures, evidence));
  }

  private static Finding finding(List<Failure> failures, EvidenceIndex evidence) {
    var first = failures.get(0);
    var last = first.last();
    return Finding.builder(RootCause.LB_RECONCILE_FAILING, scope(failures), 80)
        .evidence(
            "%s (%s), %d times: \"%s\""
                .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
        .evidenceIf(
            failures.size() > 1,
            "the same class of error for %d TargetGroupBindings: %s"
                .formatted(
                    failures.size(),
                    FindingText.list(failures.stream().map(f -> name(f.binding())).toList())))
        .supportedBy(evidence.inventory(), Resources.TARGET_GROUP_BINDINGS)
        .fix(
            ReconcileRemedy.of(last.cause()),
            "kubectl -n %s describe targetgroupbinding %s"
                .formatted(first.binding().namespace(), first.binding().name()))
        .holdFor(EXPLAINED.contains(last.cause()) ? RETRY : Duration.ZERO)
        .build();
  }

  private static String scope(List<Failure> failures) {
    return failures.size() == 1
        ? "targetgroupbinding/" + name(failures.get(0).binding())
        : "component/aws-load-balancer-controller";
  }

  private static String name(TargetGroupBinding binding) {
    return binding.namespace() + "/" + binding.name();
  }
}
