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
          "When a part of the inventory was last read, in seconds since the epoch.",
          "poll",
          "service");

  public static final MetricSpec POLL_INTERVAL =
      new MetricSpec(
          "eksnet_poll_interval_seconds",
          GAUGE,
          "How often a part of the inventory is read.",
          "poll",
          "service");

  public static final MetricSpec CREDENTIALS =
      new MetricSpec(
          "eksnet_credentials_probe_success",
          GAUGE,
          "Whether the controller's own AWS credentials work, 1 or 0; absent while STS cannot be asked.",
          "method");

  public static final MetricSpec CLUSTER_ISSUE =
      new MetricSpec(
          "eksnet_cluster_health_issue",
          GAUGE,
          "1 for each health issue that EKS reports of the cluster.",
          "code");

  public static final MetricSpec ADDON_ISSUE =
      new MetricSpec(
          "eksnet_addon_health_issue",
          GAUGE,
          "1 for each health issue that EKS reports of an add-on.",
          "addon",
          "code");

  public static final MetricSpec UPGRADE_POLICY =
      new MetricSpec(
          "eksnet_cluster_upgrade_policy",
          GAUGE,
          "1 for the support that the cluster gets after the end of standard support, 0 for the other.",
          "support_type");

  public static final MetricSpec SUPPORT_END =
      new MetricSpec(
          "eksnet_cluster_standard_support_end_timestamp_seconds",
          GAUGE,
          "When standard support of the cluster's version ends, in seconds since the epoch.",
          "version");

  public static final MetricSpec DNS_BACKENDS =
      new MetricSpec(
          "eksnet_dns_backends",
          GAUGE,
          "Endpoints of the Service kube-dns by state, without those that terminate.",
          "state");

  public static final MetricSpec DNS_PODS =
      new MetricSpec(
          "eksnet_dns_pods",
          GAUGE,
          "Pods of CoreDNS by phase, and by what keeps them from being scheduled.",
          "phase",
          "scheduled",
          "cause");

  public static final MetricSpec SUBNET_AVAILABLE =
      new MetricSpec(
          "eksnet_subnet_available_ips",
          GAUGE,
          "Free IPv4 addresses of a subnet as EC2 says; lags behind changes.",
          "subnet_id",
          "az");

  public static final MetricSpec SUBNET_USABLE =
      new MetricSpec(
          "eksnet_subnet_usable_ips",
          GAUGE,
          "IPv4 addresses that a subnet can give away in all: its size less the five of AWS.",
          "subnet_id",
          "az");

  public static final MetricSpec SUBNET_FREE_PREFIXES =
      new MetricSpec(
          "eksnet_subnet_free_prefix28",
          GAUGE,
          "Aligned /28 blocks of a subnet with no used address; only in prefix mode.",
          "subnet_id",
          "az");

  public static final MetricSpec PREFIX_DELEGATION =
      new MetricSpec(
          "eksnet_cni_prefix_delegation",
          GAUGE,
          "Whether the VPC CNI assigns prefixes rather than addresses, 1 or 0.");

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
          "Availability zones with a subnet that a new load balancer of the scheme may use.",
          "scheme");

  public static final MetricSpec SUBNET_ROLE =
      new MetricSpec(
          "eksnet_subnet_role",
          GAUGE,
          "1 for each use that the cluster is known to make of a subnet.",
          "subnet_id",
          "role");

  public static final MetricSpec CRASH_LOOP =
      new MetricSpec(
          "eksnet_component_crashloop",
          GAUGE,
          "Whether a container of a network component ends again and again, 1 or 0, by cause.",
          "component",
          "cause");

  public static final MetricSpec NODE_CLASS_UNRENDERED =
      new MetricSpec(
          "eksnet_nodeclass_unrendered_template",
          GAUGE,
          "Whether the spec of a node class holds a template that nobody filled in, 1 or 0.",
          "nodeclass");

  public static final MetricSpec NODE_CLASS_CONDITION =
      new MetricSpec(
          "eksnet_nodeclass_condition",
          GAUGE,
          "1 for the status and reason that each condition of a node class has now.",
          "nodeclass",
          "condition",
          "status",
          "reason");

  public static final MetricSpec LB_STATE =
      new MetricSpec(
          "eksnet_lb_state",
          GAUGE,
          "1 for the state of a load balancer, 0 for the other states.",
          "lb",
          "state");

  public static final MetricSpec TARGET_HEALTH =
      new MetricSpec(
          "eksnet_target_health",
          GAUGE,
          "Targets of a target group by state and reason as its load balancer says.",
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
          "Whether security groups let a load balancer reach a target's interface on a port, 1 or 0; absent when it cannot be said.",
          "lb",
          "target_group",
          "eni",
          "port",
          "kind");

  public static final MetricSpec UNSCHEDULABLE =
      new MetricSpec(
          "eksnet_pods_unschedulable",
          GAUGE,
          "Pods without a node by what keeps them from being scheduled.",
          "cause");

  public static final MetricSpec SANDBOX_FAILURES =
      new MetricSpec(
          "eksnet_pod_sandbox_failures_total",
          COUNTER,
          "Failures to set up the network of a pod, from the events of the kubelet.",
          "az",
          "node",
          "reason");

  public static final MetricSpec POD_SLOTS =
      new MetricSpec(
          "eksnet_node_pod_slots",
          GAUGE,
          "Pods that a node has (used) and may have (allocatable); Fargate nodes are left out.",
          "node",
          "state");

  public static final MetricSpec SCHEME_IN_USE =
      new MetricSpec(
          "eksnet_lb_scheme_in_use",
          GAUGE,
          "Whether there is, or somebody asks for, a load balancer of the scheme, 1 or 0.",
          "scheme");

  public static final MetricSpec INGRESS_ADDRESS =
      new MetricSpec(
          "eksnet_ingress_address_assigned",
          GAUGE,
          "Whether an Ingress has got the address of a load balancer, 1 or 0.",
          "namespace",
          "ingress");

  public static final MetricSpec INGRESS_CREATED =
      new MetricSpec(
          "eksnet_ingress_created_timestamp_seconds",
          GAUGE,
          "When an Ingress was created, in seconds since the epoch.",
          "namespace",
          "ingress");

  public static final MetricSpec INGRESS_FAILING =
      new MetricSpec(
          "eksnet_ingress_reconcile_failing",
          GAUGE,
          "Whether the controller of an Ingress failed at it last, 1 or 0, by cause; absent without a word from it.",
          "namespace",
          "ingress",
          "cause");

  public static final MetricSpec INGRESS_DNS_MATCH =
      new MetricSpec(
          "eksnet_ingress_dns_match",
          GAUGE,
          "Whether a host of an Ingress resolves to its load balancer, 1 or 0; absent when it cannot be said.",
          "namespace",
          "ingress",
          "host");

  public static final MetricSpec OWNER =
      new MetricSpec(
          "eksnet_owner_info",
          GAUGE,
          "Always 1; whom a Service or an Ingress belongs to, by its annotation eksnet.io/team.",
          "namespace",
          "service",
          "ingress",
          "team");

  public static final MetricSpec DROPPED =
      new MetricSpec(
          "eksnet_inventory_series_dropped",
          GAUGE,
          "Series of a metric of the inventory that are left out because there are too many.",
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
        TARGET_HEALTH,
        READY_ENDPOINTS,
        SG_PATH,
        UNSCHEDULABLE,
        SANDBOX_FAILURES,
        POD_SLOTS,
        SCHEME_IN_USE,
        INGRESS_ADDRESS,
        INGRESS_CREATED,
        INGRESS_FAILING,
        INGRESS_DNS_MATCH,
        OWNER,
        DROPPED);
  }
}
