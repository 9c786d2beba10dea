package io.eksnet.fact.kube;

import io.eksnet.core.inventory.EniConfig;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.NodeClass;
import io.eksnet.core.inventory.SecurityGroupPolicy;
import io.eksnet.core.inventory.TargetGroupBinding;
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
  private final Question question;
  private final Executor thread;
  private final Clock clock;
  private Instant ticked = Instant.MIN;
  private final Pulse pulse;

  final Watch<?, SeenPod> pods;
  final Watch<?, KubeNode> nodes;
  final Watch<?, SeenService> services;
  final Watch<?, SeenSlice> slices;
  final Watch<?, KubeIngress> ingresses;
  final Watch<?, SeenClass> ingressClasses;
  final Watch<?, SeenEvent> events;
  final Watch<?, SeenDeployment> deployments;
  final Watch<?, SeenWorkload> daemonSets;
  final Watch<?, TargetGroupBinding> bindings;
  final Watch<?, TargetGroupBinding> autoBindings;
  final Watch<?, SeenClass.Parameters> classParameters;
  final Watch<?, SeenClass.Parameters> autoClassParameters;
  final Watch<?, NodeClass> karpenterClasses;
  final Watch<?, NodeClass> autoClasses;
  final Watch<?, EniConfig> eniConfigs;
  final Watch<?, SecurityGroupPolicy> policies;

  Watches(
      KubeAccess access, KubeSettings settings, Question question, Executor thread, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.question = question;
    this.thread = thread;
    this.clock = clock;
    pulse = new Pulse(question, thread, settings);
    pods = watch(Kinds.PODS);
    nodes = watch(Kinds.NODES);
    services = watch(Kinds.SERVICES);
    slices = watch(Kinds.SLICES);
    ingresses = watch(Kinds.INGRESSES);
    ingressClasses = watch(Kinds.INGRESS_CLASSES);
    events = watch(Kinds.EVENTS);
    deployments = watch(Kinds.DEPLOYMENTS);
    daemonSets = watch(Kinds.DAEMON_SETS);
    bindings = watch(Kinds.BINDINGS);
    autoBindings = watch(Kinds.AUTO_BINDINGS);
    classParameters = watch(Kinds.CLASS_PARAMETERS);
    autoClassParameters = watch(Kinds.AUTO_CLASS_PARAMETERS);
    karpenterClasses = watch(Kinds.KARPENTER_CLASSES);
    autoClasses = watch(Kinds.AUTO_CLASSES);
    eniConfigs = watch(Kinds.ENI_CONFIGS);
    policies = watch(Kinds.POLICIES);
  }

  private <T extends HasMetadata, V> Watch<T, V> watch(Kind<T, V> kind) {
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
