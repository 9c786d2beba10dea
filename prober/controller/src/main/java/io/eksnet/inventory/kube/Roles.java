package io.eksnet.inventory.kube;

import java.util.List;
import java.util.Map;

/** The roles of pods that matter to cluster networking, by the labels of charts and add-ons. */
final class Roles {
  static final String COREDNS = "coredns";
  static final String AWS_NODE = "aws-node";

  /** An agent of eksnet. */
  static final String AGENT = "agent";

  /** Any other pod. */
  static final String NONE = "";

  /** Default names of the service accounts that may be read. */
  static final List<String> SERVICE_ACCOUNTS =
      List.of(
          COREDNS,
          AWS_NODE,
          "aws-load-balancer-controller",
          "karpenter",
          "external-dns",
          "eks-pod-identity-agent");

  private static final String NAME_LABEL = "app.kubernetes.io/name";
  private static final List<String> NAME_LABEL_ROLES =
      List.of(
          "aws-load-balancer-controller", "karpenter", "external-dns", "eks-pod-identity-agent");

  private Roles() {}

  /** The role of a pod with these labels, or {@link #NONE}. */
  static String of(Map<String, String> labels) {
    var name = labels.getOrDefault(NAME_LABEL, "");
    if (NAME_LABEL_ROLES.contains(name)) {
      return name;
    }
    if (name.equals("eksnet")) {
      return labels.getOrDefault("app.kubernetes.io/component", "").equals(AGENT) ? AGENT : NONE;
    }
    return switch (labels.getOrDefault("k8s-app", labels.getOrDefault("app", ""))) {
      case "kube-dns" -> COREDNS;
      case "aws-node" -> AWS_NODE;
      case "external-dns" -> "external-dns";
      default -> NONE;
    };
  }
}
