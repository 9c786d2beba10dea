package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Resources;
import java.util.stream.Stream;

/**
 * R31: the load balancer answers 503, its target group is empty, and the pods of the Service are
 * there and not ready. A Service without pods, or whose pods all go, is scaled to zero, one whose
 * pods are new is scaled up, and neither is a fault.
 */
final class NoReadyEndpoints implements Rule {
  @Override
  public Stream<Finding> apply(Evidence evidence) {
    return TargetGroupView.all(evidence).flatMap(NoReadyEndpoints::finding);
  }

  private static Stream<Finding> finding(TargetGroupView view) {
    var endpoints = view.endpoints();
    var front = view.frontProbes().that(track -> Codes.steadily(503, track));
    if (!view.registered().isEmpty()
        || front.isEmpty()
        || endpoints.isEmpty()
        || endpoints.get().isEmpty()
        || endpoints.get().stream().anyMatch(Endpoint::ready)
        || !view.hadTimeToStart()) {
      return Stream.empty();
    }
    var service = view.service().orElseThrow();
    return FindingBuilder.of(RootCause.NO_READY_ENDPOINTS, view.scope(), 95)
        .seen("the load balancer itself answers 503, no target is registered")
        .seen(
            "%d pods of the Service %s/%s are there, none is ready"
                .formatted(endpoints.get().size(), service.namespace(), service.name()))
        .supportedBy(view.evidence(), Resources.TARGET_HEALTH, Resources.SERVICES)
        .excludes("not the load balancer: it has nobody to send to")
        .fix(
            "kubectl -n %s get pods, and see why they are not ready".formatted(service.namespace()))
        .stream();
  }
}
