package io.eksnet.model.diagnosis;

import java.util.Locale;

/** The closed list of root causes, in the order of the rules that find them. */
public enum RootCause {
  COREDNS_FARGATE_NOT_ADMITTED(
      Layer.DNS,
      "R1",
      "CoreDNS pods are Pending because no Fargate profile existed when they were created"),
  COREDNS_UNSCHEDULABLE(Layer.DNS, "R2", "CoreDNS pods cannot be scheduled"),
  COREDNS_NOT_READY(
      Layer.DNS, "R3", "no replica of CoreDNS is available: none runs, or none is ready"),
  COREDNS_FAILING(Layer.DNS, "R56", "all replicas of CoreDNS are ready, and none answers queries"),
  SERVICE_PATH_BROKEN(
      Layer.DNS,
      "R4",
      "queries through the Service kube-dns fail, CoreDNS pods answer direct queries"),
  DNS_PORT_BLOCKED(Layer.DNS, "R5", "port 53 is blocked between some nodes"),
  COREDNS_REPLICA_SICK(Layer.DNS, "R6", "one CoreDNS replica fails"),
  VPC_RESOLVER_FAILING(Layer.DNS, "R7", "the VPC resolver fails"),
  COREDNS_FORWARD_BROKEN(
      Layer.DNS, "R8", "CoreDNS does not forward queries for names outside the cluster"),
  LINKLOCAL_THROTTLED(
      Layer.DNS,
      "R9",
      "a node exceeds the limit of 1024 packets/s to link-local services such as DNS"),
  DNS_PACKET_LOSS(Layer.DNS, "R10", "DNS packets over UDP are lost"),
  DNS_SLOW(Layer.DNS, "R92", "DNS lookups take much longer than usual"),
  DNS_WRONG_NAME(
      Layer.DNS, "R11", "a name that must exist gets NXDOMAIN: wrong cluster domain or namespace"),
  WRONG_NAMESERVER(Layer.DNS, "R12", "pods have the wrong name server in /etc/resolv.conf"),
  NODELOCAL_DNS_DOWN(Layer.DNS, "R13", "NodeLocal DNSCache is down on a node"),
  DNS_TCP_BLOCKED(Layer.DNS, "R14", "port 53 is blocked for TCP"),
  DOWNSTREAM_OF_DNS(Layer.CREDENTIALS, "R15", "STS is unreachable because DNS fails"),
  ENDPOINT_PRIVATE_DNS_BROKEN(
      Layer.DNS, "R16", "the name of a VPC endpoint with private DNS resolves to public addresses"),
  ENDPOINT_UNREACHABLE(Layer.L4, "R17", "a VPC endpoint is unreachable"),
  NO_EGRESS(Layer.L3, "R18", "nodes cannot reach the Internet"),
  CREDENTIALS_NOT_ASSOCIATED(
      Layer.CREDENTIALS,
      "R19 R53",
      "a component has no AWS credentials: its service account has no IAM role"),
  CREDENTIALS_TRUST_POLICY(
      Layer.CREDENTIALS,
      "R57",
      "a component has an IAM role, and the trust policy of the role refuses it"),
  IMDS_UNREACHABLE(
      Layer.CREDENTIALS,
      "R58",
      "a component needs the instance metadata service and cannot reach it"),
  POD_IDENTITY_AGENT_DOWN(Layer.CREDENTIALS, "R20", "the Pod Identity agent of a node is down"),
  TARGET_HEALTH_CHECK_MISMATCH(
      Layer.L7, "R21", "targets respond to the health check with an unexpected code"),
  SECURITY_GROUP_BLOCKS_TARGET(
      Layer.L4, "R22", "a security group blocks the load balancer at the target port"),
  SECURITY_GROUP_BLOCKS_HEALTH_CHECK(
      Layer.L4, "R23", "a security group blocks the health-check port"),
  TARGET_HUNG(
      Layer.L7, "R24", "targets do not respond to anyone, and no security group blocks them"),
  NACL_OR_ROUTE(
      Layer.L3,
      "R25",
      "a path from the load balancer to a zone is blocked, and no rule or route that was read explains it"),
  NETWORK_POLICY_BLOCKS(
      Layer.L4, "R74", "a NetworkPolicy denies a path of agents or of a load balancer"),
  NACL_BLOCKS(Layer.L3, "R76", "a rule of a network ACL denies connections that fail"),
  ROUTE_MISSING(
      Layer.L3, "R77", "a route table has no route for packets that get no answer, or a blackhole"),
  NAT_GATEWAY_FAILED(
      Layer.L3, "R78", "the NAT gateway of nodes that do not reach the Internet does not work"),
  ENDPOINT_ZONE_MISSING(
      Layer.L3, "R79", "a VPC endpoint has no address in a zone whose nodes do not reach it"),
  TARGET_PORT_WRONG(Layer.L4, "R26", "no process listens on the target port"),
  TARGET_PROTOCOL_MISMATCH(Layer.L7, "R27", "targets use another protocol than the target group"),
  TARGET_GROUP_FAILING_OPEN(
      Layer.L7,
      "R28",
      "all targets are unhealthy, so the load balancer sends requests to all of them"),
  ROLLOUT_WITHOUT_DRAIN(Layer.L7, "R29", "a rollout stops pods before they are drained"),
  KEEPALIVE_SHORTER_THAN_IDLE(
      Layer.L7, "R30", "targets close idle connections before the load balancer does"),
  NO_READY_ENDPOINTS(Layer.L7, "R31", "a Service behind a load balancer has no ready pods"),
  TARGETS_NOT_REGISTERED(Layer.L7, "R32", "ready pods are not registered in their target group"),
  READINESS_GATE_STUCK(
      Layer.L7, "R73", "pods stay out of service because of the readiness gate of a target group"),
  TARGET_ZONE_NOT_ENABLED(
      Layer.L7, "R33", "targets are in a zone that is not enabled for the load balancer"),
  APPLICATION_ERROR(Layer.L7, "R34", "the application responds with 5xx errors"),
  TARGET_SLOW(
      Layer.L7,
      "R91",
      "targets of a load balancer respond much slower than usual, also without it"),
  LB_ADDRESS_FAILING(
      Layer.L7,
      "R82",
      "one address or zone of a load balancer fails while its other addresses work"),
  LB_CERTIFICATE(
      Layer.L7,
      "R61",
      "the certificate of a load balancer is expired, missing or for another name"),
  LB_SUBNETS_NOT_DISCOVERABLE(
      Layer.CLUSTER, "R35", "too few subnets are eligible for load balancers"),
  INGRESS_CLASS_MISSING(
      Layer.CLUSTER, "R36", "an Ingress has no IngressClass that a controller handles"),
  INGRESS_RECONCILE_FAILING(
      Layer.CLUSTER, "R37", "the controller fails to build the load balancer of an Ingress"),
  LB_RECONCILE_FAILING(
      Layer.CLUSTER,
      "R59",
      "the controller fails to reconcile a TargetGroupBinding, or the load balancer of a Service or"
          + " Gateway"),
  GATEWAY_CLASS_MISSING(
      Layer.CLUSTER,
      "R67",
      "no controller handles a Gateway: its GatewayClass is missing or not accepted"),
  GATEWAY_NOT_PROGRAMMED(
      Layer.CLUSTER, "R68", "the controller refuses a Gateway or one of its listeners"),
  ROUTE_NOT_ATTACHED(
      Layer.CLUSTER, "R69", "the controller refuses a route of a Gateway, or its backend"),
  CONTROLLER_DOWN(
      Layer.CLUSTER, "R60", "a controller does not run, and objects of the cluster wait for it"),
  QUOTA_EXCEEDED(Layer.CLUSTER, "R63", "AWS refuses a change because of a quota"),
  WEBHOOK_UNREACHABLE(
      Layer.CLUSTER,
      "R64",
      "the API server cannot call an admission webhook, and refuses writes, or cannot call an"
          + " aggregated API"),
  WEBHOOK_CERTIFICATE(
      Layer.CLUSTER,
      "R65",
      "the API server does not trust the certificate of an admission webhook, and refuses writes, or"
          + " that of an aggregated API"),
  AWS_API_UNREACHABLE(
      Layer.L4, "R66", "nodes or a controller get no response from an AWS API whose name resolves"),
  IMAGE_PULL_BLOCKED(
      Layer.L4,
      "R80",
      "nodes cannot pull images because they do not reach a registry or Amazon S3"),
  LB_PROVISIONING(Layer.CLUSTER, "R38", "a load balancer is provisioning for longer than usual"),
  INGRESS_DNS_MISMATCH(
      Layer.DNS, "R39", "the host of an Ingress does not resolve to its load balancer"),
  ZONE_OR_NODE_PARTITION(Layer.L3, "R40", "a zone or a node is cut off from others"),
  PATH_SLOW(Layer.L3, "R90", "packets between pods of some zones take much longer than usual"),
  SUBNET_EXHAUSTED(Layer.L3, "R41", "a subnet has no free addresses for pods or for new instances"),
  SUBNET_FRAGMENTED(
      Layer.L3, "R42", "a subnet has free addresses, and no free /28 block for prefix delegation"),
  INSTANCE_ADDRESS_LIMIT(
      Layer.L3, "R43", "an instance has reached its limit of network interfaces and addresses"),
  ENI_CREATION_REFUSED(
      Layer.L3, "R62", "AWS refuses network interfaces although the subnet has free addresses"),
  CNI_PERMISSION_MISSING(
      Layer.CREDENTIALS, "R44", "the VPC CNI lacks IAM permissions to assign addresses"),
  NODE_CNI_NOT_READY(Layer.L3, "R70", "nodes are not ready because their CNI is not initialized"),
  IPAMD_DOWN(Layer.L3, "R45", "ipamd of aws-node is down on a node"),
  SANDBOX_FAILING(
      Layer.L3, "R72", "the CNI fails to set up pods for another reason than addresses"),
  POD_SLOTS_FULL(
      Layer.CLUSTER,
      "R46",
      "all pod slots of nodes are used: the limit is max-pods, not addresses"),
  BRANCH_ENI_LIMIT(
      Layer.L3, "R47", "pods with security groups of their own get no branch network interface"),
  WARM_POOL_HOLDS_ADDRESSES(Layer.L3, "R48", "warm pools hold the addresses that a subnet lacks"),
  LEAKED_ENIS(Layer.L3, "R49", "leaked network interfaces hold the addresses that a subnet lacks"),
  NODECLASS_UNRENDERED_TEMPLATE(
      Layer.CLUSTER, "R50", "a node class contains a template that was not rendered"),
  NODECLASS_SELECTOR_MISMATCH(Layer.CLUSTER, "R51", "a selector of a node class matches nothing"),
  NODECLASS_PERMISSION_MISSING(
      Layer.CREDENTIALS, "R52", "Karpenter lacks IAM permissions for a node class"),
  NODE_NOT_JOINING(
      Layer.CLUSTER,
      "R71",
      "instances were launched and do not join the cluster as nodes, or the limits of a NodePool"
          + " admit no more of them"),
  ADDON_UNHEALTHY(
      Layer.CLUSTER,
      "R81",
      "EKS reports a health issue of an add-on or of the cluster, or an add-on of the network failed"),
  EXTENDED_SUPPORT(
      Layer.CLUSTER,
      "R54",
      "the cluster version is in paid extended support, or will be within 60 days"),
  PROBER_TROUBLE(Layer.PROBER, "R55", "eksnet itself lacks permissions or agents");

  private final Layer layer;
  private final String rules;
  private final String meaning;

  RootCause(Layer layer, String rules, String meaning) {
    this.layer = layer;
    this.rules = rules;
    this.meaning = meaning;
  }

  /** The label {@code cause}: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Layer layer() {
    return layer;
  }

  /** Whether it needs attention some day, and is not a fault. */
  public boolean isNotice() {
    return this == EXTENDED_SUPPORT;
  }

  /** The rules that find it: {@code R1} and so on. */
  public String rules() {
    return rules;
  }

  /** One clause that describes it. */
  public String meaning() {
    return meaning;
  }
}
