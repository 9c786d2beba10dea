package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.ServicePort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LoadBalancerStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From a Service to what is kept of it; its endpoints are added later. */
final class ServiceTransform {
  private ServiceTransform() {}

  static Optional<KubeService> of(Service service) {
    var spec = service.getSpec();
    if (spec == null) {
      return Optional.empty();
    }
    var meta = new Meta(service);
    return Optional.of(
        new KubeService(
            meta.namespace(),
            meta.name(),
            Optional.ofNullable(spec.getType()).orElse("ClusterIP"),
            clusterIps(Meta.list(spec.getClusterIPs()), Texts.of(spec.getClusterIP())),
            Meta.list(spec.getPorts()).stream().map(ServiceTransform::port).toList(),
            addresses(service.getStatus() == null ? new ServiceStatus() : service.getStatus()),
            meta.kept(),
            Optional.empty(),
            meta.created()));
  }

  private static List<String> clusterIps(List<String> all, String first) {
    return (all.isEmpty() ? Stream.of(first) : all.stream())
        .filter(ip -> !ip.isEmpty() && !ip.equals("None"))
        .toList();
  }

  private static ServicePort port(io.fabric8.kubernetes.api.model.ServicePort port) {
    int number = Optional.ofNullable(port.getPort()).orElse(0);
    return new ServicePort(
        Texts.of(port.getName()),
        Optional.ofNullable(port.getProtocol()).orElse("TCP"),
        number,
        text(port.getTargetPort()).orElse(Integer.toString(number)),
        Optional.ofNullable(port.getNodePort()).orElse(0),
        Texts.of(port.getAppProtocol()));
  }

  private static Optional<String> text(@Nullable IntOrString value) {
    return Optional.ofNullable(value)
        .map(v -> v.getStrVal() != null ? v.getStrVal() : String.valueOf(v.getIntVal()));
  }

  private static List<String> addresses(ServiceStatus status) {
    return Optional.ofNullable(status.getLoadBalancer())
        .map(LoadBalancerStatus::getIngress)
        .orElse(List.of())
        .stream()
        .map(i -> i.getHostname() != null ? i.getHostname() : Texts.of(i.getIp()))
        .filter(a -> !a.isEmpty())
        .toList();
  }
}
