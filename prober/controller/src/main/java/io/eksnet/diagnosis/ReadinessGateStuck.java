package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R73: pods stay out of service because of the readiness gate of their target group. One finding
 * for each target group.
 */
final class ReadinessGateStuck implements DiagnosisRule {
  private static final String LB_CONTROLLER = "aws-load-balancer-controller";

  /** Registration takes seconds; then the load balancer sends up to five health checks. */
  private static final Duration REGISTRATION = Duration.ofMinutes(5);

  private static final int HEALTH_CHECKS = 5;

  /** The load balancer checks the target, or removes it: other rules find why checks fail. */
  private static final Set<String> CHECKED =
      Set.of(
          "Elb.InitialHealthChecking",
          "Target.Timeout",
          "Target.FailedHealthChecks",
          "Target.ResponseCodeMismatch",
          "Target.DeregistrationInProgress");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    if (isControllerDown(evidence)) {
      return Stream.empty(); // R60: the pods wait for the controller
    }
    Map<String, TargetGroupBinding> bindings =
        evidence.byKey(Resources.TARGET_GROUP_BINDINGS, it -> it.namespace() + "/" + it.name());
    var groups = evidence.byKey(Resources.TARGET_GROUPS, TargetGroup::arn);
    return stuck(evidence)
        .collect(
            groupingBy(gate -> gate.namespace() + "/" + gate.binding(), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .flatMap(
            entry -> {
              var binding = Optional.ofNullable(bindings.get(entry.getKey()));
              var group = binding.map(it -> groups.get(it.targetGroupArn()));
              return finding(entry.getKey(), entry.getValue(), binding, group, evidence);
            });
  }

  /** The gates whose target should be registered by now. */
  static Stream<ReadinessGate> stuck(EvidenceIndex evidence) {
    return evidence.list(Resources.READINESS_GATES).stream()
        .filter(gate -> !CHECKED.contains(gate.reason()))
        .filter(gate -> gate.since().plus(REGISTRATION).isBefore(evidence.now()));
  }

  private static boolean isControllerDown(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .anyMatch(it -> it.name().equals(LB_CONTROLLER) && it.ready() == 0);
  }

  private static Stream<Finding> finding(
      String bindingName,
      List<ReadinessGate> gates,
      Optional<TargetGroupBinding> binding,
      Optional<TargetGroup> group,
      EvidenceIndex evidence) {
    var usual =
        group
            .map(it -> it.healthCheck().interval().multipliedBy(HEALTH_CHECKS))
            .orElse(Duration.ZERO)
            .plus(REGISTRATION);
    var late =
        gates.stream().filter(it -> it.since().plus(usual).isBefore(evidence.now())).toList();
    if (late.isEmpty()) {
      return Stream.empty();
    }
    var first = late.get(0);
    var missing =
        binding.isEmpty() && evidence.inventory().snapshot(Resources.TARGET_GROUP_BINDINGS).fresh();
    var unused = group.filter(it -> it.loadBalancerArns().isEmpty()).isPresent();
    return Stream.of(
        Finding.builder(
                RootCause.READINESS_GATE_STUCK,
                group
                    .map(it -> "target_group/" + it.name())
                    .orElse("targetgroupbinding/" + bindingName),
                90)
            .evidence(
                "the containers of %d pods are ready, and the readiness gate of %s is not: %s"
                    .formatted(
                        late.size(),
                        bindingName,
                        FindingText.list(
                            late.stream().map(it -> it.namespace() + "/" + it.pod()).toList())))
            .evidence(
                first.reason().isEmpty()
                    ? "the load balancer controller set no condition"
                    : "%s: \"%s\"".formatted(first.reason(), first.message()))
            .evidenceIf(missing, "no TargetGroupBinding %s exists".formatted(bindingName))
            .evidenceIf(unused, "no load balancer uses the target group")
            .supportedBy(
                evidence.inventory(),
                Resources.READINESS_GATES,
                Resources.TARGET_GROUP_BINDINGS,
                Resources.COMPONENTS)
            .excludes("not the application: its containers are ready")
            .excludes("not a failing health check: the load balancer reports none")
            .fix(remedy(missing, unused, first))
            .fix(
                "kubectl -n kube-system logs deployment/aws-load-balancer-controller --tail=50: look"
                    + " for "
                    + first.binding())
            .build());
  }

  private static String remedy(boolean missing, boolean unused, ReadinessGate gate) {
    if (missing) {
      return "delete the pods: a gate is injected when a pod is created, and this one belongs to a"
          + " TargetGroupBinding that is gone";
    }
    if (unused || gate.reason().equals("Target.NotInUse")) {
      return "let a rule of a listener forward to the target group, or delete the TargetGroupBinding"
          + " and the pods: unused targets are never healthy";
    }
    return "kubectl -n %s describe targetgroupbinding %s: read why its targets are not registered"
        .formatted(gate.namespace(), gate.binding());
  }
}
