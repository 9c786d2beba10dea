package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the AWS Load Balancer Controller creates listeners from.
 *
 * @param byDnsName of load balancers, in the form of {@link ReferencedLoadBalancers#normalized}
 */
record ListenerDefinitions(Map<String, Definition> byDnsName) {
  ListenerDefinitions {
    byDnsName = Map.copyOf(byDnsName);
  }

  /**
   * The Ingresses, Gateways and Services of a load balancer.
   *
   * @param successes of the controller for them, from its events
   */
  record Definition(Set<Source> sources, Set<Success> successes) {
    Definition {
      sources = Set.copyOf(sources);
      successes = Set.copyOf(successes);
    }

    /** Both definitions of one load balancer. */
    private Definition and(Definition other) {
      var allSources = new HashSet<>(sources);
      allSources.addAll(other.sources);
      var allSuccesses = new HashSet<>(successes);
      allSuccesses.addAll(other.successes);
      return new Definition(allSources, allSuccesses);
    }
  }

  /**
   * What the listeners of one Ingress, Gateway or Service depend on.
   *
   * @param ports of a Service
   * @param gatewayListeners of a Gateway
   */
  record Source(
      String object,
      Map<String, String> annotations,
      boolean tls,
      List<ServicePort> ports,
      List<GatewayListener> gatewayListeners) {}

  /**
   * The last reconcile of an object, which succeeded.
   *
   * @param count of its event, which Kubernetes counts up when the same event is sent again
   */
  record Success(String object, int count) {}

  /** Empty while Ingresses or Services are unknown. */
  static Optional<ListenerDefinitions> of(Inventory inventory) {
    return inventory
        .get(Resources.INGRESSES)
        .flatMap(
            ingresses ->
                inventory
                    .get(Resources.SERVICES)
                    .map(services -> of(ingresses, inventory.list(Resources.GATEWAYS), services)));
  }

  Optional<Definition> of(LoadBalancer balancer) {
    return Optional.ofNullable(
        byDnsName.get(ReferencedLoadBalancers.normalized(balancer.dnsName())));
  }

  private static ListenerDefinitions of(
      List<KubeIngress> ingresses, List<Gateway> gateways, List<KubeService> services) {
    var byDnsName = new HashMap<String, Definition>();
    for (var ingress : ingresses) {
      var object = "ingress/" + ingress.namespace() + "/" + ingress.name();
      var source = new Source(object, ingress.annotations(), ingress.tls(), List.of(), List.of());
      add(byDnsName, ingress.addresses(), source, ingress.reconcile());
    }
    for (var gateway : gateways) {
      var source =
          new Source(
              "gateway/" + gateway.fullName(), Map.of(), false, List.of(), gateway.listeners());
      add(byDnsName, gateway.addresses(), source, gateway.reconcile());
    }
    for (var service : services) {
      var object = "service/" + service.namespace() + "/" + service.name();
      var source = new Source(object, service.annotations(), false, service.ports(), List.of());
      add(byDnsName, service.addresses(), source, service.reconcile());
    }
    return new ListenerDefinitions(byDnsName);
  }

  private static void add(
      Map<String, Definition> byDnsName,
      List<String> addresses,
      Source source,
      Optional<Reconcile> reconcile) {
    var success =
        reconcile
            .filter(last -> !last.failing())
            .map(last -> Set.of(new Success(source.object(), last.count())))
            .orElse(Set.of());
    for (var address : addresses) {
      byDnsName.merge(
          ReferencedLoadBalancers.normalized(address),
          new Definition(Set.of(source), success),
          Definition::and);
    }
  }
}
