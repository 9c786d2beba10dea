package io.eksnet.model.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.AWS_API_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.CNI_PERMISSION_MISSING;
import static io.eksnet.model.diagnosis.RootCause.CONTROLLER_DOWN;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_FAILING;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_FARGATE_NOT_ADMITTED;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_FORWARD_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_NOT_READY;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_REPLICA_SICK;
import static io.eksnet.model.diagnosis.RootCause.COREDNS_UNSCHEDULABLE;
import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_NOT_ASSOCIATED;
import static io.eksnet.model.diagnosis.RootCause.CREDENTIALS_TRUST_POLICY;
import static io.eksnet.model.diagnosis.RootCause.DNS_PACKET_LOSS;
import static io.eksnet.model.diagnosis.RootCause.DNS_PORT_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.DNS_SLOW;
import static io.eksnet.model.diagnosis.RootCause.DNS_TCP_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.DOWNSTREAM_OF_DNS;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_ZONE_MISSING;
import static io.eksnet.model.diagnosis.RootCause.IMAGE_PULL_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.IMDS_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_CLASS_MISSING;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_DNS_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.INGRESS_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.IPAMD_DOWN;
import static io.eksnet.model.diagnosis.RootCause.LB_RECONCILE_FAILING;
import static io.eksnet.model.diagnosis.RootCause.LB_SUBNETS_NOT_DISCOVERABLE;
import static io.eksnet.model.diagnosis.RootCause.LINKLOCAL_THROTTLED;
import static io.eksnet.model.diagnosis.RootCause.NACL_BLOCKS;
import static io.eksnet.model.diagnosis.RootCause.NACL_OR_ROUTE;
import static io.eksnet.model.diagnosis.RootCause.NAT_GATEWAY_FAILED;
import static io.eksnet.model.diagnosis.RootCause.NETWORK_POLICY_BLOCKS;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_PERMISSION_MISSING;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_SELECTOR_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.NODECLASS_UNRENDERED_TEMPLATE;
import static io.eksnet.model.diagnosis.RootCause.NODELOCAL_DNS_DOWN;
import static io.eksnet.model.diagnosis.RootCause.NODE_CNI_NOT_READY;
import static io.eksnet.model.diagnosis.RootCause.NODE_NOT_JOINING;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static io.eksnet.model.diagnosis.RootCause.NO_READY_ENDPOINTS;
import static io.eksnet.model.diagnosis.RootCause.PATH_SLOW;
import static io.eksnet.model.diagnosis.RootCause.POD_SLOTS_FULL;
import static io.eksnet.model.diagnosis.RootCause.QUOTA_EXCEEDED;
import static io.eksnet.model.diagnosis.RootCause.READINESS_GATE_STUCK;
import static io.eksnet.model.diagnosis.RootCause.ROUTE_MISSING;
import static io.eksnet.model.diagnosis.RootCause.SANDBOX_FAILING;
import static io.eksnet.model.diagnosis.RootCause.SECURITY_GROUP_BLOCKS_HEALTH_CHECK;
import static io.eksnet.model.diagnosis.RootCause.SECURITY_GROUP_BLOCKS_TARGET;
import static io.eksnet.model.diagnosis.RootCause.SERVICE_PATH_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.TARGETS_NOT_REGISTERED;
import static io.eksnet.model.diagnosis.RootCause.TARGET_GROUP_FAILING_OPEN;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HEALTH_CHECK_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.TARGET_HUNG;
import static io.eksnet.model.diagnosis.RootCause.TARGET_PORT_WRONG;
import static io.eksnet.model.diagnosis.RootCause.TARGET_PROTOCOL_MISMATCH;
import static io.eksnet.model.diagnosis.RootCause.TARGET_SLOW;
import static io.eksnet.model.diagnosis.RootCause.TARGET_ZONE_NOT_ENABLED;
import static io.eksnet.model.diagnosis.RootCause.VPC_RESOLVER_FAILING;
import static io.eksnet.model.diagnosis.RootCause.WEBHOOK_CERTIFICATE;
import static io.eksnet.model.diagnosis.RootCause.WEBHOOK_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.ZONE_OR_NODE_PARTITION;
import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Separates findings that are causes from findings that are their consequences. */
public final class Causality {
  private static final Map<RootCause, Set<RootCause>> EXPLAINS =
      Map.ofEntries(
          explains(
              COREDNS_FARGATE_NOT_ADMITTED,
              COREDNS_NOT_READY,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              INGRESS_DNS_MISMATCH),
          explains(
              COREDNS_UNSCHEDULABLE,
              COREDNS_NOT_READY,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              INGRESS_DNS_MISMATCH),
          explains(
              COREDNS_NOT_READY,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              INGRESS_DNS_MISMATCH),
          explains(
              COREDNS_FAILING,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              INGRESS_DNS_MISMATCH),
          explains(
              SERVICE_PATH_BROKEN,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN),
          explains(
              DNS_PORT_BLOCKED,
              DOWNSTREAM_OF_DNS,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN),
          explains(
              VPC_RESOLVER_FAILING,
              DOWNSTREAM_OF_DNS,
              DNS_SLOW,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              IMAGE_PULL_BLOCKED,
              NODE_CNI_NOT_READY,
              NODE_NOT_JOINING),
          explains(
              COREDNS_FORWARD_BROKEN,
              DOWNSTREAM_OF_DNS,
              DNS_SLOW,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN),
          explains(
              LINKLOCAL_THROTTLED,
              VPC_RESOLVER_FAILING,
              DNS_PACKET_LOSS,
              DNS_SLOW,
              COREDNS_REPLICA_SICK),
          explains(DNS_PACKET_LOSS, DNS_SLOW),
          explains(PATH_SLOW, DNS_SLOW, TARGET_SLOW),
          explains(NODELOCAL_DNS_DOWN, DOWNSTREAM_OF_DNS),
          explains(
              ENDPOINT_UNREACHABLE,
              AWS_API_UNREACHABLE,
              IMAGE_PULL_BLOCKED,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              NODE_CNI_NOT_READY,
              NODE_NOT_JOINING),
          explains(
              NO_EGRESS,
              AWS_API_UNREACHABLE,
              IMAGE_PULL_BLOCKED,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              NODE_CNI_NOT_READY,
              NODE_NOT_JOINING),
          explains(
              CREDENTIALS_NOT_ASSOCIATED,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              READINESS_GATE_STUCK,
              NODE_CNI_NOT_READY),
          explains(
              CREDENTIALS_TRUST_POLICY,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              CONTROLLER_DOWN,
              READINESS_GATE_STUCK,
              NODE_CNI_NOT_READY),
          explains(
              IMDS_UNREACHABLE, INGRESS_RECONCILE_FAILING, LB_RECONCILE_FAILING, CONTROLLER_DOWN),
          explains(
              NODE_CNI_NOT_READY,
              COREDNS_UNSCHEDULABLE,
              COREDNS_NOT_READY,
              DOWNSTREAM_OF_DNS,
              INGRESS_DNS_MISMATCH,
              CONTROLLER_DOWN,
              IPAMD_DOWN,
              POD_SLOTS_FULL),
          explains(CNI_PERMISSION_MISSING, NODE_CNI_NOT_READY),
          explains(IMAGE_PULL_BLOCKED, NODE_CNI_NOT_READY),
          explains(IPAMD_DOWN, SANDBOX_FAILING),
          explains(TARGET_HEALTH_CHECK_MISMATCH, TARGET_GROUP_FAILING_OPEN),
          explains(
              SECURITY_GROUP_BLOCKS_TARGET, TARGET_GROUP_FAILING_OPEN, TARGET_HUNG, NACL_OR_ROUTE),
          explains(SECURITY_GROUP_BLOCKS_HEALTH_CHECK, TARGET_GROUP_FAILING_OPEN),
          explains(TARGET_HUNG, TARGET_GROUP_FAILING_OPEN),
          explains(
              NACL_BLOCKS,
              TARGET_GROUP_FAILING_OPEN,
              TARGET_HUNG,
              TARGET_PROTOCOL_MISMATCH,
              NACL_OR_ROUTE,
              ZONE_OR_NODE_PARTITION,
              DNS_PORT_BLOCKED,
              COREDNS_REPLICA_SICK,
              DNS_PACKET_LOSS,
              ENDPOINT_UNREACHABLE,
              ENDPOINT_ZONE_MISSING,
              NO_EGRESS,
              AWS_API_UNREACHABLE,
              IMAGE_PULL_BLOCKED),
          explains(
              ROUTE_MISSING,
              NO_EGRESS,
              AWS_API_UNREACHABLE,
              IMAGE_PULL_BLOCKED,
              TARGET_GROUP_FAILING_OPEN),
          explains(NAT_GATEWAY_FAILED, NO_EGRESS, AWS_API_UNREACHABLE, IMAGE_PULL_BLOCKED),
          explains(ENDPOINT_ZONE_MISSING, ENDPOINT_UNREACHABLE, AWS_API_UNREACHABLE),
          explains(NACL_OR_ROUTE, TARGET_PROTOCOL_MISMATCH, TARGET_GROUP_FAILING_OPEN),
          explains(
              NETWORK_POLICY_BLOCKS,
              COREDNS_FAILING,
              COREDNS_REPLICA_SICK,
              SERVICE_PATH_BROKEN,
              DNS_PORT_BLOCKED,
              DNS_TCP_BLOCKED,
              DOWNSTREAM_OF_DNS,
              ENDPOINT_UNREACHABLE,
              NO_EGRESS,
              TARGET_HUNG,
              NACL_OR_ROUTE,
              TARGET_GROUP_FAILING_OPEN,
              ZONE_OR_NODE_PARTITION),
          explains(TARGET_PORT_WRONG, TARGET_GROUP_FAILING_OPEN),
          explains(TARGET_PROTOCOL_MISMATCH, TARGET_GROUP_FAILING_OPEN),
          explains(
              LB_SUBNETS_NOT_DISCOVERABLE,
              INGRESS_RECONCILE_FAILING,
              LB_RECONCILE_FAILING,
              INGRESS_DNS_MISMATCH),
          explains(INGRESS_CLASS_MISSING, INGRESS_DNS_MISMATCH),
          explains(INGRESS_RECONCILE_FAILING, INGRESS_DNS_MISMATCH),
          explains(READINESS_GATE_STUCK, NO_READY_ENDPOINTS),
          explains(TARGET_ZONE_NOT_ENABLED, READINESS_GATE_STUCK),
          explains(LB_RECONCILE_FAILING, TARGETS_NOT_REGISTERED, READINESS_GATE_STUCK),
          explains(
              QUOTA_EXCEEDED, TARGETS_NOT_REGISTERED, INGRESS_DNS_MISMATCH, READINESS_GATE_STUCK),
          explains(
              WEBHOOK_UNREACHABLE,
              TARGETS_NOT_REGISTERED,
              INGRESS_DNS_MISMATCH,
              READINESS_GATE_STUCK),
          explains(
              WEBHOOK_CERTIFICATE,
              TARGETS_NOT_REGISTERED,
              INGRESS_DNS_MISMATCH,
              READINESS_GATE_STUCK),
          explains(
              AWS_API_UNREACHABLE,
              IMAGE_PULL_BLOCKED,
              TARGETS_NOT_REGISTERED,
              INGRESS_DNS_MISMATCH,
              CONTROLLER_DOWN,
              READINESS_GATE_STUCK),
          explains(
              CONTROLLER_DOWN,
              WEBHOOK_UNREACHABLE,
              INGRESS_DNS_MISMATCH,
              TARGETS_NOT_REGISTERED,
              POD_SLOTS_FULL),
          explains(NODE_NOT_JOINING, COREDNS_UNSCHEDULABLE, POD_SLOTS_FULL),
          explains(NODECLASS_UNRENDERED_TEMPLATE, COREDNS_UNSCHEDULABLE, POD_SLOTS_FULL),
          explains(NODECLASS_SELECTOR_MISMATCH, COREDNS_UNSCHEDULABLE, POD_SLOTS_FULL),
          explains(NODECLASS_PERMISSION_MISSING, COREDNS_UNSCHEDULABLE, POD_SLOTS_FULL));

  private Causality() {}

  private static Map.Entry<RootCause, Set<RootCause>> explains(
      RootCause cause, RootCause... consequences) {
    return entry(cause, Set.of(consequences));
  }

  /** The causes that can be consequences of {@code cause}. */
  public static Set<RootCause> explainedBy(RootCause cause) {
    return EXPLAINS.getOrDefault(cause, Set.of());
  }

  /** The findings that no other finding explains; all of them if they explain each other. */
  public static List<Finding> causes(List<Finding> findings) {
    var causes =
        findings.stream()
            .filter(finding -> findings.stream().noneMatch(other -> explains(other, finding)))
            .toList();
    return causes.isEmpty() ? List.copyOf(findings) : causes;
  }

  /** The findings that another finding explains. */
  public static List<Finding> consequences(List<Finding> findings) {
    var causes = Set.copyOf(causes(findings));
    return findings.stream().filter(finding -> !causes.contains(finding)).toList();
  }

  /**
   * Findings of different objects of one kind do not explain each other, unless one affects the
   * object of the other: a fault of one target group is no reason for another one to fail. A
   * finding of another kind explains only the objects that it affects, if it names any of their
   * kind: a network ACL in the way of one target group is no reason for another one to fail.
   */
  private static boolean explains(Finding one, Finding other) {
    return one.cause() != other.cause()
        && one.explains().contains(other.cause())
        && (one.scope().equals(other.scope())
            || one.affected().contains(other.scope())
            || (!kind(one.scope()).equals(kind(other.scope()))
                && one.affected().stream()
                    .noneMatch(scope -> kind(scope).equals(kind(other.scope())))));
  }

  private static String kind(String scope) {
    var slash = scope.indexOf('/');
    return slash < 0 ? scope : scope.substring(0, slash);
  }
}
