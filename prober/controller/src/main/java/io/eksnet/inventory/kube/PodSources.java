package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.Taint;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resources that are computed from pods. */
final class PodSources {
  private static final Comparator<CachedPod> ORDER =
      Comparator.comparing(CachedPod::namespace).thenComparing(CachedPod::name);

  private static final int MAX_REGISTRIES = 100;

  private PodSources() {}

  /** The pods of CoreDNS. */
  static List<DnsPod> dnsPods(Collection<CachedPod> pods, Collection<KubeNode> nodes) {
    var taints = NodeSources.taints(nodes);
    return pods.stream()
        .filter(pod -> pod.role().equals(Roles.COREDNS) && !pod.terminating())
        .sorted(ORDER)
        .flatMap(pod -> pod.detail().map(d -> dnsPod(pod, d, taints)).stream())
        .toList();
  }

  private static DnsPod dnsPod(CachedPod pod, CachedPod.Detail detail, Set<Taint> taints) {
    return new DnsPod(
        pod.name(),
        pod.node(),
        pod.ip(),
        pod.phase(),
        pod.ready(),
        SchedulerMessageParser.withTaints(pod.scheduling(), pod.tolerations(), taints),
        detail.schedulerName(),
        pod.created(),
        detail.trouble());
  }

  /** Pods without a node or an address; one that only pulls its image has both. */
  static List<PendingPod> pendingPods(Collection<CachedPod> pods, Collection<KubeNode> nodes) {
    var zones = NodeSources.zones(nodes);
    var taints = NodeSources.taints(nodes);
    return pods.stream()
        .filter(pod -> pod.isPending() && pod.ip().isEmpty() && !pod.terminating())
        .sorted(ORDER)
        .map(
            pod ->
                new PendingPod(
                    pod.namespace(),
                    pod.name(),
                    zones.getOrDefault(pod.node(), ""),
                    SchedulerMessageParser.withTaints(pod.scheduling(), pod.tolerations(), taints),
                    pod.since()))
        .toList();
  }

  /** The readiness gates that pods wait for; a pod that terminates waits for none. */
  static List<ReadinessGate> readinessGates(Collection<CachedPod> pods) {
    return pods.stream()
        .filter(pod -> !pod.terminating() && !pod.pendingGates().isEmpty())
        .sorted(ORDER)
        .flatMap(pod -> pod.pendingGates().stream())
        .toList();
  }

  /** The pods that are targets by way of a TargetGroupBinding. */
  static List<ServicePod> servicePods(
      Collection<CachedPod> pods,
      Collection<CachedEndpointSlice> slices,
      Collection<TargetGroupBinding> bindings) {
    var services = new HashSet<String>();
    bindings.forEach(b -> services.add(b.namespace() + "/" + b.service()));
    var behind = new HashSet<String>();
    slices.stream()
        .filter(slice -> services.contains(slice.namespace() + "/" + slice.service()))
        .forEach(s -> s.pods().forEach(name -> behind.add(s.namespace() + "/" + name)));
    return pods.stream()
        .filter(pod -> behind.contains(pod.namespace() + "/" + pod.name()))
        .sorted(ORDER)
        .map(
            pod ->
                new ServicePod(
                    pod.ip(),
                    pod.node(),
                    pod.ready(),
                    pod.hostNetwork(),
                    pod.branchInterface(),
                    pod.since()))
        .toList();
  }

  /** The registries of the images that pods run, in alphabetical order. */
  static List<String> imageRegistries(Collection<CachedPod> pods) {
    return pods.stream()
        .flatMap(pod -> pod.registries().stream())
        .distinct()
        .sorted()
        .limit(MAX_REGISTRIES)
        .toList();
  }

  /** The agents in the namespace of eksnet. */
  static AgentFleet agents(
      Collection<CachedPod> pods,
      Collection<CachedWorkload> workloads,
      Map<String, String> zones,
      String namespace) {
    return new AgentFleet(
        workloads.stream()
            .filter(w -> w.role().equals(Roles.AGENT) && w.namespace().equals(namespace))
            .mapToInt(CachedWorkload::desired)
            .sum(),
        pods.stream()
            .filter(pod -> pod.role().equals(Roles.AGENT) && pod.namespace().equals(namespace))
            .filter(pod -> !pod.terminating() && !pod.node().isEmpty())
            .sorted(ORDER)
            .map(
                pod ->
                    new Agent(
                        pod.node(), zones.getOrDefault(pod.node(), ""), pod.ip(), pod.ready()))
            .toList());
  }
}
