package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.ServicePort;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Resources that are computed from Services, EndpointSlices and Deployments. */
final class ServiceSources {
  private ServiceSources() {}

  /**
   * Services with their endpoints and the last reconcile of their load balancer.
   *
   * @param slices empty: the endpoints are unknown
   */
  static List<KubeService> services(
      Collection<CachedService> services,
      Optional<Collection<CachedEndpointSlice>> slices,
      Reconciles reconciles) {
    Optional<Map<String, List<CachedEndpointSlice>>> byService =
        slices.map(
            all ->
                all.stream()
                    .collect(Collectors.groupingBy(s -> s.namespace() + "/" + s.service())));
    return services.stream()
        .map(CachedService::service)
        .sorted(Comparator.comparing(KubeService::namespace).thenComparing(KubeService::name))
        .map(
            service ->
                with(
                    service,
                    byService.map(
                        of ->
                            of.getOrDefault(service.namespace() + "/" + service.name(), List.of())),
                    reconciles.of("Service", service.namespace(), service.name())))
        .toList();
  }

  /** Each address once: two slices may contain it while endpoints move between them. */
  private static List<Endpoint> endpoints(List<CachedEndpointSlice> slices) {
    var byAddress = new LinkedHashMap<String, Endpoint>();
    slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .sorted(Comparator.comparing(Endpoint::address))
        .forEach(e -> byAddress.merge(e.address(), e, (a, b) -> a.ready() ? a : b));
    return List.copyOf(byAddress.values());
  }

  /** Pods of a Service may have different ports under one name. */
  private static ServicePort withTarget(ServicePort port, List<CachedEndpointSlice> slices) {
    var targets =
        slices.stream()
            .filter(slice -> !slice.endpoints().isEmpty())
            .map(slice -> Optional.ofNullable(slice.ports().get(port.name())))
            .distinct()
            .toList();
    return new ServicePort(
        port.name(),
        port.protocol(),
        port.port(),
        port.nodePort(),
        targets.size() == 1 ? targets.get(0) : Optional.empty(),
        port.appProtocol());
  }

  private static KubeService with(
      KubeService service,
      Optional<List<CachedEndpointSlice>> slices,
      Optional<Reconcile> reconcile) {
    return new KubeService(
        service.namespace(),
        service.name(),
        service.type(),
        service.clusterIps(),
        service.ports().stream().map(port -> withTarget(port, slices.orElse(List.of()))).toList(),
        service.addresses(),
        service.annotations(),
        service.local(),
        slices.map(ServiceSources::endpoints),
        reconcile);
  }

  /**
   * Services without endpoints because a Deployment is scaled to zero. A wrong selector, a deleted
   * Deployment and pods that are not ready are faults and not listed. StatefulSets and DaemonSets
   * are not read: their pods with an address show as endpoints.
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
        .filter(
            s -> isScaledToZero(s.selector(), byNamespace.getOrDefault(namespace(s), List.of())))
        .map(s -> new ScaledToZero(namespace(s), s.service().name()))
        .filter(service -> !withEndpoints.contains(service))
        .sorted(Comparator.comparing(ScaledToZero::namespace).thenComparing(ScaledToZero::service))
        .toList();
  }

  private static String namespace(CachedService service) {
    return service.service().namespace();
  }

  /** Whether a selected Deployment is scaled to zero, and no other may be selected that is not. */
  private static boolean isScaledToZero(
      Map<String, String> selector, List<CachedDeployment> deployments) {
    return !selector.isEmpty()
        && deployments.stream().anyMatch(d -> d.scaledToZero() && d.matches(selector))
        && deployments.stream().allMatch(d -> d.scaledToZero() || !d.mayMatch(selector));
  }
}
