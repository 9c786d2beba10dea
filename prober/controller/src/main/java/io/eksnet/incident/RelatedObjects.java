package io.eksnet.incident;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which objects of an inventory depend on each other, by the scopes of findings. */
final class RelatedObjects {
  private final Map<String, Set<String>> neighbours = new HashMap<>();

  private RelatedObjects() {}

  /** The objects on the paths of requests, from the Ingress to the subnets of load balancers. */
  static RelatedObjects of(Inventory inventory) {
    var related = new RelatedObjects();
    var lbByArn = new HashMap<String, String>();
    var lbByDnsName = new HashMap<String, String>();
    for (var lb : inventory.list(Resources.LOAD_BALANCERS)) {
      var name = "lb/" + lb.name();
      lbByArn.put(lb.arn(), name);
      lbByDnsName.put(lb.dnsName().toLowerCase(Locale.ROOT), name);
      lb.subnets().values().forEach(subnet -> related.connect(name, "subnet/" + subnet));
    }
    var groups = new HashMap<String, String>();
    for (var group : inventory.list(Resources.TARGET_GROUPS)) {
      var name = "target_group/" + group.name();
      groups.put(group.arn(), name);
      group.loadBalancerArns().stream()
          .filter(lbByArn::containsKey)
          .forEach(arn -> related.connect(name, lbByArn.getOrDefault(arn, name)));
    }
    for (var binding : inventory.list(Resources.TARGET_GROUP_BINDINGS)) {
      var service = "service/" + binding.namespace() + "/" + binding.service();
      var object = "targetgroupbinding/" + binding.namespace() + "/" + binding.name();
      related.connect(object, service);
      related.connect(service, groups.getOrDefault(binding.targetGroupArn(), service));
      related.connect(object, groups.getOrDefault(binding.targetGroupArn(), object));
    }
    for (var ingress : inventory.list(Resources.INGRESSES)) {
      var name = "ingress/" + ingress.namespace() + "/" + ingress.name();
      related.connect(name, "ingressclass/" + ingress.className());
      ingress
          .rules()
          .forEach(
              rule ->
                  related.connect(name, "service/" + ingress.namespace() + "/" + rule.service()));
      ingress
          .addresses()
          .forEach(
              address ->
                  related.connect(
                      name, lbByDnsName.getOrDefault(address.toLowerCase(Locale.ROOT), name)));
    }
    for (var service : inventory.list(Resources.SERVICES)) {
      var name = "service/" + service.namespace() + "/" + service.name();
      service
          .addresses()
          .forEach(
              address ->
                  related.connect(
                      name, lbByDnsName.getOrDefault(address.toLowerCase(Locale.ROOT), name)));
    }
    for (var gateway : inventory.list(Resources.GATEWAYS)) {
      var name = "gateway/" + gateway.fullName();
      related.connect(name, "gatewayclass/" + gateway.className());
      gateway
          .addresses()
          .forEach(
              address ->
                  related.connect(
                      name, lbByDnsName.getOrDefault(address.toLowerCase(Locale.ROOT), name)));
    }
    for (var route : inventory.list(Resources.GATEWAY_ROUTES)) {
      route
          .parents()
          .forEach(parent -> related.connect(route.object(), "gateway/" + parent.fullName()));
      route.rules().stream()
          .flatMap(rule -> rule.backends().stream())
          .forEach(
              backend ->
                  related.connect(
                      route.object(), "service/" + backend.namespace() + "/" + backend.service()));
    }
    for (var table : inventory.list(Resources.ROUTE_TABLES)) {
      table
          .subnetIds()
          .forEach(subnet -> related.connect("route_table/" + table.id(), "subnet/" + subnet));
    }
    for (var acl : inventory.list(Resources.NETWORK_ACLS)) {
      acl.subnetIds()
          .forEach(subnet -> related.connect("network_acl/" + acl.id(), "subnet/" + subnet));
    }
    for (var webhook : inventory.list(Resources.ADMISSION_WEBHOOKS)) {
      related.connect(
          "webhook/" + webhook.configuration() + "/" + webhook.name(),
          "service/" + webhook.namespace() + "/" + webhook.service());
    }
    // By convention they have the same names; nothing but labels of pods connects them.
    for (var deployment : inventory.list(Resources.DEPLOYMENTS)) {
      var name = deployment.namespace() + "/" + deployment.name();
      related.connect("deployment/" + name, "service/" + name);
    }
    for (var component : inventory.list(Resources.COMPONENTS)) {
      related.connect(
          "component/" + component.name(),
          "deployment/" + component.namespace() + "/" + component.name());
      related.connect(
          "component/" + component.name(),
          "podidentityassociation/" + component.namespace() + "/" + component.serviceAccount());
    }
    for (var node : inventory.list(Resources.NODES)) {
      related.connect("node/" + node.name(), "zone/" + node.zone());
    }
    for (var subnet : inventory.list(Resources.SUBNETS)) {
      related.connect("subnet/" + subnet.id(), "zone/" + subnet.zone());
    }
    return related;
  }

  private void connect(String one, String other) {
    if (!one.equals(other)) {
      neighbours.computeIfAbsent(one, object -> new HashSet<>()).add(other);
      neighbours.computeIfAbsent(other, object -> new HashSet<>()).add(one);
    }
  }

  /**
   * The objects within {@code hops} of any of {@code start}, with their distance. Zones are reached
   * but not crossed: two nodes of a zone have nothing else in common.
   */
  Map<String, Integer> distances(Collection<String> start, int hops) {
    var distances = new LinkedHashMap<String, Integer>();
    start.forEach(object -> distances.put(object, 0));
    var queue = new ArrayDeque<>(distances.keySet());
    while (!queue.isEmpty()) {
      var object = queue.remove();
      var distance = distances.getOrDefault(object, 0);
      if (distance < hops && (distance == 0 || !object.startsWith("zone/"))) {
        for (var next : neighbours.getOrDefault(object, Set.of()).stream().sorted().toList()) {
          if (distances.putIfAbsent(next, distance + 1) == null) {
            queue.add(next);
          }
        }
      }
    }
    return distances;
  }
}
