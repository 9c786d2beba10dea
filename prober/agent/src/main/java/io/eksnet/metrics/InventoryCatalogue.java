package io.eksnet.metrics;

import static io.eksnet.model.MetricSpec.Type.COUNTER;
import static io.eksnet.model.MetricSpec.Type.GAUGE;

import io.eksnet.model.MetricSpec;
import java.util.List;

/** The metrics of what Kubernetes and AWS know, declared once. */
public final class InventoryCatalogue {
  public static final MetricSpec POLL_LAST_SUCCESS =
      new MetricSpec(
          "eksnet_poll_last_success_timestamp_seconds",
          GAUGE,
          "Time of the last successful read of an inventory resource, in seconds since the epoch."
              + " For target_health: the oldest such time of all target groups.",
          "poll",
          "service");

  public static final MetricSpec POLL_INTERVAL =
      new MetricSpec(
          "eksnet_poll_interval_seconds",
          GAUGE,
          "Poll interval of an inventory resource. Target groups have different intervals: target_health"
              + " has the longest.",
          "poll",
          "service");

  public static final MetricSpec CREDENTIALS =
      new MetricSpec(
          "eksnet_credentials_probe_success",
          GAUGE,
          "Whether the controller's own AWS credentials work, 1 or 0. Absent while STS does not respond.",
          "method");

  public static final MetricSpec CLUSTER_ISSUE =
      new MetricSpec(
          "eksnet_cluster_health_issue",
          GAUGE,
          "Health issues that EKS reports for the cluster, 1 each.",
          "code");

  public static final MetricSpec ADDON_ISSUE =
      new MetricSpec(
          "eksnet_addon_health_issue",
          GAUGE,
          "Health issues that EKS reports for an add-on, 1 each.",
          "addon",
          "code");

  public static final MetricSpec UPGRADE_POLICY =
      new MetricSpec(
          "eksnet_cluster_upgrade_policy",
          GAUGE,
          "Upgrade policy of the cluster: 1 for its support type, 0 for the other.",
          "support_type");

  public static final MetricSpec SUPPORT_END =
      new MetricSpec(
          "eksnet_cluster_standard_support_end_timestamp_seconds",
          GAUGE,
          "End of standard support for the cluster's Kubernetes version, in seconds since the epoch.",
          "version");

  public static final MetricSpec DNS_BACKENDS =
      new MetricSpec(
          "eksnet_dns_backends",
          GAUGE,
          "Endpoints of the kube-dns Service by state, without terminating ones.",
          "state");

  public static final MetricSpec DNS_PODS =
      new MetricSpec(
          "eksnet_dns_pods",
          GAUGE,
          "CoreDNS pods by phase and by the reason they are unschedulable.",
          "phase",
          "scheduled",
          "cause");

  public static final MetricSpec SUBNET_AVAILABLE =
      new MetricSpec(
          "eksnet_subnet_available_ips",
          GAUGE,
          "Free IPv4 addresses of a subnet, as reported by EC2 with some delay.",
          "subnet_id",
          "az");

  public static final MetricSpec SUBNET_USABLE =
      new MetricSpec(
          "eksnet_subnet_usable_ips",
          GAUGE,
          "Usable IPv4 addresses of a subnet: its size minus the five that AWS reserves.",
          "subnet_id",
          "az");

  public static final MetricSpec SUBNET_FREE_PREFIXES =
      new MetricSpec(
          "eksnet_subnet_free_prefix28",
          GAUGE,
          "Free aligned /28 blocks of a subnet. Only with prefix delegation.",
          "subnet_id",
          "az");

  public static final MetricSpec PREFIX_DELEGATION =
      new MetricSpec(
          "eksnet_cni_prefix_delegation",
          GAUGE,
          "Whether the VPC CNI uses prefix delegation, 1 or 0.");

  public static final MetricSpec ENDPOINT_AVAILABLE =
      new MetricSpec(
          "eksnet_vpc_endpoint_available",
          GAUGE,
          "Whether a VPC endpoint for the service is available, 1 or 0.",
          "service",
          "private_dns");

  public static final MetricSpec ELIGIBLE_ZONES =
      new MetricSpec(
          "eksnet_lb_eligible_subnet_azs",
          GAUGE,
          "Availability Zones with a subnet that a new load balancer of the scheme may use.",
          "scheme");

  public static final MetricSpec SUBNET_ROLE =
      new MetricSpec(
          "eksnet_subnet_role",
          GAUGE,
          "Known uses of a subnet by the cluster, 1 each.",
          "subnet_id",
          "role");

  public static final MetricSpec CRASH_LOOP =
      new MetricSpec(
          "eksnet_component_crashloop",
          GAUGE,
          "Whether a container of a network component is in CrashLoopBackOff, 1 or 0, by cause.",
          "component",
          "cause");

  public static final MetricSpec NODE_CLASS_UNRENDERED =
      new MetricSpec(
          "eksnet_nodeclass_unrendered_template",
          GAUGE,
          "Whether the spec of a node class contains an unrendered template placeholder, 1 or 0.",
          "nodeclass");

  public static final MetricSpec NODE_CLASS_CONDITION =
      new MetricSpec(
          "eksnet_nodeclass_condition",
          GAUGE,
          "Current status and reason of each node class condition, 1 each.",
          "nodeclass",
          "condition",
          "status",
          "reason");

  public static final MetricSpec LB_STATE =
      new MetricSpec(
          "eksnet_lb_state",
          GAUGE,
          "State of a load balancer: 1 for the current state, 0 for the others.",
          "lb",
          "state");

  public static final MetricSpec LB_PROBED =
      new MetricSpec(
          "eksnet_lb_probed",
          GAUGE,
          "Whether agents send requests to the HTTP listeners of a load balancer, 1 or 0. 0: no host"
              + " and path that it serves are known.",
          "lb");

  public static final MetricSpec TARGET_HEALTH =
      new MetricSpec(
          "eksnet_target_health",
          GAUGE,
          "Targets of a target group by health state and reason.",
          "lb",
          "target_group",
          "namespace",
          "service",
          "state",
          "reason");

  public static final MetricSpec READY_ENDPOINTS =
      new MetricSpec(
          "eksnet_target_group_ready_endpoints",
          GAUGE,
          "Ready endpoints of the Service behind a target group.",
          "lb",
          "target_group");

  public static final MetricSpec SG_PATH =
      new MetricSpec(
          "eksnet_sg_path_permitted",
          GAUGE,
          "Whether security groups allow traffic from a load balancer to a target's interface on a port, 1 or 0. Absent while unknown.",
          "lb",
          "target_group",
          "eni",
          "port",
          "kind");

  public static final MetricSpec UNSCHEDULABLE =
      new MetricSpec(
          "eksnet_pods_unschedulable",
          GAUGE,
          "Pending pods by the reason they are unschedulable.",
          "cause");

  public static final MetricSpec SANDBOX_FAILURES =
      new MetricSpec(
          "eksnet_pod_sandbox_failures_total",
          COUNTER,
          "Pod sandbox network setup failures, from kubelet events.",
          "az",
          "node",
          "reason");

  public static final MetricSpec POD_SLOTS =
      new MetricSpec(
          "eksnet_node_pod_slots",
          GAUGE,
          "Pods on a node (used) and its pod capacity (allocatable). Without Fargate nodes.",
          "node",
          "state");

  public static final MetricSpec NODE_NOT_READY =
      new MetricSpec(
          "eksnet_node_not_ready",
          GAUGE,
          "1 for each node that is not ready. Cordoned, drained and deleted nodes and Fargate nodes"
              + " are left out.",
          "node",
          "az",
          "reason");

  public static final MetricSpec SCHEME_IN_USE =
      new MetricSpec(
          "eksnet_lb_scheme_in_use",
          GAUGE,
          "Whether a load balancer of the scheme exists or is requested, 1 or 0.",
          "scheme");

  public static final MetricSpec REQUIRED_ZONES =
      new MetricSpec(
          "eksnet_lb_required_subnet_azs",
          GAUGE,
          "Zones in which a subnet must be eligible for the objects that name no subnets: 2 with"
              + " Ingresses, 1 with Services, 0 without any.",
          "scheme");

  public static final MetricSpec INGRESS_ADDRESS =
      new MetricSpec(
          "eksnet_ingress_address_assigned",
          GAUGE,
          "Whether an Ingress has a load balancer address in its status, 1 or 0.",
          "namespace",
          "ingress");

  public static final MetricSpec INGRESS_CREATED =
      new MetricSpec(
          "eksnet_ingress_created_timestamp_seconds",
          GAUGE,
          "Creation time of an Ingress, in seconds since the epoch.",
          "namespace",
          "ingress");

  public static final MetricSpec INGRESS_FAILING =
      new MetricSpec(
          "eksnet_ingress_reconcile_failing",
          GAUGE,
          "Whether the last reconcile of an Ingress failed, 1 or 0, by cause. Absent without events.",
          "namespace",
          "ingress",
          "cause");

  public static final MetricSpec LB_OWNER_ADDRESS =
      new MetricSpec(
          "eksnet_lb_owner_address_assigned",
          GAUGE,
          "Whether a Service of type LoadBalancer, or a Gateway of the AWS Load Balancer Controller,"
              + " has an address in its status, 1 or 0.",
          "kind",
          "namespace",
          "name");

  public static final MetricSpec LB_RECONCILE_FAILING =
      new MetricSpec(
          "eksnet_lb_reconcile_failing",
          GAUGE,
          "Whether the last reconcile of a Service of type LoadBalancer, a Gateway or a"
              + " TargetGroupBinding failed, 1 or 0, by cause. Absent without events.",
          "kind",
          "namespace",
          "name",
          "cause");

  public static final MetricSpec INGRESS_DNS_MATCH =
      new MetricSpec(
          "eksnet_ingress_dns_match",
          GAUGE,
          "Whether a host of an Ingress resolves to its load balancer, 1 or 0. Absent while unknown.",
          "namespace",
          "ingress",
          "host");

  public static final MetricSpec OWNER =
      new MetricSpec(
          "eksnet_owner_info",
          GAUGE,
          "Owner of a Service or an Ingress, from its annotation eksnet.io/team. Always 1.",
          "namespace",
          "service",
          "ingress",
          "team");

  public static final MetricSpec DROPPED =
      new MetricSpec(
          "eksnet_inventory_series_dropped",
          GAUGE,
          "Series of an inventory metric that are dropped because of the series limit.",
          "metric");

  private InventoryCatalogue() {}

  /** All of them, in the order of the page. */
  public static List<MetricSpec> all() {
    return List.of(
        POLL_LAST_SUCCESS,
        POLL_INTERVAL,
        CREDENTIALS,
        CLUSTER_ISSUE,
        ADDON_ISSUE,
        UPGRADE_POLICY,
        SUPPORT_END,
        DNS_BACKENDS,
        DNS_PODS,
        SUBNET_AVAILABLE,
        SUBNET_USABLE,
        SUBNET_FREE_PREFIXES,
        PREFIX_DELEGATION,
        ENDPOINT_AVAILABLE,
        ELIGIBLE_ZONES,
        SUBNET_ROLE,
        CRASH_LOOP,
        NODE_CLASS_UNRENDERED,
        NODE_CLASS_CONDITION,
        LB_STATE,
        LB_PROBED,
        TARGET_HEALTH,
        READY_ENDPOINTS,
        SG_PATH,
        UNSCHEDULABLE,
        SANDBOX_FAILURES,
        POD_SLOTS,
        NODE_NOT_READY,
        SCHEME_IN_USE,
        REQUIRED_ZONES,
        INGRESS_ADDRESS,
        INGRESS_CREATED,
        INGRESS_FAILING,
        INGRESS_DNS_MATCH,
        LB_OWNER_ADDRESS,
        LB_RECONCILE_FAILING,
        OWNER,
        DROPPED);
  }
}
