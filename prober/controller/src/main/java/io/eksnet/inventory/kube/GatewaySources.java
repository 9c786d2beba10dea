package io.eksnet.inventory.kube;

import static java.util.stream.Collectors.toMap;

import io.eksnet.inventory.kube.GatewayObjects.CachedGateway;
import io.eksnet.inventory.kube.GatewayObjects.LbConfiguration;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.Scheme;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Resources that are computed from objects of the Gateway API. */
final class GatewaySources {
  private GatewaySources() {}

  static List<GatewayClass> classes(Collection<GatewayClass> classes) {
    return classes.stream().sorted(Comparator.comparing(GatewayClass::name)).toList();
  }

  /** Gateways with the configuration of their load balancers and their last reconcile event. */
  static List<Gateway> gateways(
      Collection<CachedGateway> gateways,
      Collection<GatewayClass> classes,
      Stream<LbConfiguration> configurations,
      Reconciles reconciles) {
    var byName = classes.stream().collect(toMap(GatewayClass::name, one -> one));
    var byFullName =
        configurations.collect(toMap(LbConfiguration::fullName, one -> one, (one, other) -> one));
    return gateways.stream()
        .map(
            cached ->
                merge(
                    cached,
                    Optional.ofNullable(byName.get(cached.gateway().className())),
                    byFullName,
                    reconciles))
        .sorted(Comparator.comparing(Gateway::namespace).thenComparing(Gateway::name))
        .toList();
  }

  /**
   * Values of the class take precedence over those of the Gateway unless its configuration prefers
   * those of the Gateway (LBC docs, guide/gateway/loadbalancerconfig.md, mergingMode). Only the AWS
   * Load Balancer Controller writes events of a reconcile.
   */
  private static Gateway merge(
      CachedGateway cached,
      Optional<GatewayClass> ofClass,
      Map<String, LbConfiguration> configurations,
      Reconciles reconciles) {
    var gateway = cached.gateway();
    var own = Optional.ofNullable(configurations.get(cached.configuration()));
    var shared = ofClass.flatMap(one -> Optional.ofNullable(configurations.get(one.parameters())));
    var scheme = own.flatMap(LbConfiguration::scheme);
    var sharedScheme = shared.flatMap(LbConfiguration::scheme);
    var prefersOwn = shared.filter(LbConfiguration::prefersGateway).isPresent();
    return new Gateway(
        gateway.namespace(),
        gateway.name(),
        gateway.className(),
        (prefersOwn ? scheme.or(() -> sharedScheme) : sharedScheme.or(() -> scheme))
            .orElse(Scheme.INTERNAL),
        Stream.of(own, shared).flatMap(Optional::stream).anyMatch(LbConfiguration::namesSubnets)
            || (!cached.configuration().isEmpty() && own.isEmpty())
            || ofClass.filter(one -> !one.parameters().isEmpty() && shared.isEmpty()).isPresent(),
        gateway.listeners(),
        gateway.addresses(),
        gateway.conditions(),
        gateway.annotations(),
        ofClass.filter(one -> !one.isAws()).isPresent()
            ? Optional.empty()
            : reconciles.of("Gateway", gateway.namespace(), gateway.name()),
        gateway.created());
  }

  /** Each route once, however many versions of its API are served. */
  static List<GatewayRoute> routes(Stream<GatewayRoute> routes) {
    var byObject = new TreeMap<String, GatewayRoute>();
    routes.forEach(route -> byObject.putIfAbsent(route.object(), route));
    return List.copyOf(byObject.values());
  }
}
