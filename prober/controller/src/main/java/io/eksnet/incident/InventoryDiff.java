package io.eksnet.incident;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.AdmissionWebhook;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeDeployment;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.VpcEndpoint;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What somebody changed between two inventories: settings and objects, not their state. A value
 * that is unknown in one of them did not change.
 */
public final class InventoryDiff {
  private static final int MAX_TEXT_LENGTH = 300;

  /** The clocks of AWS, of the API server and of this host differ by less. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** The field manager of autoscalers, whose scaling is part of normal operation. */
  private static final String AUTOSCALER = "kube-controller-manager";

  private static final int ALL_PROTOCOLS = -1;
  private static final String REPLICAS = "replicas";

  private static final List<Tracked<?>> TRACKED =
      List.of(
          Tracked.of(Resources.NODES, (KubeNode node) -> "node/" + node.name())
              .describedBy(node -> node.zone())
              .attribute("taints", node -> texts(node.taints(), taint -> taint.text())),
          Tracked.of(
                  Resources.COMPONENTS,
                  (Component component) -> "component/" + component.name(),
                  component -> "component/" + component.namespace() + "/" + component.name())
              .attribute("service account", component -> Optional.of(component.serviceAccount()))
              .attribute("IAM role", component -> component.role()),
          Tracked.of(
                  Resources.DEPLOYMENTS,
                  (KubeDeployment deployment) ->
                      "deployment/" + deployment.namespace() + "/" + deployment.name())
              .managedBy(KubeDeployment::manager)
              .attribute("image", deployment -> Optional.of(deployment.images()))
              .attribute(REPLICAS, deployment -> Optional.of(deployment.replicas()))
              .attribute("restart", deployment -> Optional.of(deployment.restartedAt())),
          Tracked.of(
                  Resources.SERVICES,
                  (KubeService service) -> "service/" + service.namespace() + "/" + service.name())
              .attribute("type", service -> Optional.of(service.type()))
              .attribute("annotations", service -> Optional.of(service.annotations()))
              .attribute("ports", service -> texts(service.ports(), port -> portText(port)))
              .attribute("pod ports", InventoryDiff::podPorts),
          Tracked.of(
                  Resources.INGRESSES,
                  (KubeIngress ingress) -> "ingress/" + ingress.namespace() + "/" + ingress.name())
              .attribute("class", ingress -> Optional.of(ingress.className()))
              .attribute("annotations", ingress -> Optional.of(ingress.annotations()))
              .attribute(
                  "rules",
                  ingress ->
                      texts(
                          ingress.rules(),
                          rule ->
                              "%s%s to %s:%s"
                                  .formatted(
                                      rule.host(),
                                      rule.path(),
                                      rule.service(),
                                      rule.servicePort()))),
          Tracked.of(
                  Resources.INGRESS_CLASSES,
                  (IngressClass ingressClass) -> "ingressclass/" + ingressClass.name())
              .attribute("controller", ingressClass -> Optional.of(ingressClass.controller()))
              .attribute("default", ingressClass -> Optional.of(ingressClass.isDefault())),
          Tracked.of(
                  Resources.GATEWAY_CLASSES,
                  (GatewayClass gatewayClass) -> "gatewayclass/" + gatewayClass.name())
              .attribute("controller", gatewayClass -> Optional.of(gatewayClass.controller()))
              .attribute("parameters", gatewayClass -> Optional.of(gatewayClass.parameters())),
          Tracked.of(Resources.GATEWAYS, (Gateway gateway) -> "gateway/" + gateway.fullName())
              .attribute("class", gateway -> Optional.of(gateway.className()))
              .attribute("annotations", gateway -> Optional.of(gateway.annotations()))
              .attribute(
                  "listeners", gateway -> texts(gateway.listeners(), InventoryDiff::listenerText)),
          Tracked.of(Resources.GATEWAY_ROUTES, GatewayRoute::object)
              .createdAt(GatewayRoute::created)
              .attribute("hosts", route -> Optional.of(route.hostnames()))
              .attribute("Gateways", route -> texts(route.parents(), InventoryDiff::parentText))
              .attribute("rules", route -> texts(route.rules(), InventoryDiff::ruleText)),
          Tracked.of(
              Resources.TARGET_GROUP_BINDINGS,
              (TargetGroupBinding binding) ->
                  "targetgroupbinding/" + binding.namespace() + "/" + binding.name()),
          Tracked.of(
                  Resources.NETWORK_POLICIES,
                  inventory ->
                      inventory
                          .get(Resources.NETWORK_POLICIES)
                          .map(NetworkPolicies::policies)
                          .orElse(List.of()),
                  InventoryDiff::policyName,
                  InventoryDiff::policyName)
              .attribute("pods", policy -> Optional.of(policy.pods()))
              .attribute("isolates ingress", policy -> Optional.of(policy.isolatesIngress()))
              .attribute("isolates egress", policy -> Optional.of(policy.isolatesEgress()))
              .attribute("ingress rules", policy -> Optional.of(policy.ingress()))
              .attribute("egress rules", policy -> Optional.of(policy.egress())),
          Tracked.of(Resources.ENI_CONFIGS, (EniConfig config) -> "eniconfig/" + config.name())
              .attribute("subnet", config -> Optional.of(config.subnetId())),
          Tracked.of(
                  Resources.NODE_CLASSES, (NodeClass nodeClass) -> "nodeclass/" + nodeClass.name())
              .attribute("templates", nodeClass -> Optional.of(nodeClass.unrendered()))
              .attribute("subnets", nodeClass -> Optional.of(nodeClass.subnetIds())),
          Tracked.of(
                  Resources.ADMISSION_WEBHOOKS,
                  (AdmissionWebhook webhook) ->
                      "webhook/" + webhook.configuration() + "/" + webhook.name())
              .attribute(
                  "Service",
                  webhook ->
                      Optional.of(
                          webhook.namespace() + "/" + webhook.service() + ":" + webhook.port()))
              .attribute("required", webhook -> Optional.of(webhook.required())),
          Tracked.of(Resources.ADDONS, (Addon addon) -> "addon/" + addon.name())
              .attribute("version", Addon::version),
          Tracked.of(
                  Resources.FARGATE_PROFILES,
                  (FargateProfile profile) -> "fargateprofile/" + profile.name())
              .attribute("subnets", profile -> Optional.of(profile.subnetIds()))
              .attribute(
                  "selectors",
                  profile ->
                      texts(
                          profile.selectors(),
                          selector -> selector.namespace() + " " + sorted(selector.labels()))),
          Tracked.of(
              Resources.POD_IDENTITY_ASSOCIATIONS,
              (PodIdentityAssociation association) ->
                  "podidentityassociation/"
                      + association.namespace()
                      + "/"
                      + association.serviceAccount()),
          Tracked.of(Resources.SUBNETS, (Subnet subnet) -> "subnet/" + subnet.id())
              .attribute("tags", subnet -> Optional.of(subnet.tags()))
              .attribute("reservations", subnet -> Optional.of(subnet.reservations())),
          Tracked.of(Resources.ROUTE_TABLES, (RouteTable table) -> "route_table/" + table.id())
              .attribute("main", table -> Optional.of(table.main()))
              .attribute("subnets", table -> Optional.of(table.subnetIds()))
              .attribute(
                  "routes",
                  table ->
                      texts(
                          table.routes(), route -> route.destination() + " to " + route.target())),
          Tracked.of(Resources.NETWORK_ACLS, (NetworkAcl acl) -> "network_acl/" + acl.id())
              .attribute("subnets", acl -> Optional.of(acl.subnetIds()))
              .attribute("rules", acl -> texts(acl.entries(), InventoryDiff::aclText)),
          Tracked.of(
              Resources.NAT_GATEWAYS,
              inventory ->
                  inventory.list(Resources.NAT_GATEWAYS).stream()
                      .filter(gateway -> !gateway.dead())
                      .toList(),
              InventoryDiff::natGatewayName,
              InventoryDiff::natGatewayName),
          Tracked.of(Resources.VPC_ENDPOINTS, (VpcEndpoint endpoint) -> "endpoint/" + endpoint.id())
              .describedBy(endpoint -> endpoint.service())
              .attribute("private DNS", endpoint -> Optional.of(endpoint.privateDns())),
          Tracked.of(Resources.LOAD_BALANCERS, (LoadBalancer lb) -> "lb/" + lb.name())
              .createdAt(LoadBalancer::created)
              .attribute(
                  "listeners",
                  lb ->
                      texts(
                          lb.listeners(), listener -> listener.protocol() + " " + listener.port()))
              .attribute("security groups", lb -> Optional.of(lb.securityGroups()))
              .attribute("subnets", lb -> Optional.of(lb.subnets()))
              .attribute("idle timeout", lb -> lb.idleTimeout().map(t -> t.toSeconds() + "s")),
          // Controllers create and delete target groups with the objects above.
          Tracked.of(Resources.TARGET_GROUPS, (TargetGroup group) -> "target_group/" + group.name())
              .attributesOnly()
              .attribute(
                  "health check",
                  group ->
                      Optional.of(
                          List.of(
                              "protocol " + group.healthCheck().protocol(),
                              "port " + group.healthCheck().port(),
                              "path " + group.healthCheck().path(),
                              "codes " + group.healthCheck().matcher())))
              .attribute("client addresses preserved", TargetGroup::preservesClientIp));

  private InventoryDiff() {}

  /**
   * The changes from one inventory to another, oldest first. Each resource is compared if it is
   * known in both and was read again.
   */
  public static List<Change> between(Inventory before, Inventory after) {
    return Stream.of(
            TRACKED.stream().flatMap(tracked -> tracked.diff(before, after)),
            cluster(before, after),
            cniSettings(before, after),
            vpcDns(before, after),
            securityPaths(before, after))
        .<Change>flatMap(changes -> changes)
        .filter(change -> !isAutoscaling(change))
        .distinct() // one for the targets of a group, whatever the number of load balancers
        .sorted(Comparator.comparing(Change::at))
        .toList();
  }

  private static boolean isAutoscaling(Change change) {
    return change.what().equals(REPLICAS) && change.manager().equals(AUTOSCALER);
  }

  /** Whether {@code after} holds a value of this resource that {@code before} does not hold. */
  static boolean isNewer(Resource<?> resource, Inventory before, Inventory after) {
    var old = before.snapshot(resource);
    var now = after.snapshot(resource);
    return old.value().isPresent()
        && now.value().isPresent()
        && now.at().isAfter(old.at())
        && !old.value().equals(now.value());
  }

  private static Stream<Change> cluster(Inventory before, Inventory after) {
    return single(Resources.CLUSTER, before, after, "cluster", InventoryDiff::clusterSettings);
  }

  private static Map<String, String> clusterSettings(EksCluster cluster) {
    return Map.of(
        "version", cluster.version(),
        "support", cluster.supportType(),
        "Auto Mode", String.valueOf(cluster.autoMode()));
  }

  private static Stream<Change> cniSettings(Inventory before, Inventory after) {
    return single(
        Resources.CNI_SETTINGS, before, after, "component/aws-node", InventoryDiff::settings);
  }

  private static Map<String, String> settings(CniSettings settings) {
    return Map.of(
        "prefix delegation", String.valueOf(settings.prefixDelegation()),
        "custom networking", String.valueOf(settings.customNetworking()),
        "subnet discovery", String.valueOf(settings.subnetDiscovery()),
        "security groups for pods", String.valueOf(settings.podSecurityGroups()),
        "strict enforcing mode", String.valueOf(settings.strict()));
  }

  private static Stream<Change> vpcDns(Inventory before, Inventory after) {
    return single(
        Resources.VPC_DNS,
        before,
        after,
        "vpc",
        dns ->
            Map.of(
                "enableDnsSupport", String.valueOf(dns.support()),
                "enableDnsHostnames", String.valueOf(dns.hostnames())));
  }

  private static <T> Stream<Change> single(
      Resource<T> resource,
      Inventory before,
      Inventory after,
      String object,
      Function<T, Map<String, String>> settings) {
    if (!isNewer(resource, before, after)) {
      return Stream.empty();
    }
    var old = settings.apply(before.get(resource).orElseThrow());
    var now = new TreeMap<>(settings.apply(after.get(resource).orElseThrow()));
    return now.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(old.get(entry.getKey())))
        .map(
            entry ->
                new Change(
                    before.snapshot(resource).at(),
                    after.snapshot(resource).at(),
                    Change.Kind.CHANGED,
                    object,
                    List.of(),
                    entry.getKey(),
                    old.getOrDefault(entry.getKey(), ""),
                    entry.getValue(),
                    ""));
  }

  /** One target group behind one load balancer at one port; its targets come and go with pods. */
  private record PathKey(String loadBalancerArn, String targetGroupArn, int port) {}

  /**
   * Whether security groups permit a path. A group whose targets have different verdicts, or whose
   * rules could not be read, has none.
   */
  private static Stream<Change> securityPaths(Inventory before, Inventory after) {
    if (!isNewer(Resources.SECURITY_PATHS, before, after)) {
      return Stream.empty();
    }
    var old = verdicts(before.list(Resources.SECURITY_PATHS));
    return verdicts(after.list(Resources.SECURITY_PATHS)).entrySet().stream()
        .filter(now -> old.containsKey(now.getKey()))
        .filter(
            now ->
                !now.getValue()
                    .verdict()
                    .equals(Objects.requireNonNull(old.get(now.getKey())).verdict()))
        .map(
            now ->
                new Change(
                    before.snapshot(Resources.SECURITY_PATHS).at(),
                    after.snapshot(Resources.SECURITY_PATHS).at(),
                    Change.Kind.CHANGED,
                    "target_group/" + groupName(after, now.getKey().targetGroupArn()),
                    List.of("lb/" + lbName(after, now.getKey().loadBalancerArn())),
                    "security groups, port " + now.getKey().port(),
                    verdictText(Objects.requireNonNull(old.get(now.getKey()))),
                    verdictText(now.getValue()),
                    ""));
  }

  private static Map<PathKey, SecurityPath> verdicts(List<SecurityPath> paths) {
    var verdicts = new LinkedHashMap<PathKey, SecurityPath>();
    var ambiguous = new ArrayList<PathKey>();
    for (var path : paths) {
      var key = new PathKey(path.loadBalancerArn(), path.targetGroupArn(), path.port());
      var known = verdicts.putIfAbsent(key, path);
      if (path.verdict() == SecurityPath.Verdict.UNKNOWN
          || (known != null && known.verdict() != path.verdict())) {
        ambiguous.add(key);
      }
    }
    ambiguous.forEach(verdicts::remove);
    return verdicts;
  }

  private static String verdictText(SecurityPath path) {
    return truncate(path.verdict().name().toLowerCase(Locale.ROOT) + ": " + path.reason());
  }

  private static String lbName(Inventory inventory, String arn) {
    return inventory.list(Resources.LOAD_BALANCERS).stream()
        .filter(lb -> lb.arn().equals(arn))
        .map(LoadBalancer::name)
        .findFirst()
        .orElse(arn);
  }

  private static String groupName(Inventory inventory, String arn) {
    return inventory.list(Resources.TARGET_GROUPS).stream()
        .filter(group -> group.arn().equals(arn))
        .map(TargetGroup::name)
        .findFirst()
        .orElse(arn);
  }

  private static String natGatewayName(NatGateway gateway) {
    return "nat_gateway/" + gateway.id();
  }

  private static String listenerText(GatewayListener listener) {
    return "%s %d %s".formatted(listener.protocol(), listener.port(), listener.hostname()).strip();
  }

  private static String parentText(GatewayRoute.Parent parent) {
    return parent.section().isEmpty()
        ? parent.fullName()
        : parent.fullName() + "/" + parent.section();
  }

  private static String ruleText(GatewayRoute.Rule rule) {
    return rule.path()
        + " to "
        + rule.backends().stream()
            .map(backend -> backend.namespace() + "/" + backend.service() + ":" + backend.port())
            .collect(joining(", "));
  }

  private static String aclText(NetworkAcl.Entry entry) {
    return "%d %s %s %s %s%s"
        .formatted(
            entry.number(),
            entry.egress() ? "egress to" : "ingress from",
            entry.range(),
            entry.allow() ? "allow" : "deny",
            ALL_PROTOCOLS == entry.protocol() ? "all" : "protocol " + entry.protocol(),
            ALL_PROTOCOLS == entry.protocol()
                ? ""
                : " ports " + entry.fromPort() + "-" + entry.toPort());
  }

  private static String policyName(NetworkPolicy policy) {
    return "networkpolicy/" + policy.namespace() + "/" + policy.name();
  }

  /** Empty if that of one port is unknown, as while a rollout changes it. */
  private static Optional<List<String>> podPorts(KubeService service) {
    return service.ports().stream().allMatch(port -> port.endpointPort().isPresent())
        ? texts(service.ports(), port -> port.port() + " to " + port.endpointPort().orElseThrow())
        : Optional.empty();
  }

  private static String portText(ServicePort port) {
    return port.protocol() + " " + port.port() + (port.name().isEmpty() ? "" : " " + port.name());
  }

  private static <T> Optional<List<String>> texts(Collection<T> values, Function<T, String> text) {
    return Optional.of(values.stream().map(text).toList());
  }

  private static String sorted(Map<String, String> map) {
    return new TreeMap<>(map).toString();
  }

  private static String truncate(String text) {
    return text.length() > MAX_TEXT_LENGTH ? text.substring(0, MAX_TEXT_LENGTH) + "…" : text;
  }

  /** A setting of an object; empty: unknown. */
  private record Attribute<T>(String name, Function<T, ? extends Optional<?>> value) {}

  /**
   * A resource with objects.
   *
   * @param elements the objects of an inventory that has this resource
   * @param object its name in changes
   * @param key identifies the object among others; its name may be that of several
   * @param created when an object was created, if known: only a younger one than the inventory
   *     before was added
   * @param lifecycle whether objects that are added and removed are changes
   */
  private record Tracked<T>(
      Resource<?> resource,
      Function<Inventory, List<T>> elements,
      Function<T, String> object,
      Function<T, String> key,
      Function<T, String> description,
      Function<T, String> manager,
      Function<T, Optional<Instant>> created,
      boolean lifecycle,
      List<Attribute<T>> attributes) {
    static <T> Tracked<T> of(Resource<List<T>> resource, Function<T, String> object) {
      return of(resource, object, object);
    }

    static <T> Tracked<T> of(
        Resource<List<T>> resource, Function<T, String> object, Function<T, String> key) {
      return of(resource, inventory -> inventory.list(resource), object, key);
    }

    static <T> Tracked<T> of(
        Resource<?> resource,
        Function<Inventory, List<T>> elements,
        Function<T, String> object,
        Function<T, String> key) {
      return new Tracked<>(
          resource,
          elements,
          object,
          key,
          element -> "",
          element -> "",
          element -> Optional.empty(),
          true,
          List.of());
    }

    Tracked<T> describedBy(Function<T, String> text) {
      return new Tracked<>(
          resource, elements, object, key, text, manager, created, lifecycle, attributes);
    }

    Tracked<T> managedBy(Function<T, String> name) {
      return new Tracked<>(
          resource, elements, object, key, description, name, created, lifecycle, attributes);
    }

    /** For resources that are found step by step, so that a new element may be an old object. */
    Tracked<T> createdAt(Function<T, Instant> time) {
      return new Tracked<>(
          resource,
          elements,
          object,
          key,
          description,
          manager,
          time.andThen(Optional::of),
          lifecycle,
          attributes);
    }

    Tracked<T> attributesOnly() {
      return new Tracked<>(
          resource, elements, object, key, description, manager, created, false, attributes);
    }

    Tracked<T> attribute(String name, Function<T, ? extends Optional<?>> value) {
      var more = new ArrayList<>(attributes);
      more.add(new Attribute<>(name, value));
      return new Tracked<>(
          resource,
          elements,
          object,
          key,
          description,
          manager,
          created,
          lifecycle,
          List.copyOf(more));
    }

    Stream<Change> diff(Inventory before, Inventory after) {
      if (!isNewer(resource, before, after)) {
        return Stream.empty();
      }
      var old = before.snapshot(resource);
      var now = after.snapshot(resource);
      var earlier = byKey(elements.apply(before));
      var later = byKey(elements.apply(after));
      var added =
          later.entrySet().stream()
              .filter(entry -> !earlier.containsKey(entry.getKey()))
              .map(Map.Entry::getValue)
              .filter(element -> lifecycle && isYounger(element, old.at()))
              .map(element -> whole(Change.Kind.ADDED, element, old.at(), now.at()));
      var removed =
          earlier.entrySet().stream()
              .filter(entry -> !later.containsKey(entry.getKey()))
              .map(Map.Entry::getValue)
              .filter(element -> lifecycle)
              .map(element -> whole(Change.Kind.REMOVED, element, old.at(), now.at()));
      var changed =
          later.entrySet().stream()
              .filter(entry -> earlier.containsKey(entry.getKey()))
              .flatMap(
                  entry ->
                      changes(
                          Objects.requireNonNull(earlier.get(entry.getKey())),
                          entry.getValue(),
                          old.at(),
                          now.at()));
      return Stream.of(added, removed, changed).flatMap(changes -> changes);
    }

    private Map<String, T> byKey(List<T> objects) {
      return objects.stream()
          .collect(toMap(key, element -> element, (first, next) -> first, LinkedHashMap::new));
    }

    private boolean isYounger(T element, Instant before) {
      return created.apply(element).map(at -> at.isAfter(before.minus(CLOCK_SKEW))).orElse(true);
    }

    private Change whole(Change.Kind kind, T element, Instant before, Instant after) {
      var text = truncate(description.apply(element));
      return new Change(
          before,
          after,
          kind,
          object.apply(element),
          List.of(),
          "",
          kind == Change.Kind.REMOVED ? text : "",
          kind == Change.Kind.ADDED ? text : "",
          kind == Change.Kind.ADDED ? manager.apply(element) : "");
    }

    private Stream<Change> changes(T earlier, T later, Instant before, Instant after) {
      return attributes.stream()
          .flatMap(
              attribute -> {
                var from = attribute.value().apply(earlier);
                var to = attribute.value().apply(later);
                return from.isEmpty() || to.isEmpty() || from.equals(to)
                    ? Stream.empty()
                    : change(attribute.name(), from.get(), to.get(), later, before, after);
              });
    }

    private Stream<Change> change(
        String name, Object from, Object to, T element, Instant before, Instant after) {
      var old = new TreeSet<>(elements(from));
      var now = new TreeSet<>(elements(to));
      var removed = old.stream().filter(text -> !now.contains(text)).collect(joining(", "));
      var added = now.stream().filter(text -> !old.contains(text)).collect(joining(", "));
      return removed.equals(added)
          ? Stream.empty()
          : Stream.of(
              new Change(
                  before,
                  after,
                  Change.Kind.CHANGED,
                  object.apply(element),
                  List.of(),
                  name,
                  truncate(removed),
                  truncate(added),
                  manager.apply(element)));
    }

    private static List<String> elements(Object value) {
      if (value instanceof Collection<?> list) {
        return list.stream().map(String::valueOf).toList();
      }
      if (value instanceof Map<?, ?> map) {
        return map.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
      }
      return List.of(String.valueOf(value));
    }
  }
}
