package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.ResourceKinds.API_SERVICES;
import static io.eksnet.inventory.kube.ResourceKinds.AUTO_INGRESS_CLASS_PARAMS;
import static io.eksnet.inventory.kube.ResourceKinds.AUTO_NODE_CLASSES;
import static io.eksnet.inventory.kube.ResourceKinds.AUTO_TARGET_GROUP_BINDINGS;
import static io.eksnet.inventory.kube.ResourceKinds.DAEMON_SETS;
import static io.eksnet.inventory.kube.ResourceKinds.DEPLOYMENTS;
import static io.eksnet.inventory.kube.ResourceKinds.ENDPOINT_SLICES;
import static io.eksnet.inventory.kube.ResourceKinds.ENI_CONFIGS;
import static io.eksnet.inventory.kube.ResourceKinds.EVENTS;
import static io.eksnet.inventory.kube.ResourceKinds.GATEWAYS;
import static io.eksnet.inventory.kube.ResourceKinds.GATEWAY_CLASSES;
import static io.eksnet.inventory.kube.ResourceKinds.GRPC_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.HTTP_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.INGRESSES;
import static io.eksnet.inventory.kube.ResourceKinds.INGRESS_CLASSES;
import static io.eksnet.inventory.kube.ResourceKinds.INGRESS_CLASS_PARAMS;
import static io.eksnet.inventory.kube.ResourceKinds.KARPENTER_NODE_CLASSES;
import static io.eksnet.inventory.kube.ResourceKinds.LB_CONFIGURATIONS;
import static io.eksnet.inventory.kube.ResourceKinds.MUTATING_WEBHOOKS;
import static io.eksnet.inventory.kube.ResourceKinds.NAMESPACES;
import static io.eksnet.inventory.kube.ResourceKinds.NETWORK_POLICIES;
import static io.eksnet.inventory.kube.ResourceKinds.NODES;
import static io.eksnet.inventory.kube.ResourceKinds.NODE_CLAIMS;
import static io.eksnet.inventory.kube.ResourceKinds.NODE_POOLS;
import static io.eksnet.inventory.kube.ResourceKinds.OLD_LB_CONFIGURATIONS;
import static io.eksnet.inventory.kube.ResourceKinds.OLD_TCP_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.OLD_TLS_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.PODS;
import static io.eksnet.inventory.kube.ResourceKinds.PROBES;
import static io.eksnet.inventory.kube.ResourceKinds.SERVICES;
import static io.eksnet.inventory.kube.ResourceKinds.TARGET_GROUP_BINDINGS;
import static io.eksnet.inventory.kube.ResourceKinds.TCP_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.TLS_ROUTES;
import static io.eksnet.inventory.kube.ResourceKinds.VALIDATING_WEBHOOKS;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.AdmissionWebhook;
import io.eksnet.model.inventory.AggregatedApi;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.KubeDeployment;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.NodePool;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which watched objects each resource is computed from. Confined to one thread. */
final class KubeSources {
  private static final Logger log = LoggerFactory.getLogger(KubeSources.class);

  private final Informers informers;
  private final ServiceAccounts accounts;
  private final KubeSettings settings;
  private final Clock clock;
  private final ImagePullFailures imagePullFailures = new ImagePullFailures();
  private final SandboxFailureCounter sandboxFailures = new SandboxFailureCounter();
  private final List<KubeSource<?>> sources = new ArrayList<>();

  /**
   * @param namespace eksnet's own
   * @param probeNamespaces whose Probe resources are read; none: they are not watched
   */
  KubeSources(
      Informers informers,
      ServiceAccounts accounts,
      KubeSettings settings,
      Clock clock,
      String namespace,
      Set<String> probeNamespaces) {
    this.informers = informers;
    this.accounts = accounts;
    this.settings = settings;
    this.clock = clock;
    addPods(namespace);
    addServices();
    addPolicies();
    addLoadBalancers();
    addComponents();
    addExtensions();
    addCustomResources();
    addProbes(probeNamespaces);
  }

  List<KubeSource<?>> all() {
    return sources;
  }

  /** Computes the resources whose inputs changed; one that fails does not affect the others. */
  void update(Instant now) {
    for (var source : sources) {
      try {
        source.update(now);
      } catch (RuntimeException e) {
        log.atError()
            .addKeyValue("resource", source.resource().name())
            .setCause(e)
            .log("unexpected error while computing a resource (please report this bug)");
      }
    }
  }

  /** Zones are added where they are known: the pods are of use without them. */
  private void addPods(String namespace) {
    add(
        Resources.DNS_PODS,
        inputs().all(PODS).optional(NODES),
        now -> PodSources.dnsPods(objects(PODS), freshNodes(now)));
    add(
        Resources.PENDING_PODS,
        inputs().all(PODS).optional(NODES),
        now -> PodSources.pendingPods(objects(PODS), freshNodes(now)));
    add(
        Resources.NODES,
        inputs().all(NODES, PODS),
        now -> NodeSources.nodes(nodes(objects(NODES)), objects(PODS)));
    add(
        Resources.NOT_READY_NODES,
        inputs().all(NODES),
        now ->
            objects(NODES).stream()
                .flatMap(node -> node.notReady().stream())
                .sorted(Comparator.comparing(NotReadyNode::name))
                .toList());
    add(
        Resources.READINESS_GATES,
        inputs().all(PODS),
        now -> PodSources.readinessGates(objects(PODS)));
    add(
        Resources.SANDBOX_FAILURES,
        inputs().all(EVENTS).optional(NODES, PODS),
        this::sandboxFailures);
    add(
        Resources.IMAGE_PULL_FAILURES,
        inputs().all(PODS),
        now -> imagePullFailures.update(objects(PODS)));
    add(
        Resources.IMAGE_REGISTRIES,
        inputs().all(PODS),
        now -> PodSources.imageRegistries(objects(PODS)));
    add(
        Resources.AGENTS,
        inputs().all(PODS, DAEMON_SETS, DEPLOYMENTS).optional(NODES),
        now -> PodSources.agents(objects(PODS), workloads(), zones(now), namespace));
  }

  private void addServices() {
    add(
        Resources.SERVICES,
        inputs().all(SERVICES).optional(ENDPOINT_SLICES, EVENTS),
        now ->
            ServiceSources.services(
                objects(SERVICES),
                informers.of(ENDPOINT_SLICES).freshObjects(now),
                reconciles(now)));
    add(
        Resources.SCALED_TO_ZERO,
        inputs().all(SERVICES, ENDPOINT_SLICES, DEPLOYMENTS),
        now ->
            ServiceSources.scaledToZero(
                objects(SERVICES), objects(ENDPOINT_SLICES), objects(DEPLOYMENTS)));
    add(
        Resources.DEPLOYMENTS,
        inputs().all(DEPLOYMENTS),
        now ->
            objects(DEPLOYMENTS).stream()
                .map(CachedDeployment::settings)
                .sorted(
                    Comparator.comparing(KubeDeployment::namespace)
                        .thenComparing(KubeDeployment::name))
                .toList());
    add(
        Resources.SERVICE_PODS,
        inputs()
            .all(PODS, ENDPOINT_SLICES)
            .anyOf(TARGET_GROUP_BINDINGS, AUTO_TARGET_GROUP_BINDINGS),
        now ->
            PodSources.servicePods(objects(PODS), objects(ENDPOINT_SLICES), targetGroupBindings()));
  }

  /** Without the kinds of target groups and Services, fewer of the probed pods are known. */
  private void addPolicies() {
    add(
        Resources.NETWORK_POLICIES,
        inputs()
            .all(NETWORK_POLICIES, NAMESPACES, PODS, DAEMON_SETS)
            .optional(SERVICES, ENDPOINT_SLICES, TARGET_GROUP_BINDINGS, AUTO_TARGET_GROUP_BINDINGS),
        now ->
            PolicySources.policies(
                objects(NETWORK_POLICIES),
                objects(NAMESPACES),
                objects(PODS),
                objects(DAEMON_SETS),
                PolicySources.probed(
                    freshObjects(SERVICES, now),
                    freshObjects(ENDPOINT_SLICES, now),
                    targetGroupBindings().stream()
                        .map(binding -> binding.namespace() + "/" + binding.service())
                        .collect(Collectors.toUnmodifiableSet()))));
  }

  private void addLoadBalancers() {
    add(
        Resources.INGRESSES,
        inputs()
            .all(INGRESSES)
            .optional(INGRESS_CLASSES, INGRESS_CLASS_PARAMS, AUTO_INGRESS_CLASS_PARAMS, EVENTS),
        now ->
            IngressSources.ingresses(
                objects(INGRESSES).stream().map(CachedIngress::ingress).toList(),
                ingressClassParams(now),
                IngressSources.otherControllersClasses(objects(INGRESS_CLASSES)),
                reconciles(now)));
    add(
        Resources.INGRESS_CLASSES,
        inputs().all(INGRESS_CLASSES),
        now ->
            objects(INGRESS_CLASSES).stream()
                .map(CachedIngressClass::ingressClass)
                .sorted(Comparator.comparing(ingressClass -> ingressClass.name()))
                .toList());
    addGateways();
    add(
        Resources.TARGET_GROUP_BINDINGS,
        inputs().anyOf(TARGET_GROUP_BINDINGS, AUTO_TARGET_GROUP_BINDINGS).optional(EVENTS),
        now -> CustomResources.targetGroupBindings(targetGroupBindings(), reconciles(now)));
  }

  private void addExtensions() {
    add(
        Resources.ADMISSION_WEBHOOKS,
        inputs().all(VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS),
        now ->
            Stream.of(VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS)
                .flatMap(kind -> objects(kind).stream())
                .flatMap(configuration -> configuration.webhooks().stream())
                .sorted(
                    Comparator.comparing(AdmissionWebhook::configuration)
                        .thenComparing(AdmissionWebhook::name))
                .toList());
    add(
        Resources.AGGREGATED_APIS,
        inputs().all(API_SERVICES),
        now ->
            objects(API_SERVICES).stream()
                .sorted(Comparator.comparing(AggregatedApi::name))
                .toList());
  }

  private void addGateways() {
    add(
        Resources.GATEWAY_CLASSES,
        inputs().all(GATEWAY_CLASSES),
        now -> GatewaySources.classes(objects(GATEWAY_CLASSES)));
    add(
        Resources.GATEWAYS,
        inputs()
            .all(GATEWAYS)
            .optional(GATEWAY_CLASSES, LB_CONFIGURATIONS, OLD_LB_CONFIGURATIONS, EVENTS),
        now ->
            GatewaySources.gateways(
                objects(GATEWAYS),
                freshObjects(GATEWAY_CLASSES, now),
                Stream.of(LB_CONFIGURATIONS, OLD_LB_CONFIGURATIONS)
                    .flatMap(kind -> freshObjects(kind, now).stream()),
                reconciles(now)));
    add(
        Resources.GATEWAY_ROUTES,
        inputs()
            .anyOf(
                HTTP_ROUTES, GRPC_ROUTES, TCP_ROUTES, OLD_TCP_ROUTES, TLS_ROUTES, OLD_TLS_ROUTES),
        now ->
            GatewaySources.routes(
                Stream.of(
                        HTTP_ROUTES,
                        GRPC_ROUTES,
                        TCP_ROUTES,
                        OLD_TCP_ROUTES,
                        TLS_ROUTES,
                        OLD_TLS_ROUTES)
                    .flatMap(kind -> objects(kind).stream())));
  }

  private void addComponents() {
    var serviceAccounts =
        new Permission.Rbac("", "serviceaccounts", List.of("get"), Roles.SERVICE_ACCOUNTS, "");
    add(
        Resources.COMPONENTS,
        inputs().all(DEPLOYMENTS, DAEMON_SETS, PODS).and(serviceAccounts, accounts::responses),
        now -> {
          accounts.refresh(now, workloads());
          if (!accounts.areRead()) {
            throw new SourceException(
                Unavailable.Reason.NOT_YET, "service accounts are being read");
          }
          return WorkloadSources.components(workloads(), objects(PODS), accounts::role, now);
        });
    add(
        Resources.CNI_SETTINGS,
        inputs().all(DAEMON_SETS),
        now -> WorkloadSources.cniSettings(objects(DAEMON_SETS)));
  }

  private void addCustomResources() {
    add(
        Resources.ENI_CONFIGS,
        inputs().all(ENI_CONFIGS),
        now ->
            objects(ENI_CONFIGS).stream().sorted(Comparator.comparing(EniConfig::name)).toList());
    add(
        Resources.NODE_CLASSES,
        inputs().anyOf(KARPENTER_NODE_CLASSES, AUTO_NODE_CLASSES),
        now ->
            Stream.of(KARPENTER_NODE_CLASSES, AUTO_NODE_CLASSES)
                .flatMap(
                    kind -> objects(kind).stream().sorted(Comparator.comparing(NodeClass::name)))
                .toList());
    add(
        Resources.NODE_POOLS,
        inputs().all(NODE_POOLS),
        now -> objects(NODE_POOLS).stream().sorted(Comparator.comparing(NodePool::name)).toList());
    add(
        Resources.NODE_CLAIMS,
        inputs().all(NODE_CLAIMS),
        now ->
            objects(NODE_CLAIMS).stream().sorted(Comparator.comparing(NodeClaim::name)).toList());
  }

  private void addProbes(Set<String> namespaces) {
    if (namespaces.isEmpty()) {
      add(
          Resources.PROBES,
          inputs(),
          now -> {
            throw new SourceException(
                Unavailable.Reason.ABSENT, "probe_resources.namespaces names none");
          });
      return;
    }
    add(
        Resources.PROBES,
        inputs().all(PROBES, INGRESSES),
        now -> ProbeSources.probes(objects(PROBES), objects(INGRESSES), namespaces));
  }

  private <R> void add(Resource<R> resource, KubeSource.Inputs inputs, KubeSource.Join<R> join) {
    sources.add(new KubeSource<>(resource, settings, clock, inputs, join));
  }

  private InformerInputs inputs() {
    return new InformerInputs(informers);
  }

  private <T extends HasMetadata, V> Collection<V> objects(ResourceKind<T, V> kind) {
    return informers.of(kind).objects();
  }

  private <T extends HasMetadata, V> Collection<V> freshObjects(
      ResourceKind<T, V> kind, Instant now) {
    return informers.of(kind).freshObjects(now).orElse(List.of());
  }

  private List<SandboxFailures> sandboxFailures(Instant now) {
    sandboxFailures.count(objects(EVENTS), this::nodeOf, zones(now), now);
    return sandboxFailures.failures();
  }

  private String nodeOf(String subject) {
    return objects(PODS).stream()
        .filter(pod -> CachedEvent.subject("Pod", pod.namespace(), pod.name()).equals(subject))
        .map(CachedPod::node)
        .findFirst()
        .orElse("");
  }

  private List<CachedWorkload> workloads() {
    return Stream.concat(
            objects(DEPLOYMENTS).stream().flatMap(deployment -> deployment.workload().stream()),
            objects(DAEMON_SETS).stream())
        .toList();
  }

  private List<TargetGroupBinding> targetGroupBindings() {
    return Stream.of(TARGET_GROUP_BINDINGS, AUTO_TARGET_GROUP_BINDINGS)
        .flatMap(kind -> objects(kind).stream())
        .toList();
  }

  private Map<String, String> zones(Instant now) {
    return NodeSources.zones(freshNodes(now));
  }

  private List<KubeNode> freshNodes(Instant now) {
    return nodes(freshObjects(NODES, now));
  }

  private static List<KubeNode> nodes(Collection<CachedNode> cached) {
    return cached.stream().map(CachedNode::node).toList();
  }

  private Reconciles reconciles(Instant now) {
    return Reconciles.of(freshObjects(EVENTS, now));
  }

  private Map<String, CachedIngressClass.Parameters> ingressClassParams(Instant now) {
    return IngressSources.parameters(
        objects(INGRESS_CLASSES),
        freshObjects(INGRESS_CLASS_PARAMS, now),
        freshObjects(AUTO_INGRESS_CLASS_PARAMS, now));
  }
}
