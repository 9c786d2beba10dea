package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.KubeNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a node to what is kept of it; which pods are on it is added later. */
final class NodeTransform {
  private NodeTransform() {}

  static Optional<KubeNode> of(Node node) {
    var meta = new Meta(node);
    var labels = meta.labels();
    var status = Optional.ofNullable(node.getStatus());
    var conditions = status.map(s -> Meta.list(s.getConditions())).orElse(List.of());
    var provider =
        Optional.ofNullable(node.getSpec()).map(s -> Texts.of(s.getProviderID())).orElse("");
    return Optional.of(
        new KubeNode(
            meta.name(),
            labels.getOrDefault("topology.kubernetes.io/zone", ""),
            instance(provider),
            labels.getOrDefault("node.kubernetes.io/instance-type", ""),
            computeType(labels, meta.name(), provider),
            labels.getOrDefault(
                "karpenter.k8s.aws/ec2nodeclass",
                labels.getOrDefault("eks.amazonaws.com/nodeclass", "")),
            status.map(s -> Meta.list(s.getAddresses())).orElse(List.of()).stream()
                .filter(a -> "InternalIP".equals(a.getType()))
                .map(a -> a.getAddress())
                .toList(),
            conditions.stream().anyMatch(c -> "Ready".equals(c.getType()) && asItShould(c)),
            status
                .map(s -> s.getAllocatable())
                .map(allocatable -> allocatable.get("pods"))
                .map(NodeTransform::number)
                .orElse(0),
            0,
            conditions.stream()
                .filter(c -> !asItShould(c))
                .map(
                    c ->
                        new Condition(
                            c.getType(),
                            c.getStatus(),
                            Texts.of(c.getReason()),
                            Texts.message(c.getMessage())))
                .toList(),
            meta.created()));
  }

  /** The instance of {@code aws:///eu-west-1a/i-0abc}; a Fargate or hybrid node has none. */
  static String instance(String providerId) {
    var last = providerId.substring(providerId.lastIndexOf('/') + 1);
    return providerId.startsWith("aws:///") && last.startsWith("i-") ? last : "";
  }

  /** What it runs on, by the label of EKS, else by its provider and its name. */
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
  private static boolean asItShould(NodeCondition condition) {
    var good = Texts.of(condition.getType()).endsWith("Ready") ? "True" : "False";
    return good.equals(condition.getStatus());
  }

  private static int number(Quantity quantity) {
    var amount = Texts.of(quantity.getAmount());
    return amount.matches("\\d{1,9}") && Texts.of(quantity.getFormat()).isEmpty()
        ? Integer.parseInt(amount)
        : 0;
  }
}
