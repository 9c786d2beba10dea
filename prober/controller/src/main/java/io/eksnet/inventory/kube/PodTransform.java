package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From a pod to what is kept of it. */
final class PodTransform {
  private static final Set<String> OVER = Set.of("Succeeded", "Failed");
  private static final String GATE = "target-health.";

  private PodTransform() {}

  /** What is kept; nothing of a pod that has ended and takes no slot any more. */
  static Optional<CachedPod> of(Pod pod) {
    var status = pod.getStatus();
    var spec = pod.getSpec();
    if (status == null || spec == null || OVER.contains(Texts.of(status.getPhase()))) {
      return Optional.empty();
    }
    var meta = new Meta(pod);
    var conditions = Meta.list(status.getConditions());
    var scheduled = condition(conditions, "PodScheduled");
    var role = Roles.of(meta.labels());
    var created = meta.created();
    return Optional.of(
        new CachedPod(
            meta.namespace(),
            meta.name(),
            role,
            Texts.of(spec.getNodeName()).intern(),
            Texts.of(status.getPodIP()),
            Texts.of(status.getPhase()).intern(),
            condition(conditions, "Ready").map(c -> c.getStatus().equals("True")).orElse(false),
            Boolean.TRUE.equals(spec.getHostNetwork()),
            pod.getMetadata().getDeletionTimestamp() != null,
            scheduling(Texts.of(spec.getNodeName()), scheduled),
            created,
            scheduled
                .filter(c -> c.getStatus().equals("True"))
                .map(c -> Times.of(c.getLastTransitionTime(), created))
                .orElse(created),
            BranchInterface.of(meta.annotations().get(BranchInterface.ANNOTATION)),
            gates(conditions),
            role.isEmpty() ? Optional.empty() : Optional.of(PodDetail.of(pod, meta))));
  }

  private static Scheduling scheduling(String node, Optional<PodCondition> condition) {
    if (!node.isEmpty()) {
      return Scheduling.DONE;
    }
    var words =
        condition
            .filter(
                c ->
                    c.getStatus().equals("False")
                        && Texts.of(c.getReason()).equals("Unschedulable"))
            .map(c -> Texts.message(c.getMessage()))
            .orElse("");
    var obstacle =
        words.isEmpty() ? UnschedulableReason.NONE : SchedulerMessageParser.obstacle(words);
    return new Scheduling(false, obstacle, words);
  }

  private static List<ReadinessGate> gates(List<PodCondition> conditions) {
    return conditions.stream()
        .filter(c -> c.getType().startsWith(GATE) && c.getType().contains("/"))
        .map(
            c ->
                new ReadinessGate(
                    c.getType().substring(c.getType().indexOf('/') + 1),
                    c.getStatus(),
                    Texts.of(c.getReason()),
                    Texts.message(c.getMessage())))
        .toList();
  }

  private static Optional<PodCondition> condition(List<PodCondition> conditions, String type) {
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }
}
