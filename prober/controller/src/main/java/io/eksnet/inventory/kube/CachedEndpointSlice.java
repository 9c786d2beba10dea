package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is kept of an EndpointSlice.
 *
 * @param ports of its endpoints by the name of the port of the Service
 * @param pods names of the pods behind the endpoints, in the same namespace
 */
record CachedEndpointSlice(
    String namespace,
    String service,
    List<Endpoint> endpoints,
    Map<String, Integer> ports,
    List<String> pods) {
  CachedEndpointSlice {
    endpoints = List.copyOf(endpoints);
    ports = Map.copyOf(ports);
    pods = List.copyOf(pods);
  }

  /** A slice without a Service is dropped. */
  static Optional<CachedEndpointSlice> of(EndpointSlice slice) {
    var service = KubeObjects.labels(slice).getOrDefault("kubernetes.io/service-name", "");
    if (service.isEmpty()) {
      return Optional.empty();
    }
    var entries = list(slice.getEndpoints());
    return Optional.of(
        new CachedEndpointSlice(
            KubeObjects.namespace(slice),
            service,
            entries.stream()
                .flatMap(e -> list(e.getAddresses()).stream().map(a -> endpoint(a, e)))
                .toList(),
            list(slice.getPorts()).stream()
                .filter(port -> port.getPort() != null)
                .collect(
                    Collectors.toMap(
                        port -> text(port.getName()).intern(),
                        EndpointPort::getPort,
                        (first, next) -> first)),
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
        text(entry.getNodeName()).intern());
  }
}
