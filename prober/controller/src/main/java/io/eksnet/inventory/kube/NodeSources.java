package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Taint;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resources that are computed from nodes. */
final class NodeSources {
  private NodeSources() {}

  /** What is kept of a node; the number of its pods is added later. */
  static KubeNode node(Node node) {
    var name = KubeObjects.name(node);
    var labels = KubeObjects.labels(node);
    var status = Optional.ofNullable(node.getStatus());
    var conditions = status.map(s -> list(s.getConditions())).orElse(List.of());
    var provider = Optional.ofNullable(node.getSpec()).map(s -> text(s.getProviderID())).orElse("");
    return new KubeNode(
        name,
        labels.getOrDefault("topology.kubernetes.io/zone", ""),
        instanceId(provider),
        status.map(s -> addresses(s.getAddresses())).orElse(List.of()),
        computeType(labels, name, provider),
        conditions.stream().anyMatch(c -> "Ready".equals(c.getType()) && isGood(c)),
        status
            .map(s -> s.getAllocatable())
            .map(allocatable -> allocatable.get("pods"))
            .map(NodeSources::number)
            .orElse(0),
        0,
        taints(node),
        KubeObjects.created(node));
  }

  private static List<String> addresses(@Nullable List<NodeAddress> addresses) {
    return list(addresses).stream()
        .filter(address -> "InternalIP".equals(address.getType()))
        .map(address -> text(address.getAddress()))
        .filter(address -> !address.isEmpty())
        .toList();
  }

  private static List<Taint> taints(Node node) {
    return Optional.ofNullable(node.getSpec())
        .map(spec -> list(spec.getTaints()))
        .orElse(List.of())
        .stream()
        .map(t -> new Taint(text(t.getKey()), text(t.getValue()), text(t.getEffect())))
        .filter(taint -> !taint.effect().equals("PreferNoSchedule"))
        .toList();
  }

  /** The instance id in {@code aws:///eu-west-1a/i-0abc}; empty for Fargate and hybrid nodes. */
  static String instanceId(String providerId) {
    var last = providerId.substring(providerId.lastIndexOf('/') + 1);
    return providerId.startsWith("aws:///") && last.startsWith("i-") ? last : "";
  }

  /** By the label of EKS, else by the provider id and the name. */
  static ComputeType computeType(Map<String, String> labels, String name, String providerId) {
    return switch (labels.getOrDefault("eks.amazonaws.com/compute-type", "")) {
      case "fargate" -> ComputeType.FARGATE;
      case "auto" -> ComputeType.AUTO;
      case "hybrid" -> ComputeType.HYBRID;
      default -> {
        if (name.startsWith("fargate-ip-")) {
          yield ComputeType.FARGATE;
        }
        yield providerId.startsWith("eks-hybrid:") ? ComputeType.HYBRID : ComputeType.EC2;
      }
    };
  }

  /**
   * Whether a condition is good: {@code …Ready} of the kubelet and of the EKS node monitoring agent
   * when true, {@code …Pressure} and {@code NetworkUnavailable} when false.
   */
  private static boolean isGood(NodeCondition condition) {
    var good = text(condition.getType()).endsWith("Ready") ? "True" : "False";
    return good.equals(condition.getStatus());
  }

  private static int number(Quantity quantity) {
    var amount = text(quantity.getAmount());
    return amount.matches("\\d{1,9}") && text(quantity.getFormat()).isEmpty()
        ? Integer.parseInt(amount)
        : 0;
  }

  /** The nodes, with the number of pods on each. */
  static List<KubeNode> nodes(Collection<KubeNode> nodes, Collection<CachedPod> pods) {
    Map<String, Long> podsByNode =
        pods.stream().collect(Collectors.groupingBy(CachedPod::node, Collectors.counting()));
    return nodes.stream()
        .sorted(Comparator.comparing(KubeNode::name))
        .map(node -> withPods(node, podsByNode.getOrDefault(node.name(), 0L)))
        .toList();
  }

  /** The zone of each node by its name; empty if the node has no zone label. */
  static Map<String, String> zones(Collection<KubeNode> nodes) {
    return nodes.stream().collect(Collectors.toMap(KubeNode::name, KubeNode::zone, (a, b) -> a));
  }

  static Set<Taint> taints(Collection<KubeNode> nodes) {
    return nodes.stream()
        .flatMap(node -> node.taints().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static KubeNode withPods(KubeNode node, long pods) {
    return new KubeNode(
        node.name(),
        node.zone(),
        node.instanceId(),
        node.addresses(),
        node.computeType(),
        node.ready(),
        node.podSlots(),
        Math.toIntExact(pods),
        node.taints(),
        node.created());
  }
}
