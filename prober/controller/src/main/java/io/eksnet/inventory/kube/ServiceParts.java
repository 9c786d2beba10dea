package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.KubeService;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The Services with their endpoints. */
final class ServiceParts {
  private ServiceParts() {}

  /**
   * @param slices empty: the endpoints are not known
   */
  static List<KubeService> services(
      Collection<CachedService> services, Optional<Collection<CachedEndpointSlice>> slices) {
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
                            endpoints(
                                of.getOrDefault(
                                    service.namespace() + "/" + service.name(), List.of())))))
        .toList();
  }

  /** Each address once: while endpoints move between slices, two may hold it. */
  private static List<Endpoint> endpoints(List<CachedEndpointSlice> slices) {
    var byAddress = new LinkedHashMap<String, Endpoint>();
    slices.stream()
        .flatMap(slice -> slice.endpoints().stream())
        .sorted(Comparator.comparing(Endpoint::address))
        .forEach(e -> byAddress.merge(e.address(), e, (a, b) -> a.ready() ? a : b));
    return List.copyOf(byAddress.values());
  }

  private static KubeService with(KubeService service, Optional<List<Endpoint>> endpoints) {
    return new KubeService(
        service.namespace(),
        service.name(),
        service.type(),
        service.clusterIps(),
        service.ports(),
        service.addresses(),
        service.annotations(),
        endpoints,
        service.created());
  }
}
