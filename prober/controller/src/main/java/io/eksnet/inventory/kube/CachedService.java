package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.number;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TrafficSource;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Service.
 *
 * @param service without endpoints and target ports, which are added later
 * @param selector empty: it selects no pods, or the selector is too long to keep
 */
record CachedService(KubeService service, Map<String, String> selector) {
  CachedService {
    selector = Map.copyOf(selector);
  }

  static Optional<CachedService> of(Service service) {
    var spec = service.getSpec();
    if (spec == null) {
      return Optional.empty();
    }
    var type = Optional.ofNullable(spec.getType()).orElse("ClusterIP");
    var kept =
        new KubeService(
            KubeObjects.namespace(service),
            KubeObjects.name(service),
            type,
            clusterIps(spec),
            list(spec.getPorts()).stream().map(CachedService::port).toList(),
            addresses(service.getStatus()),
            KubeObjects.keptAnnotations(service),
            local(spec),
            Optional.empty(),
            Optional.empty());
    return Optional.of(
        new CachedService(
            kept,
            type.equals("ExternalName")
                ? Map.of()
                : CachedDeployment.boundedLabels(spec.getSelector()).orElse(Map.of())));
  }

  private static Set<TrafficSource> local(ServiceSpec spec) {
    var local = EnumSet.noneOf(TrafficSource.class);
    if ("Local".equals(spec.getExternalTrafficPolicy())) {
      local.add(TrafficSource.EXTERNAL);
    }
    if ("Local".equals(spec.getInternalTrafficPolicy())) {
      local.add(TrafficSource.INTERNAL);
    }
    return local;
  }

  private static List<String> clusterIps(ServiceSpec spec) {
    var all = list(spec.getClusterIPs());
    return (all.isEmpty() ? Stream.of(text(spec.getClusterIP())) : all.stream())
        .filter(ip -> !ip.isEmpty() && !ip.equals("None"))
        .toList();
  }

  private static ServicePort port(io.fabric8.kubernetes.api.model.ServicePort port) {
    int number = number(port.getPort(), 0);
    return new ServicePort(
        text(port.getName()),
        Optional.ofNullable(port.getProtocol()).orElse("TCP"),
        number,
        number(port.getNodePort(), 0),
        Optional.empty(),
        text(port.getAppProtocol()));
  }

  private static List<String> addresses(@Nullable ServiceStatus status) {
    return Optional.ofNullable(status)
        .map(ServiceStatus::getLoadBalancer)
        .map(LoadBalancerStatus::getIngress)
        .orElse(List.of())
        .stream()
        .map(i -> i.getHostname() != null ? i.getHostname() : text(i.getIp()))
        .filter(address -> !address.isEmpty())
        .toList();
  }
}
