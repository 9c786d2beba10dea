package io.eksnet.model.diagnosis;

/**
 * Why the network of a cluster is not well: the closed vocabulary of findings, the label {@code
 * cause}, in the order of the rules that find them.
 */
public enum RootCause {
  COREDNS_FARGATE_NOT_ADMITTED(
      "coredns_fargate_not_admitted",
      Layer.DNS,
      "R1",
      "CoreDNS pods wait for nodes that only a Fargate profile could give them"),
  COREDNS_UNSCHEDULABLE(
      "coredns_unschedulable", Layer.DNS, "R2", "CoreDNS pods cannot be scheduled"),
  COREDNS_NOT_READY("coredns_not_ready", Layer.DNS, "R3", "CoreDNS runs and is not ready"),
  SERVICE_PATH_BROKEN(
      "service_path_broken",
      Layer.DNS,
      "R4",
      "the way through the Service kube-dns is broken, CoreDNS itself answers"),
  DNS_PORT_BLOCKED("dns_port_blocked", Layer.DNS, "R5", "port 53 is blocked between some nodes"),
  COREDNS_REPLICA_SICK("coredns_replica_sick", Layer.DNS, "R6", "one replica of CoreDNS fails"),
  VPC_RESOLVER_FAILING("vpc_resolver_failing", Layer.DNS, "R7", "the resolver of the VPC fails"),
  COREDNS_FORWARD_BROKEN(
      "coredns_forward_broken", Layer.DNS, "R8", "CoreDNS cannot forward queries"),
  LINKLOCAL_THROTTLED(
      "linklocal_throttled",
      Layer.DNS,
      "R9",
      "a node exceeds 1024 packets/s to link-local services, DNS among them"),
  DNS_PACKET_LOSS("dns_packet_loss", Layer.DNS, "R10", "DNS packets get lost"),
  DNS_WRONG_NAME(
      "dns_wrong_name",
      Layer.DNS,
      "R11",
      "a name that must exist is unknown: wrong domain or namespace"),
  WRONG_NAMESERVER("wrong_nameserver", Layer.DNS, "R12", "pods are given the wrong name server"),
  NODELOCAL_DNS_DOWN(
      "nodelocal_dns_down", Layer.DNS, "R13", "NodeLocal DNSCache is down on a node"),
  DNS_TCP_BLOCKED("dns_tcp_blocked", Layer.DNS, "R14", "port 53 is blocked for TCP"),
  DOWNSTREAM_OF_DNS(
      "downstream_of_dns", Layer.CREDENTIALS, "R15", "a consequence of the failing DNS"),
  ENDPOINT_PRIVATE_DNS_BROKEN(
      "endpoint_private_dns_broken",
      Layer.DNS,
      "R16",
      "a VPC endpoint with private DNS resolves to public addresses"),
  ENDPOINT_UNREACHABLE("endpoint_unreachable", Layer.L4, "R17", "a VPC endpoint cannot be reached"),
  NO_EGRESS("no_egress", Layer.L3, "R18", "there is no way out to the Internet"),
  CREDENTIALS_NOT_ASSOCIATED(
      "credentials_not_associated",
      Layer.CREDENTIALS,
      "R19 R53",
      "a service account has no AWS role in its namespace"),
  POD_IDENTITY_AGENT_DOWN(
      "pod_identity_agent_down",
      Layer.CREDENTIALS,
      "R20",
      "the Pod Identity agent of a node is down"),
  TARGET_HEALTH_CHECK_MISMATCH(
      "target_health_check_mismatch",
      Layer.L7,
      "R21",
      "targets answer the health check with an unexpected code"),
  SECURITY_GROUP_BLOCKS_TARGET(
      "security_group_blocks_target",
      Layer.L4,
      "R22",
      "a security group keeps the load balancer from its targets"),
  SECURITY_GROUP_BLOCKS_HEALTH_CHECK(
      "security_group_blocks_health_check",
      Layer.L4,
      "R23",
      "a security group blocks the health-check port"),
  TARGET_HUNG(
      "target_hung", Layer.L7, "R24", "targets accept nothing although nothing blocks the way"),
  NACL_OR_ROUTE(
      "nacl_or_route",
      Layer.L3,
      "R25",
      "a network ACL or a route cuts a subnet off from the load balancer"),
  TARGET_PORT_WRONG("target_port_wrong", Layer.L4, "R26", "nothing listens on the target port"),
  TARGET_PROTOCOL_MISMATCH(
      "target_protocol_mismatch",
      Layer.L7,
      "R27",
      "targets speak another protocol than the target group"),
  TARGET_GROUP_FAILING_OPEN(
      "target_group_failing_open",
      Layer.L7,
      "R28",
      "all targets are unhealthy and get traffic nevertheless"),
  ROLLOUT_WITHOUT_DRAIN(
      "rollout_without_drain", Layer.L7, "R29", "a rollout ends pods before they are drained"),
  KEEPALIVE_SHORTER_THAN_IDLE(
      "keepalive_shorter_than_idle",
      Layer.L7,
      "R30",
      "targets close idle connections before the load balancer does"),
  NO_READY_ENDPOINTS(
      "no_ready_endpoints", Layer.L7, "R31", "a Service behind a load balancer has no ready pods"),
  TARGETS_NOT_REGISTERED(
      "targets_not_registered",
      Layer.L7,
      "R32",
      "ready pods are not registered with their target group"),
  TARGET_ZONE_NOT_ENABLED(
      "target_zone_not_enabled",
      Layer.L7,
      "R33",
      "targets are in a zone that the load balancer does not serve"),
  APPLICATION_ERROR("application_error", Layer.L7, "R34", "the application answers with errors"),
  LB_SUBNETS_NOT_DISCOVERABLE(
      "lb_subnets_not_discoverable",
      Layer.CLUSTER,
      "R35",
      "too few subnets may be used for load balancers"),
  INGRESS_CLASS_MISSING(
      "ingress_class_missing",
      Layer.CLUSTER,
      "R36",
      "no controller answers to the class of an Ingress"),
  INGRESS_RECONCILE_FAILING(
      "ingress_reconcile_failing",
      Layer.CLUSTER,
      "R37",
      "the controller fails to build the load balancer of an Ingress"),
  LB_PROVISIONING("lb_provisioning", Layer.CLUSTER, "R38", "a load balancer is being built"),
  INGRESS_DNS_MISMATCH(
      "ingress_dns_mismatch",
      Layer.DNS,
      "R39",
      "the host of an Ingress resolves to something else"),
  ZONE_OR_NODE_PARTITION(
      "zone_or_node_partition", Layer.L3, "R40", "a zone or a node is cut off from others"),
  SUBNET_EXHAUSTED("subnet_exhausted", Layer.L3, "R41", "a subnet has no addresses left"),
  SUBNET_FRAGMENTED(
      "subnet_fragmented", Layer.L3, "R42", "a subnet has addresses left, and no free /28 block"),
  INSTANCE_ADDRESS_LIMIT(
      "instance_address_limit", Layer.L3, "R43", "an instance cannot hold more addresses"),
  CNI_PERMISSION_MISSING(
      "cni_permission_missing", Layer.CREDENTIALS, "R44", "the CNI may not ask AWS for addresses"),
  IPAMD_DOWN("ipamd_down", Layer.L3, "R45", "the address manager of a node is down"),
  POD_SLOTS_FULL(
      "pod_slots_full",
      Layer.CLUSTER,
      "R46",
      "the pod slots of nodes are full: max-pods, not addresses"),
  BRANCH_ENI_LIMIT(
      "branch_eni_limit",
      Layer.L3,
      "R47",
      "no branch interface for pods with security groups of their own"),
  WARM_POOL_HOLDS_ADDRESSES(
      "warm_pool_holds_addresses",
      Layer.L3,
      "R48",
      "warm pools hold the addresses that a subnet lacks"),
  LEAKED_ENIS(
      "leaked_enis",
      Layer.L3,
      "R49",
      "forgotten interfaces hold the addresses that a subnet lacks"),
  NODECLASS_UNRENDERED_TEMPLATE(
      "nodeclass_unrendered_template",
      Layer.CLUSTER,
      "R50",
      "a node class holds a template that nobody filled in"),
  NODECLASS_SELECTOR_MISMATCH(
      "nodeclass_selector_mismatch",
      Layer.CLUSTER,
      "R51",
      "the selector of a node class matches nothing"),
  NODECLASS_PERMISSION_MISSING(
      "nodeclass_permission_missing",
      Layer.CREDENTIALS,
      "R52",
      "Karpenter may not do what it must"),
  EXTENDED_SUPPORT(
      "extended_support",
      Layer.CLUSTER,
      "R54",
      "the cluster is, or soon will be, in paid extended support"),
  PROBER_TROUBLE("prober_trouble", Layer.PROBER, "R55", "only the prober itself is in trouble");

  private final String label;
  private final Layer layer;
  private final String rules;
  private final String meaning;

  RootCause(String label, Layer layer, String rules, String meaning) {
    this.label = label;
    this.layer = layer;
    this.rules = rules;
    this.meaning = meaning;
  }

  /** As in metric labels. */
  public String label() {
    return label;
  }

  public Layer layer() {
    return layer;
  }

  /** The rules that find it: {@code R1} to {@code R55}. */
  public String rules() {
    return rules;
  }

  /** One clause for a reader. */
  public String meaning() {
    return meaning;
  }
}
