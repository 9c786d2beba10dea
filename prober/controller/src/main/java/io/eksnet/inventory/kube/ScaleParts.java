package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ScaledToZero;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which Services have no endpoints as somebody wished. */
final class ScaleParts {
  private ScaleParts() {}

  /**
   * A wrong selector, a Deployment that is gone and pods that are not ready leave a Service without
   * ready endpoints, too; only a Deployment that is there and wants no pods is a wish. StatefulSets
   * and DaemonSets are not asked: their pods with an address show as endpoints.
   */
  static List<ScaledToZero> scaledToZero(
      Collection<CachedService> services,
      Collection<CachedEndpointSlice> slices,
      Collection<CachedDeployment> deployments) {
    var withEndpoints =
        slices.stream()
            .filter(slice -> !slice.endpoints().isEmpty())
            .map(slice -> new ScaledToZero(slice.namespace(), slice.service()))
            .collect(Collectors.toSet());
    var byNamespace =
        deployments.stream().collect(Collectors.groupingBy(CachedDeployment::namespace));
    return services.stream()
        .filter(s -> wantNone(s.selector(), byNamespace.getOrDefault(namespace(s), List.of())))
        .map(s -> new ScaledToZero(namespace(s), s.service().name()))
        .filter(service -> !withEndpoints.contains(service))
        .sorted(Comparator.comparing(ScaledToZero::namespace).thenComparing(ScaledToZero::service))
        .toList();
  }

  private static String namespace(CachedService service) {
    return service.service().namespace();
  }

  /** Whether a Deployment of pods of this selector wants none, and no other wants some. */
  private static boolean wantNone(Map<String, String> selector, List<CachedDeployment> beside) {
    return !selector.isEmpty()
        && beside.stream().anyMatch(d -> d.wantsNone() && d.has(selector))
        && beside.stream().allMatch(d -> d.wantsNone() || !d.mayHave(selector));
  }
}
