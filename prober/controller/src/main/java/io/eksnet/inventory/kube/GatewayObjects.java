package io.eksnet.inventory.kube;

import io.eksnet.inventory.kube.CustomResources.Fields;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.Scheme;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of GatewayClasses, Gateways and the configurations of their load balancers (Gateway
 * API v1; LBC docs, guide/gateway). Routes are read by {@link GatewayRouteObjects}.
 */
final class GatewayObjects {
  private static final String CONFIGURATION = "LoadBalancerConfiguration";

  private GatewayObjects() {}

  /**
   * A Gateway without the configuration of its class and its events, which are added later.
   *
   * @param configuration {@code namespace/name} of its own LoadBalancerConfiguration, or empty
   */
  record CachedGateway(Gateway gateway, String configuration) {}

  /**
   * A LoadBalancerConfiguration.
   *
   * @param fullName as {@code namespace/name}
   * @param scheme empty: not set
   * @param prefersGateway whether a Gateway's own configuration overrides this one of its class
   */
  record LbConfiguration(
      String fullName, Optional<Scheme> scheme, boolean namesSubnets, boolean prefersGateway) {}

  static Optional<GatewayClass> gatewayClass(GenericKubernetesResource object) {
    var fields = new Fields(object);
    var parameters =
        fields.text("spec", "parametersRef", "kind").equals(CONFIGURATION)
            ? fields.text("spec", "parametersRef", "namespace")
                + "/"
                + fields.text("spec", "parametersRef", "name")
            : "";
    return Optional.of(
        new GatewayClass(
            KubeObjects.name(object),
            fields.text("spec", "controllerName"),
            parameters,
            conditions(fields.objects("status", "conditions"), generation(object)),
            KubeObjects.created(object)));
  }

  /** Empty for one that is being deleted. */
  static Optional<CachedGateway> gateway(GenericKubernetesResource object) {
    if (object.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    var fields = new Fields(object);
    var namespace = KubeObjects.namespace(object);
    var configuration =
        fields.text("spec", "infrastructure", "parametersRef", "kind").equals(CONFIGURATION)
            ? namespace + "/" + fields.text("spec", "infrastructure", "parametersRef", "name")
            : "";
    var statuses = fields.objects("status", "listeners");
    var generation = generation(object);
    return Optional.of(
        new CachedGateway(
            new Gateway(
                namespace,
                KubeObjects.name(object),
                fields.text("spec", "gatewayClassName"),
                Scheme.INTERNAL,
                false,
                fields.objects("spec", "listeners").stream()
                    .map(listener -> listener(listener, statuses, generation))
                    .toList(),
                fields.objects("status", "addresses").stream()
                    .map(address -> Fields.text(address, "value"))
                    .filter(address -> !address.isEmpty())
                    .toList(),
                conditions(fields.objects("status", "conditions"), generation),
                KubeObjects.keptAnnotations(object),
                Optional.empty(),
                KubeObjects.created(object)),
            configuration));
  }

  private static GatewayListener listener(
      Map<?, ?> listener, List<Map<?, ?>> statuses, long generation) {
    var name = Fields.text(listener, "name");
    var status = statuses.stream().filter(one -> Fields.text(one, "name").equals(name)).findFirst();
    return new GatewayListener(
        name,
        Fields.number(listener, "port"),
        Fields.text(listener, "protocol"),
        Fields.text(listener, "hostname"),
        status
            .map(one -> conditions(Fields.objects(one, "conditions"), generation))
            .orElse(List.of()));
  }

  static Optional<LbConfiguration> configuration(GenericKubernetesResource object) {
    var fields = new Fields(object);
    var scheme = fields.text("spec", "scheme");
    return Optional.of(
        new LbConfiguration(
            KubeObjects.namespace(object) + "/" + KubeObjects.name(object),
            scheme.isEmpty() ? Optional.empty() : Optional.of(IngressSources.scheme(scheme)),
            !fields.objects("spec", "loadBalancerSubnets").isEmpty()
                || fields.at("spec", "loadBalancerSubnetsSelector") != null,
            fields.text("spec", "mergingMode").equals("prefer-gateway")));
  }

  /**
   * The conditions that are about this generation of the spec: until a controller has read a
   * change, its conditions are about the spec before. The conditions with which the API server
   * creates an object have no generation.
   */
  static List<Condition> conditions(List<Map<?, ?>> conditions, long generation) {
    return conditions.stream()
        .filter(
            condition ->
                !(condition.get("observedGeneration") instanceof Number observed)
                    || observed.longValue() >= generation)
        .map(Fields::condition)
        .toList();
  }

  static long generation(GenericKubernetesResource object) {
    var generation = object.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }
}
