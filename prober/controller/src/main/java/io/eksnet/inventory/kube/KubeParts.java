package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.Unavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Which watched objects make which part. Confined to one thread. */
final class KubeParts {
  private final Watches on;
  private final ServiceAccounts accounts;
  private final KubeSettings settings;
  private final Clock clock;
  private final SandboxFailureCounter tally = new SandboxFailureCounter();
  private final List<KubeSource<?>> sources = new ArrayList<>();

  KubeParts(
      Watches on, ServiceAccounts accounts, KubeSettings settings, Clock clock, String namespace) {
    this.on = on;
    this.accounts = accounts;
    this.settings = settings;
    this.clock = clock;
    pods(namespace);
    services();
    balancers();
    components();
    custom();
  }

  List<KubeSource<?>> sources() {
    return sources;
  }

  /** What is not only a matter of the present: the count of events, the questions by name. */
  void gather(Instant now) {
    // without the nodes' zones the counters would begin under other labels
    var zonesToCome = on.nodes.lack(now).filter(Unavailable.NOT_YET::equals).isPresent();
    if (on.events.lack(now).isEmpty() && !zonesToCome) {
      tally.count(on.events.objects(), this::nodeOf, zones(now), now);
    }
    accounts.tick(now, workloads());
  }

  void refresh(Instant now) {
    sources.forEach(source -> source.refresh(now));
  }

  /** Nothing changed: what is ready is as of now. */
  void confirm(Instant now) {
    sources.forEach(source -> source.confirm(now));
  }

  Object changes() {
    return List.of(accounts.answers(), tally.rows());
  }

  private void pods(String namespace) {
    // zones are added where they are known: without nodes a pod is still a pod
    add(
        Resources.DNS_PODS,
        Need.all(on.pods),
        now -> PodParts.dnsPods(on.pods.objects(), zones(now)),
        on.pods,
        on.nodes);
    add(
        Resources.PENDING_PODS,
        Need.all(on.pods),
        now -> PodParts.pending(on.pods.objects(), zones(now)),
        on.pods,
        on.nodes);
    add(
        Resources.NODES,
        Need.all(on.nodes, on.pods),
        now -> NodeParts.nodes(on.nodes.objects(), on.pods.objects()),
        on.nodes,
        on.pods);
    add(
        Resources.SANDBOX_FAILURES,
        Need.all(on.events),
        now -> tally.rows(),
        on.events,
        on.nodes,
        on.pods);
    add(
        Resources.AGENTS,
        Need.all(on.pods, on.daemonSets, on.deployments),
        now -> PodParts.agents(on.pods.objects(), workloads(), zones(now), namespace),
        on.pods,
        on.daemonSets,
        on.deployments,
        on.nodes);
  }

  private void services() {
    add(
        Resources.SERVICES,
        Need.all(on.services),
        now -> ServiceParts.services(on.services.objects(), on.slices.believed(now)),
        on.services,
        on.slices);
    add(
        Resources.SCALED_TO_ZERO,
        Need.all(on.services, on.slices, on.deployments),
        now ->
            ScaleParts.scaledToZero(
                on.services.objects(), on.slices.objects(), on.deployments.objects()),
        on.services,
        on.slices,
        on.deployments);
    add(
        Resources.SERVICE_PODS,
        Need.all(on.pods, on.slices).and(Need.present(on.bindings, on.autoBindings)),
        now -> PodParts.behindTargetGroups(on.pods.objects(), on.slices.objects(), bindings()),
        on.pods,
        on.slices,
        on.bindings,
        on.autoBindings);
  }

  private void balancers() {
    add(
        Resources.INGRESSES,
        Need.all(on.ingresses),
        now ->
            BalancerParts.ingresses(
                on.ingresses.objects(),
                parameters(now),
                BalancerParts.foreign(on.ingressClasses.objects()),
                reconciles(now)),
        on.ingresses,
        on.ingressClasses,
        on.classParameters,
        on.autoClassParameters,
        on.events);
    add(
        Resources.INGRESS_CLASSES,
        Need.all(on.ingressClasses),
        now ->
            sorted(on.ingressClasses.objects(), c -> c.ingressClass().name())
                .map(CachedIngressClass::ingressClass)
                .toList(),
        on.ingressClasses);
    add(
        Resources.TARGET_GROUP_BINDINGS,
        Need.present(on.bindings, on.autoBindings),
        now -> BalancerParts.bindings(bindings(), reconciles(now)),
        on.bindings,
        on.autoBindings,
        on.events);
  }

  private void components() {
    var permissions = new ArrayList<>(watching(on.deployments, on.daemonSets, on.pods));
    permissions.add(
        new Permission.Rbac("", "serviceaccounts", List.of("get"), Roles.SERVICE_ACCOUNTS, ""));
    add(
        Resources.COMPONENTS,
        Need.all(on.deployments, on.daemonSets, on.pods),
        now -> ComponentParts.components(workloads(), on.pods.objects(), accounts::role, now),
        permissions);
    add(
        Resources.CNI_SETTINGS,
        Need.all(on.daemonSets),
        now -> ComponentParts.cni(on.daemonSets.objects()),
        on.daemonSets);
  }

  private void custom() {
    add(
        Resources.ENI_CONFIGS,
        Need.all(on.eniConfigs),
        now -> sorted(on.eniConfigs.objects(), c -> c.name()).toList(),
        on.eniConfigs);
    add(
        Resources.NODE_CLASSES,
        Need.present(on.karpenterClasses, on.autoClasses),
        now ->
            Stream.concat(
                    sorted(on.karpenterClasses.objects(), c -> c.name()),
                    sorted(on.autoClasses.objects(), c -> c.name()))
                .toList(),
        on.karpenterClasses,
        on.autoClasses);
    add(
        Resources.SECURITY_GROUP_POLICIES,
        Need.all(on.policies),
        now -> sorted(on.policies.objects(), p -> p.namespace() + "/" + p.name()).toList(),
        on.policies);
  }

  private <F> void add(
      Resource<F> part, Need need, KubeSource.Join<F> join, Watch<?, ?>... watches) {
    add(part, need, join, watching(watches));
  }

  private <F> void add(
      Resource<F> part, Need need, KubeSource.Join<F> join, List<Permission> permissions) {
    sources.add(new KubeSource<>(part, settings, clock, need, permissions, join));
  }

  private static List<Permission> watching(Watch<?, ?>... watches) {
    return Stream.of(watches).map(watch -> watch.kind().permission()).toList();
  }

  private static <V> Stream<V> sorted(Collection<V> objects, Function<V, String> by) {
    return objects.stream().sorted(Comparator.comparing(by));
  }

  private List<CachedWorkload> workloads() {
    var deployments = on.deployments.objects().stream().flatMap(d -> d.workload().stream());
    return Stream.concat(deployments, on.daemonSets.objects().stream()).toList();
  }

  private List<TargetGroupBinding> bindings() {
    return Stream.concat(on.bindings.objects().stream(), on.autoBindings.objects().stream())
        .toList();
  }

  private Map<String, String> zones(Instant now) {
    return on.nodes.believed(now).map(NodeParts::zones).orElse(Map.of());
  }

  private Reconciles reconciles(Instant now) {
    return Reconciles.of(on.events.believed(now).orElse(List.of()));
  }

  private Map<String, CachedIngressClass.Parameters> parameters(Instant now) {
    return BalancerParts.parameters(
        on.ingressClasses.objects(),
        on.classParameters.believed(now).orElse(List.of()),
        on.autoClassParameters.believed(now).orElse(List.of()));
  }

  private String nodeOf(String subject) {
    return on.pods.objects().stream()
        .filter(pod -> CachedEvent.subject("Pod", pod.namespace(), pod.name()).equals(subject))
        .map(CachedPod::node)
        .findFirst()
        .orElse("");
  }
}
