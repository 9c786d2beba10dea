package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** R31, R32, R33: a target group has no targets, or targets that its load balancer does not use. */
final class TargetNotInService implements DiagnosisRule {
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.targetGroups().stream()
        .flatMap(
            group ->
                Stream.of(noTargets(group, evidence), zoneNotEnabled(group, evidence))
                    .flatMap(Optional::stream));
  }

  /**
   * A Service without pods, or whose pods all terminate, is scaled to zero. One whose pods are all
   * new is scaling up. Neither is a fault.
   */
  private static Optional<Finding> noTargets(TargetGroupView group, EvidenceIndex evidence) {
    var endpoints = group.endpoints().orElse(List.of());
    if (endpoints.isEmpty()
        || !group.registered().isEmpty()
        || !group.hasSettledPod()
        || group.lbResults().matching(w -> LbResponses.steadily(503, w)).isEmpty()) {
      return Optional.empty();
    }
    var ready = endpoints.stream().filter(Endpoint::ready).count();
    return group
        .service()
        .map(
            service ->
                ready == 0
                    ? noReadyEndpoints(endpoints.size(), service, group)
                    : notRegistered(ready, service, group, evidence))
        .map(
            finding ->
                finding
                    .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH, Resources.SERVICES)
                    .build());
  }

  private static Finding.Builder noReadyEndpoints(
      int pods, KubeService service, TargetGroupView group) {
    return Finding.builder(RootCause.NO_READY_ENDPOINTS, group.scope(), 95)
        .evidence("the load balancer itself responds 503, no target is registered")
        .evidence(
            "the Service %s/%s has %d pods, none is ready"
                .formatted(service.namespace(), service.name(), pods))
        .excludes("not the load balancer: it has no targets")
        .fix(
            "kubectl -n %s get pods, and check why they are not ready"
                .formatted(service.namespace()));
  }

  private static Finding.Builder notRegistered(
      long ready, KubeService service, TargetGroupView group, EvidenceIndex evidence) {
    return Finding.builder(RootCause.TARGETS_NOT_REGISTERED, group.scope(), 85)
        .evidence("the load balancer itself responds 503, no target is registered")
        .evidence(
            "the Service %s/%s has %d ready pods"
                .formatted(service.namespace(), service.name(), ready))
        .supportedBy(evidence.inventory(), Resources.TARGET_GROUP_BINDINGS)
        .excludes("not the application: its pods are ready")
        .fix(
            "check the events of the TargetGroupBinding: BackendNotFound, FailedReconcile",
            "check that the AWS Load Balancer Controller runs and may call RegisterTargets");
  }

  private static Optional<Finding> zoneNotEnabled(TargetGroupView group, EvidenceIndex evidence) {
    var unused = group.inState("unused").stream().filter(TargetNotInService::isForItsZone).toList();
    if (unused.isEmpty()) {
      return Optional.empty();
    }
    var zones = unused.stream().map(TargetHealth::zone).distinct().toList();
    return Optional.of(
        Finding.builder(RootCause.TARGET_ZONE_NOT_ENABLED, group.scope(), 90)
            .evidence(
                "%d targets are unused: \"%s\""
                    .formatted(unused.size(), unused.get(0).description()))
            .supportedBy(evidence.inventory(), Resources.TARGET_HEALTH)
            .fix(
                "add a subnet in %s to the load balancer".formatted(FindingText.list(zones)),
                "or enable cross-zone load balancing")
            .build());
  }

  private static boolean isForItsZone(TargetHealth target) {
    return target.reason().equals("Target.NotInUse")
        && target.description().toLowerCase(Locale.ROOT).contains("availability zone");
  }
}
