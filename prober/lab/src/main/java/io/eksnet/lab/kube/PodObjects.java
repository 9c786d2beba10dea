package io.eksnet.lab.kube;

import static java.util.stream.Collectors.toMap;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Condition;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes and pods as the API server shows them. */
final class PodObjects {
  private static final String COMPUTE_TYPE = "eks.amazonaws.com/compute-type";
  private static final String GATE = "target-health.elbv2.k8s.aws/";

  private PodObjects() {}

  static HasMetadata node(Node node, String region) {
    return new NodeBuilder()
        .withMetadata(
            KubeObjects.meta("Node", "", node.name(), labels(node, region), node.created()))
        .withNewSpec()
        .withProviderID(provider(node))
        .withTaints(taints(node))
        .endSpec()
        .withNewStatus()
        .addNewAddress(node.address(), "InternalIP")
        .addNewAddress(node.name(), "Hostname")
        .withCapacity(Map.of("pods", new Quantity(Integer.toString(node.podSlots()))))
        .withAllocatable(Map.of("pods", new Quantity(Integer.toString(node.podSlots()))))
        .withConditions(conditions(node))
        .endStatus()
        .build();
  }

  private static Map<String, String> labels(Node node, String region) {
    var labels = new HashMap<>(node.labels());
    labels.put("kubernetes.io/hostname", node.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("topology.kubernetes.io/zone", node.zone());
    labels.put("topology.kubernetes.io/region", region);
    if (!node.instanceType().isEmpty()) {
      labels.put("node.kubernetes.io/instance-type", node.instanceType());
    }
    if (!node.computeType().equals("ec2")) {
      labels.put(COMPUTE_TYPE, node.computeType());
    }
    return labels;
  }

  /** The form on Fargate has no instance in it. */
  private static String provider(Node node) {
    return node.instanceId().isEmpty()
        ? "aws:///" + node.zone() + "/0a1b2c3d4e-lab/" + node.name()
        : "aws:///" + node.zone() + "/" + node.instanceId();
  }

  private static List<Taint> taints(Node node) {
    return node.computeType().equals("fargate")
        ? List.of(
            new TaintBuilder()
                .withKey(COMPUTE_TYPE)
                .withValue("fargate")
                .withEffect("NoSchedule")
                .build())
        : List.of();
  }

  private static List<NodeCondition> conditions(Node node) {
    var all = new ArrayList<NodeCondition>();
    for (var condition : node.conditions()) {
      all.add(condition(condition));
    }
    all.add(
        condition(
            node.ready()
                ? new Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
                : new Condition(
                    "Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting status.")));
    return all;
  }

  private static NodeCondition condition(Condition condition) {
    return new NodeConditionBuilder()
        .withType(condition.type())
        .withStatus(condition.status())
        .withReason(condition.reason())
        .withMessage(condition.message())
        .build();
  }

  static HasMetadata pod(Pod pod, ClusterState state) {
    var meta = KubeObjects.meta("Pod", pod.namespace(), pod.name(), pod.labels(), pod.created());
    meta.setAnnotations(pod.annotations());
    if (pod.terminating()) {
      meta.setDeletionTimestamp(KubeObjects.time(pod.created()));
      meta.setDeletionGracePeriodSeconds(30L);
    }
    var host = state.find(Node.class, pod.node()).map(Node::address).orElse("");
    var ips = pod.ip().isEmpty() ? List.<PodIP>of() : List.of(new PodIP(pod.ip()));
    return new PodBuilder()
        .withMetadata(meta)
        .withNewSpec()
        .withNodeName(present(pod.node()))
        .withServiceAccountName(pod.serviceAccount())
        .withSchedulerName(pod.scheduler())
        .withHostNetwork(pod.hostNetwork() ? Boolean.TRUE : null)
        .withReadinessGates(gates(pod))
        .addNewContainer()
        .withName("main")
        .withEnv(env(pod))
        .addAllToPorts(
            pod.ports().stream()
                .map(
                    port ->
                        new io.fabric8.kubernetes.api.model.ContainerPortBuilder()
                            .withName(port.name())
                            .withContainerPort(port.port())
                            .withProtocol(port.protocol())
                            .build())
                .toList())
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase(pod.phase())
        .withPodIP(present(pod.ip()))
        .withPodIPs(ips)
        .withHostIP(present(host))
        .withConditions(conditions(pod))
        .withContainerStatuses(pod.node().isEmpty() ? List.of() : List.of(container(pod).build()))
        .endStatus()
        .build();
  }

  private static List<EnvVar> env(Pod pod) {
    var sorted =
        pod.env().entrySet().stream()
            .collect(
                toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, java.util.TreeMap::new));
    return sorted.entrySet().stream()
        .map(entry -> new EnvVar(entry.getKey(), entry.getValue(), null))
        .toList();
  }

  private static List<PodReadinessGate> gates(Pod pod) {
    return pod.conditions().stream()
        .map(Condition::type)
        .filter(type -> type.startsWith(GATE))
        .map(PodReadinessGate::new)
        .toList();
  }

  private static List<PodCondition> conditions(Pod pod) {
    var all = new ArrayList<PodCondition>();
    for (var condition : pod.conditions()) {
      all.add(condition(pod, condition));
    }
    if (!pod.node().isEmpty()) {
      all.add(condition(pod, Condition.holds("PodScheduled")));
      all.add(
          condition(
              pod,
              pod.ready()
                  ? Condition.holds("Ready")
                  : new Condition("Ready", "False", "ContainersNotReady", "not ready: [main]")));
    }
    return all;
  }

  private static PodCondition condition(Pod pod, Condition condition) {
    return new PodConditionBuilder()
        .withType(condition.type())
        .withStatus(condition.status())
        .withReason(present(condition.reason()))
        .withMessage(present(condition.message()))
        .withLastTransitionTime(KubeObjects.time(pod.created()))
        .build();
  }

  private static ContainerStatusBuilder container(Pod pod) {
    var crash = pod.crash();
    var status =
        new ContainerStatusBuilder()
            .withName("main")
            .withReady(pod.ready())
            .withRestartCount(crash.restarts());
    if (!crash.words().isEmpty()) {
      status =
          status
              .withNewLastState()
              .withNewTerminated()
              .withExitCode(1)
              .withReason("Error")
              .withMessage(crash.words())
              .endTerminated()
              .endLastState();
    }
    if (!crash.reason().isEmpty()) {
      return status.withNewState().withNewWaiting(crash.words(), crash.reason()).endState();
    }
    return pod.phase().equals("Pending")
        ? status.withNewState().withNewWaiting("", "ContainerCreating").endState()
        : status.withNewState().withNewRunning(KubeObjects.time(pod.created())).endState();
  }

  @SuppressWarnings("NullAway") // Kubernetes leaves out what is not there.
  private static String present(String text) {
    return text.isEmpty() ? null : text;
  }
}
