package io.eksnet.inventory.kube;

import java.util.List;
import java.util.Map;

/** What pods are for, by the labels that their charts and add-ons give them. */
final class Roles {
  static final String COREDNS = "coredns";
  static final String AWS_NODE = "aws-node";

  /** An agent of eksnet. */
  static final String AGENT = "agent";

  /** No role that matters. */
  static final String NONE = "";

  /** The components whose service accounts may be read, by their usual names. */
  static final List<String> SERVICE_ACCOUNTS =
      List.of(
          COREDNS,
          AWS_NODE,
          "aws-load-balancer-controller",
          "karpenter",
          "external-dns",
          "eks-pod-identity-agent");

  private static final String NAME = "app.kubernetes.io/name";
  private static final List<String> BY_NAME =
      List.of(
          "aws-load-balancer-controller", "karpenter", "external-dns", "eks-pod-identity-agent");

  private Roles() {}

  /** The role of a pod with these labels, or {@link #NONE}. */
  static String of(Map<String, String> labels) {
    var name = labels.getOrDefault(NAME, "");
    if (BY_NAME.contains(name)) {
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
