package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.SecurityGroupPolicy;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** All watches, one a kind. Confined to one thread. */
final class Watches {
  private final List<Watch<?, ?>> all = new ArrayList<>();
  private final KubeAccess access;
  private final KubeSettings settings;
  private final ApiClient question;
  private final Executor thread;
  private final Clock clock;
  private Instant ticked = Instant.MIN;
  private final ApiServerLiveness pulse;

  final Watch<?, CachedPod> pods;
  final Watch<?, KubeNode> nodes;
  final Watch<?, CachedService> services;
  final Watch<?, CachedEndpointSlice> slices;
  final Watch<?, KubeIngress> ingresses;
  final Watch<?, CachedIngressClass> ingressClasses;
  final Watch<?, CachedEvent> events;
  final Watch<?, CachedDeployment> deployments;
  final Watch<?, CachedWorkload> daemonSets;
  final Watch<?, TargetGroupBinding> bindings;
  final Watch<?, TargetGroupBinding> autoBindings;
  final Watch<?, CachedIngressClass.Parameters> classParameters;
  final Watch<?, CachedIngressClass.Parameters> autoClassParameters;
  final Watch<?, NodeClass> karpenterClasses;
  final Watch<?, NodeClass> autoClasses;
  final Watch<?, EniConfig> eniConfigs;
  final Watch<?, SecurityGroupPolicy> policies;

  Watches(
      KubeAccess access, KubeSettings settings, ApiClient question, Executor thread, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.question = question;
    this.thread = thread;
    this.clock = clock;
    pulse = new ApiServerLiveness(question, thread, settings);
    pods = watch(ResourceKinds.PODS);
    nodes = watch(ResourceKinds.NODES);
    services = watch(ResourceKinds.SERVICES);
    slices = watch(ResourceKinds.SLICES);
    ingresses = watch(ResourceKinds.INGRESSES);
    ingressClasses = watch(ResourceKinds.INGRESS_CLASSES);
    events = watch(ResourceKinds.EVENTS);
    deployments = watch(ResourceKinds.DEPLOYMENTS);
    daemonSets = watch(ResourceKinds.DAEMON_SETS);
    bindings = watch(ResourceKinds.BINDINGS);
    autoBindings = watch(ResourceKinds.AUTO_BINDINGS);
    classParameters = watch(ResourceKinds.CLASS_PARAMETERS);
    autoClassParameters = watch(ResourceKinds.AUTO_CLASS_PARAMETERS);
    karpenterClasses = watch(ResourceKinds.KARPENTER_CLASSES);
    autoClasses = watch(ResourceKinds.AUTO_CLASSES);
    eniConfigs = watch(ResourceKinds.ENI_CONFIGS);
    policies = watch(ResourceKinds.POLICIES);
  }

  private <T extends HasMetadata, V> Watch<T, V> watch(ResourceKind<T, V> kind) {
    var watch = new Watch<>(kind, access, settings, question, thread, clock);
    all.add(watch);
    return watch;
  }

  void tick(Instant now) {
    if (now.isBefore(ticked)) {
      pulse.setBack();
      all.forEach(Watch::setBack);
    }
    ticked = now;
    pulse.tick(now);
    var beats = pulse.beats(now);
    all.forEach(watch -> watch.tick(now, beats));
  }

  List<WatchHealth> health(Instant now) {
    return all.stream().map(watch -> watch.health(now)).toList();
  }

  /** What differs when anything changed. */
  List<Long> changes() {
    return all.stream().map(Watch::changes).toList();
  }

  void close() {
    all.forEach(Watch::close);
  }
}
