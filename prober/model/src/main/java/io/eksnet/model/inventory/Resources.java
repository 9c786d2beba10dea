package io.eksnet.model.inventory;

import io.eksnet.model.policy.NetworkPolicies;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The resources of an inventory. */
public final class Resources {
  private static final List<Resource<?>> ALL = new ArrayList<>();

  // Kubernetes
  public static final Resource<List<DnsPod>> DNS_PODS =
      kube("dns_pods", "the pods of CoreDNS and how their scheduling went");
  public static final Resource<List<KubeService>> SERVICES =
      kube("services", "Services with their endpoints");
  public static final Resource<List<ScaledToZero>> SCALED_TO_ZERO =
      kube(
          "scaled_to_zero",
          "Services without endpoints whose Deployments want no pods; they are not called");
  public static final Resource<NetworkPolicies> NETWORK_POLICIES =
      kube(
          "network_policies",
          "NetworkPolicies, what enforces them, and the labels of the pods that agents probe");
  public static final Resource<List<KubeDeployment>> DEPLOYMENTS =
      kube("deployments", "images, replicas and restarts of Deployments, for their changes");
  public static final Resource<List<KubeIngress>> INGRESSES =
      kube("ingresses", "Ingresses, their addresses and how their reconciling went");
  public static final Resource<List<IngressClass>> INGRESS_CLASSES =
      kube("ingress_classes", "IngressClasses and their controllers");
  public static final Resource<List<GatewayClass>> GATEWAY_CLASSES =
      kube("gateway_classes", "GatewayClasses and their controllers");
  public static final Resource<List<Gateway>> GATEWAYS =
      kube("gateways", "Gateways, their addresses, conditions and how their reconciling went");
  public static final Resource<List<GatewayRoute>> GATEWAY_ROUTES =
      kube("gateway_routes", "HTTP, gRPC, TCP and TLS routes of Gateways and their conditions");
  public static final Resource<List<TargetGroupBinding>> TARGET_GROUP_BINDINGS =
      kube("target_group_bindings", "which target group stands for which Service");
  public static final Resource<List<KubeNode>> NODES = kube("nodes", "nodes, zones and pod slots");
  public static final Resource<List<NotReadyNode>> NOT_READY_NODES =
      kube(
          "not_ready_nodes", "nodes that are not ready, except cordoned, drained and deleted ones");
  public static final Resource<List<PendingPod>> PENDING_PODS =
      kube("pending_pods", "pods that wait for a node or for an address");
  public static final Resource<List<ServicePod>> SERVICE_PODS =
      kube("service_pods", "the pods behind target groups, with branch interfaces");
  public static final Resource<List<ReadinessGate>> READINESS_GATES =
      kube("readiness_gates", "readiness gates of load balancers that keep pods from being ready");
  public static final Resource<List<SandboxFailures>> SANDBOX_FAILURES =
      kube("sandbox_failures", "pod sandboxes that failed since the start, by class");
  public static final Resource<List<ImagePullFailure>> IMAGE_PULL_FAILURES =
      kube("image_pull_failures", "hosts from which images cannot be pulled for the network");
  public static final Resource<List<String>> IMAGE_REGISTRIES =
      kube("image_registries", "the registries of the images that pods run");
  public static final Resource<List<Component>> COMPONENTS =
      kube("components", "the health of the cluster's network components");
  public static final Resource<List<AdmissionWebhook>> ADMISSION_WEBHOOKS =
      kube("admission_webhooks", "admission webhooks behind Services of the cluster");
  public static final Resource<List<AggregatedApi>> AGGREGATED_APIS =
      kube("aggregated_apis", "APIs behind Services of the cluster, and whether they respond");
  public static final Resource<CniSettings> CNI_SETTINGS =
      kube("cni_settings", "how the VPC CNI is set up");
  public static final Resource<List<EniConfig>> ENI_CONFIGS =
      kube("eni_configs", "subnets of custom networking");
  public static final Resource<List<NodeClass>> NODE_CLASSES =
      kube("node_classes", "Karpenter's and Auto Mode's node classes");
  public static final Resource<List<NodePool>> NODE_POOLS =
      kube("node_pools", "Karpenter's and Auto Mode's node pools and their conditions");
  public static final Resource<List<NodeClaim>> NODE_CLAIMS =
      kube("node_claims", "instances of Karpenter and Auto Mode that are no nodes yet");
  public static final Resource<List<IngressHost>> INGRESS_HOSTS =
      resource(
          "ingress_hosts", "dns", "whether the hosts of Ingresses resolve to their load balancers");
  public static final Resource<List<KubeProbe>> PROBES =
      kube("probes", "Probe resources of the Prometheus Operator, if the settings name namespaces");
  public static final Resource<AgentFleet> AGENTS = kube("agents", "the agents of eksnet");

  // AWS
  public static final Resource<EksCluster> CLUSTER = eks("cluster", "the cluster and its health");
  public static final Resource<List<Addon>> ADDONS =
      eks("addons", "the EKS add-ons and their health");
  public static final Resource<List<FargateProfile>> FARGATE_PROFILES =
      eks("fargate_profiles", "Fargate profiles");
  public static final Resource<List<PodIdentityAssociation>> POD_IDENTITY_ASSOCIATIONS =
      eks("pod_identity_associations", "which service account has which role");
  public static final Resource<List<Subnet>> SUBNETS =
      ec2("subnets", "the cluster's subnets, their roles and free addresses");
  public static final Resource<List<Eligibility>> LB_SUBNETS =
      ec2("lb_subnets", "which subnets a load balancer may use, and why not the others");
  public static final Resource<Map<String, Integer>> FREE_PREFIXES =
      ec2("free_prefixes", "free aligned /28 blocks by subnet, in prefix mode");
  public static final Resource<List<VpcEndpoint>> VPC_ENDPOINTS =
      ec2("vpc_endpoints", "VPC endpoints, their zones and their private DNS");
  public static final Resource<VpcDns> VPC_DNS =
      ec2("vpc_dns", "whether the VPC has DNS and DNS hostnames");
  public static final Resource<List<NetworkAcl>> NETWORK_ACLS =
      ec2("network_acls", "the network ACLs of the VPC and their subnets");
  public static final Resource<List<RouteTable>> ROUTE_TABLES =
      ec2("route_tables", "the route tables of the VPC and their subnets");
  public static final Resource<List<NatGateway>> NAT_GATEWAYS =
      ec2("nat_gateways", "the NAT gateways of the VPC and their state");
  public static final Resource<List<NetworkInterface>> LEAKED_INTERFACES =
      ec2("leaked_interfaces", "interfaces of the CNI that no instance has");
  public static final Resource<List<SecurityPath>> SECURITY_PATHS =
      ec2("security_paths", "whether security groups let load balancers reach their targets");
  public static final Resource<List<LoadBalancer>> LOAD_BALANCERS =
      elb("load_balancers", "the cluster's load balancers and their state");
  public static final Resource<List<LbAddress>> LB_ADDRESSES =
      ec2("lb_addresses", "the addresses of load balancers and their zones");
  public static final Resource<List<TargetGroup>> TARGET_GROUPS =
      elb("target_groups", "the target groups of those load balancers");
  public static final Resource<List<GroupHealth>> TARGET_HEALTH =
      elb("target_health", "the health of the targets of each target group");
  public static final Resource<CallerIdentity> CALLER_IDENTITY =
      resource("caller_identity", "sts", "whether the controller's own credentials work");

  private Resources() {}

  /** Those that are unknown in an inventory. */
  public static List<Resource<?>> unknownIn(Inventory inventory) {
    return all().stream().filter(inventory::isUnknown).toList();
  }

  /** All of them, in the order of the reference. */
  public static List<Resource<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  private static <T> Resource<T> kube(String name, String meaning) {
    return resource(name, "kubernetes", meaning);
  }

  private static <T> Resource<T> ec2(String name, String meaning) {
    return resource(name, "ec2", meaning);
  }

  private static <T> Resource<T> elb(String name, String meaning) {
    return resource(name, "elbv2", meaning);
  }

  private static <T> Resource<T> eks(String name, String meaning) {
    return resource(name, "eks", meaning);
  }

  private static <T> Resource<T> resource(String name, String api, String meaning) {
    var resource = new Resource<T>(name, api, meaning);
    ALL.add(resource);
    return resource;
  }
}
