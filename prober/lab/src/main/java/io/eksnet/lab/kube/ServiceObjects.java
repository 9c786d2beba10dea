package io.eksnet.lab.kube;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.Ingress;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRuleBuilder;
import java.util.HashMap;
import java.util.List;

/** Services, their EndpointSlices and Ingresses as the API server shows them. */
final class ServiceObjects {
  private ServiceObjects() {}

  static HasMetadata service(KubeService service) {
    var meta =
        KubeObjects.meta(
            "Service", service.namespace(), service.name(), service.labels(), service.created());
    meta.setAnnotations(service.annotations());
    var built =
        new ServiceBuilder()
            .withMetadata(meta)
            .withNewSpec()
            .withType(service.type())
            .withClusterIP(service.clusterIp())
            .withClusterIPs(service.clusterIp())
            .withSelector(service.selector())
            .withPorts(service.ports().stream().map(ServiceObjects::port).toList())
            .endSpec();
    if (!service.address().isEmpty()) {
      built =
          built
              .withNewStatus()
              .withNewLoadBalancer()
              .addNewIngress()
              .withHostname(service.address())
              .endIngress()
              .endLoadBalancer()
              .endStatus();
    }
    return built.build();
  }

  private static ServicePort port(KubeService.Port port) {
    return new ServicePortBuilder()
        .withName(port.name())
        .withProtocol(port.protocol())
        .withPort(port.port())
        .withTargetPort(new IntOrString(port.target()))
        .build();
  }

  static HasMetadata slice(KubeService service, ClusterState state) {
    var labels = new HashMap<>(service.labels());
    labels.put("kubernetes.io/service-name", service.name());
    labels.put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    var name = service.name() + "-" + Ids.hex(service.key(), 5);
    return new EndpointSliceBuilder()
        .withMetadata(
            KubeObjects.meta("EndpointSlice", service.namespace(), name, labels, service.created()))
        .withAddressType("IPv4")
        .withEndpoints(service.backends(state).stream().map(pod -> endpoint(pod, state)).toList())
        .withPorts(
            service.ports().stream()
                .map(
                    port ->
                        new EndpointPortBuilder()
                            .withName(port.name())
                            .withProtocol(port.protocol())
                            .withPort(port.target())
                            .build())
                .toList())
        .build();
  }

  private static Endpoint endpoint(Pod pod, ClusterState state) {
    var zone = state.find(Node.class, pod.node()).map(Node::zone).orElse("");
    return new EndpointBuilder()
        .withAddresses(pod.ip())
        .withNewConditions(pod.ready() && !pod.terminating(), pod.ready(), pod.terminating())
        .withNodeName(pod.node())
        .withZone(zone)
        .withNewTargetRef()
        .withKind("Pod")
        .withNamespace(pod.namespace())
        .withName(pod.name())
        .endTargetRef()
        .build();
  }

  static HasMetadata ingress(Ingress ingress) {
    var meta =
        KubeObjects.meta(
            "Ingress", ingress.namespace(), ingress.name(), java.util.Map.of(), ingress.created());
    meta.setAnnotations(ingress.annotations());
    var built =
        new IngressBuilder()
            .withMetadata(meta)
            .withNewSpec()
            .withRules(ingress.rules().stream().map(ServiceObjects::rule).toList())
            .endSpec();
    if (!ingress.className().isEmpty()) {
      built = built.editSpec().withIngressClassName(ingress.className()).endSpec();
    }
    if (!ingress.address().isEmpty()) {
      built =
          built
              .withNewStatus()
              .withNewLoadBalancer()
              .addNewIngress()
              .withHostname(ingress.address())
              .endIngress()
              .endLoadBalancer()
              .endStatus();
    }
    return built.build();
  }

  private static IngressRule rule(Ingress.Rule rule) {
    var path =
        new HTTPIngressPathBuilder()
            .withPath(rule.path())
            .withPathType("Prefix")
            .withNewBackend()
            .withNewService()
            .withName(rule.service())
            .withNewPort()
            .withNumber(rule.port())
            .endPort()
            .endService()
            .endBackend()
            .build();
    var built = new IngressRuleBuilder().withNewHttp().withPaths(List.of(path)).endHttp();
    return rule.host().isEmpty() ? built.build() : built.withHost(rule.host()).build();
  }
}
