package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of an EndpointSlice.
 *
 * @param pods the names of the pods behind it, in its namespace
 */
record CachedEndpointSlice(
    String namespace, String service, List<Endpoint> endpoints, List<String> pods) {
  CachedEndpointSlice {
    endpoints = List.copyOf(endpoints);
    pods = List.copyOf(pods);
  }

  /** Nothing of a slice that belongs to no Service. */
  static Optional<CachedEndpointSlice> of(EndpointSlice slice) {
    var meta = new Meta(slice);
    var service = meta.labels().getOrDefault("kubernetes.io/service-name", "");
    if (service.isEmpty()) {
      return Optional.empty();
    }
    var entries = Meta.list(slice.getEndpoints());
    return Optional.of(
        new CachedEndpointSlice(
            meta.namespace(),
            service,
            entries.stream()
                .flatMap(e -> Meta.list(e.getAddresses()).stream().map(a -> endpoint(a, e)))
                .toList(),
            entries.stream()
                .flatMap(e -> Optional.ofNullable(e.getTargetRef()).stream())
                .filter(ref -> "Pod".equals(ref.getKind()) && ref.getName() != null)
                .map(ref -> ref.getName())
                .toList()));
  }

  private static Endpoint endpoint(
      String address, io.fabric8.kubernetes.api.model.discovery.v1.Endpoint entry) {
    var conditions = Optional.ofNullable(entry.getConditions());
    return new Endpoint(
        address,
        // "nil" counts as ready and as not terminating (discovery.k8s.io/v1)
        conditions.map(EndpointConditions::getReady).orElse(true),
        conditions.map(EndpointConditions::getTerminating).orElse(false),
        Texts.of(entry.getNodeName()).intern(),
        Texts.of(entry.getZone()).intern());
  }
}
