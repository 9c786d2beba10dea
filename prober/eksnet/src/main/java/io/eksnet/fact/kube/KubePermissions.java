package io.eksnet.fact.kube;

import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.Permission;
import io.eksnet.fact.api.Permission.Rbac;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each part of the inventory, and the election, must be allowed in the Kubernetes API. */
public final class KubePermissions {
  private static final Permission PODS = Rbac.watch("", "pods");
  private static final Permission NODES = Rbac.watch("", "nodes");
  private static final Permission EVENTS = Rbac.watch("", "events");
  private static final Permission SERVICES = Rbac.watch("", "services");
  private static final Permission SLICES = Rbac.watch("discovery.k8s.io", "endpointslices");
  private static final Permission DEPLOYMENTS = Rbac.watch("apps", "deployments");
  private static final Permission DAEMON_SETS = Rbac.watch("apps", "daemonsets");
  private static final Permission INGRESSES = Rbac.watch("networking.k8s.io", "ingresses");
  private static final Permission CLASSES = Rbac.watch("networking.k8s.io", "ingressclasses");
  private static final Permission CLASS_PARAMETERS =
      Rbac.watch("elbv2.k8s.aws", "ingressclassparams");
  private static final Permission AUTO_CLASS_PARAMETERS =
      Rbac.watch("eks.amazonaws.com", "ingressclassparams");
  private static final Permission BINDINGS = Rbac.watch("elbv2.k8s.aws", "targetgroupbindings");
  private static final Permission AUTO_BINDINGS =
      Rbac.watch("eks.amazonaws.com", "targetgroupbindings");

  /** The components whose service accounts may be read, by their usual names. */
  private static final Permission SERVICE_ACCOUNTS =
      new Rbac(
          "",
          "serviceaccounts",
          List.of("get"),
          List.of(
              "coredns",
              "aws-node",
              "aws-load-balancer-controller",
              "karpenter",
              "external-dns",
              "eks-pod-identity-agent"),
          "");

  private KubePermissions() {}

  /** By part. */
  public static Map<Part<?>, List<Permission>> byPart() {
    var all = new LinkedHashMap<Part<?>, List<Permission>>();
    all.put(Parts.DNS_PODS, List.of(PODS, NODES));
    all.put(Parts.SERVICES, List.of(SERVICES, SLICES));
    all.put(
        Parts.INGRESSES,
        List.of(INGRESSES, CLASSES, CLASS_PARAMETERS, AUTO_CLASS_PARAMETERS, EVENTS));
    all.put(Parts.INGRESS_CLASSES, List.of(CLASSES));
    all.put(Parts.TARGET_GROUP_BINDINGS, List.of(BINDINGS, AUTO_BINDINGS, EVENTS));
    all.put(Parts.NODES, List.of(NODES, PODS));
    all.put(Parts.PENDING_PODS, List.of(PODS, NODES));
    all.put(Parts.SERVICE_PODS, List.of(PODS, SLICES, BINDINGS, AUTO_BINDINGS));
    all.put(Parts.SANDBOX_FAILURES, List.of(EVENTS, NODES, PODS));
    all.put(Parts.COMPONENTS, List.of(DEPLOYMENTS, DAEMON_SETS, PODS, SERVICE_ACCOUNTS));
    all.put(Parts.CNI_SETTINGS, List.of(DAEMON_SETS));
    all.put(Parts.ENI_CONFIGS, List.of(Rbac.watch("crd.k8s.amazonaws.com", "eniconfigs")));
    all.put(
        Parts.NODE_CLASSES,
        List.of(
            Rbac.watch("karpenter.k8s.aws", "ec2nodeclasses"),
            Rbac.watch("eks.amazonaws.com", "nodeclasses")));
    all.put(
        Parts.SECURITY_GROUP_POLICIES,
        List.of(Rbac.watch("vpcresources.k8s.aws", "securitygrouppolicies")));
    all.put(Parts.AGENTS, List.of(PODS, DAEMON_SETS, DEPLOYMENTS, NODES));
    return all;
  }

  /** To take part in the election; that it may create a Lease cannot be bound to a name. */
  public static List<Permission> election(String lease) {
    var group = "coordination.k8s.io";
    return List.of(
        new Rbac(group, "leases", List.of("create"), List.of(), "."),
        new Rbac(group, "leases", List.of("get", "update"), List.of(lease), "."));
  }
}
