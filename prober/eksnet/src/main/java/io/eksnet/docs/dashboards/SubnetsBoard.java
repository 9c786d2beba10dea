package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.MATRIX;
import static io.eksnet.docs.dashboards.Look.STACK;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.agents;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.increase;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.min;
import static io.eksnet.docs.dashboards.Promql.rate;
import static io.eksnet.docs.dashboards.Promql.sum;
import static io.eksnet.docs.dashboards.Promql.zone;
import static io.eksnet.docs.dashboards.Unit.LONG;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.PER_SECOND;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import java.util.List;

/** Addresses: what subnets have left, for how long, and whether nodes and pods get them. */
final class SubnetsBoard {
  private static final String LABELS = "subnet_id, az";
  private static final String AVAILABLE = min(LABELS, zone("eksnet_subnet_available_ips"));
  private static final String USABLE = min(LABELS, zone("eksnet_subnet_usable_ips"));
  private static final String FREE = AVAILABLE + " / " + USABLE;

  /** Over what all leaders said, so that a new leader does not begin a new trend. */
  private static final String TREND = "(" + AVAILABLE + ")[6h:5m]";

  /** What is free in four hours if it goes on like the last six. */
  private static final String FORECAST = "clamp_min(predict_linear(" + TREND + ", 4 * 3600), 0)";

  private static final String EMPTY_IN = AVAILABLE + " / (-deriv(" + TREND + ") > 0)";

  private SubnetsBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.SUBNETS,
        "What the cluster's subnets have left and for how long, and whether nodes and pods get"
            + " addresses.",
        "now-24h",
        List.of(),
        List.of(verdict(), subnets(), nodes(), pods()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Least free share",
                "The share of usable addresses that is free in the fullest subnet.",
                SHARE,
                Query.of("min(" + FREE + ")", "free"))
            .colored(Steps.from("red").then(0.1, "orange").then(0.2, "green"))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetSubnetIpLow")),
        Panel.of(
                STAT,
                "Least free addresses",
                "Free addresses of the subnet with the fewest. EKS recommends 16 in each; a load"
                    + " balancer needs 8.",
                NUMBER,
                Query.of("min(" + AVAILABLE + ")", "addresses"))
            .colored(Steps.from("red").then(16, "orange").then(32, "green"))
            .orElse("not known")
            .leadingTo(
                Link.runbook("EksNetSubnetIpExhausted"), Link.runbook("EksNetLbSubnetTooFewIps")),
        Panel.of(
                STAT,
                "First empty in",
                "When the first subnet has no address left if it goes on like the last six hours.",
                LONG,
                Query.of("min(" + EMPTY_IN + ")", "left"))
            .colored(Steps.from("red").then(4 * 3600, "orange").then(86400, "green"))
            .orElse("none known to shrink")
            .leadingTo(Link.runbook("EksNetSubnetIpExhaustionPredicted")),
        Panel.of(
                STAT,
                "Prefix mode",
                "Whether the VPC CNI assigns prefixes of 16 addresses. Then a subnet without a free"
                    + " block of 16 is full, whatever else is free.",
                NUMBER,
                Query.of(max("", cluster("eksnet_cni_prefix_delegation")), "prefixes"))
            .saying(List.of(new Said(1, "on", "blue"), new Said(0, "off", "blue")))
            .orElse("not known"),
        Panel.of(
                STAT,
                "Least free blocks",
                "Free aligned blocks of 16 addresses in the subnet with the fewest; only in prefix"
                    + " mode.",
                NUMBER,
                Query.of("min(" + zone("eksnet_subnet_free_prefix28") + ")", "blocks"))
            .colored(Steps.from("red").then(1, "orange").then(8, "green"))
            .orElse("not in prefix mode")
            .leadingTo(Link.runbook("EksNetSubnetNoPrefixBlocks")),
        Panel.of(
                STAT,
                "Pods without an address",
                "Failures to give pods an address in the last minutes, from the events of the"
                    + " kubelet.",
                PER_SECOND,
                Query.of(
                    sum("", rate(zone("eksnet_pod_sandbox_failures_total", "reason=\"no_ip\""))),
                    "failures"))
            .colored(Steps.from("green").then(0.001, "red"))
            .orElse("none seen")
            .leadingTo(Link.runbook("EksNetPodSandboxNoIp")));
  }

  private static Row subnets() {
    return Row.of(
        "Subnets",
        Panel.of(
                TABLE,
                "Subnets",
                "Free and usable addresses as EC2 says, which lags by minutes, and what is left in"
                    + " four hours if it goes on like the last six.",
                TEXT,
                Query.of(AVAILABLE),
                Query.of(USABLE),
                Query.of(FREE),
                Query.of(FORECAST),
                Query.of(EMPTY_IN),
                Query.of(min(LABELS, zone("eksnet_subnet_free_prefix28"))))
            .sized(24, 9)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetSubnetIpLow"), Link.runbook("EksNetSubnetIpExhausted"))
            .with(
                Column.label("subnet_id", "Subnet"),
                Column.label("az", "Zone"),
                Column.value("A", "Free", NUMBER)
                    .colored(Steps.from("red").then(16, "orange").then(32, "green")),
                Column.value("B", "Usable", NUMBER),
                Column.value("C", "Free share", SHARE)
                    .colored(Steps.from("red").then(0.1, "orange").then(0.2, "green")),
                Column.value("D", "Free in 4 h", NUMBER)
                    .colored(Steps.from("red").then(16, "orange").then(32, "green")),
                Column.value("E", "Empty in", LONG),
                Column.value("F", "Free /28 blocks", NUMBER)),
        Panel.of(
                LINES,
                "Free addresses",
                "Free addresses of each subnet. Dashed: how many there will be four hours later if it"
                    + " goes on like the six hours before.",
                NUMBER,
                Query.of(AVAILABLE, "{{subnet_id}} {{az}}"),
                Query.of(FORECAST, "{{subnet_id}} {{az}} forecast"))
            .leadingTo(Link.runbook("EksNetSubnetIpExhaustionPredicted")),
        Panel.of(
                LINES,
                "Free share",
                "Free addresses as a share of those that the subnet can give away. A step down with a"
                    + " new node is its warm pool, and comes back.",
                SHARE,
                Query.of(FREE, "{{subnet_id}} {{az}}"))
            .colored(Steps.from("red").then(0.2, "green"))
            .leadingTo(Link.runbook("EksNetSubnetIpLow")),
        Panel.of(
                LINES,
                "Free blocks of 16",
                "Aligned /28 blocks without a used address; only in prefix mode.",
                NUMBER,
                Query.of(min(LABELS, zone("eksnet_subnet_free_prefix28")), "{{subnet_id}} {{az}}"))
            .orElse("not in prefix mode")
            .leadingTo(Link.runbook("EksNetSubnetNoPrefixBlocks")),
        Panel.of(
                MATRIX,
                "What subnets are for",
                "The uses that the cluster is known to make of each subnet.",
                NUMBER,
                Query.of(max("subnet_id, role", cluster("eksnet_subnet_role"))))
            .colored(Steps.from("transparent").then(1, "blue"))
            .saying(List.of(new Said(1, "yes", "blue")))
            .orElse("")
            .with(Column.label("subnet_id", "Subnet"), Column.label("role", "Role")));
  }

  private static Row nodes() {
    var total = sum("node, az", agents("eksnet_ipamd_addresses", "state=\"total\""));
    var assigned = sum("node, az", agents("eksnet_ipamd_addresses", "state=\"assigned\""));
    var enis = sum("node, az", agents("eksnet_ipamd_enis", "state=\"allocated\""));
    var most = sum("node, az", agents("eksnet_ipamd_enis", "state=\"max\""));
    var used = max("node", cluster("eksnet_node_pod_slots", "node=~\"$node\"", "state=\"used\""));
    var slots =
        max("node", cluster("eksnet_node_pod_slots", "node=~\"$node\"", "state=\"allocatable\""));
    var emptiest = "topk(20, " + assigned + " / (" + total + " > 0))";
    var fullest = "topk(20, " + used + " / (" + slots + " > 0))";
    return Row.of(
        "Nodes",
        Panel.of(
                TABLE,
                "Nodes with the fewest addresses",
                "The twenty nodes that have given away the largest part of their addresses, and how"
                    + " many interfaces they may still get.",
                TEXT,
                Query.of(emptiest),
                Query.of("(" + total + " - " + assigned + ") and on (node, az) " + emptiest),
                Query.of("(" + most + " - " + enis + ") and on (node, az) " + emptiest))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetIpamdPoolEmpty"))
            .with(
                Column.label("node", "Node"),
                Column.label("az", "Zone"),
                Column.value("A", "Given away", SHARE)
                    .colored(Steps.from("green").then(0.9, "orange").then(1, "red")),
                Column.value("B", "Warm addresses", NUMBER),
                Column.value("C", "Interfaces to get", NUMBER)),
        Panel.of(
            STACK,
            "Addresses held by nodes",
            "What the address managers hold, given to pods and warm. Much that is warm in a full"
                + " subnet is to be released first.",
            NUMBER,
            Query.of("sum(" + assigned + ")", "given to pods"),
            Query.of("sum(" + total + ") - sum(" + assigned + ")", "warm")),
        Panel.of(
                LINES,
                "No address for a pod",
                "How often the address manager of a node had no address for a pod.",
                NUMBER,
                Query.of(
                    sum("node", increase(agents("eksnet_ipamd_no_ip_total"))) + " > 0", "{{node}}"))
            .orElse("never, or not known")
            .leadingTo(Link.runbook("EksNetIpamdPoolEmpty")),
        Panel.of(
                STACK,
                "AWS calls of address managers that fail",
                "InsufficientFreeAddressesInSubnet: the subnet is full; InsufficientCidrBlocks: it has"
                    + " no free block; UnauthorizedOperation: the role of the CNI lacks a permission.",
                PER_SECOND,
                Query.of(
                    sum("api, error", rate(agents("eksnet_ipamd_aws_api_error_total"))) + " > 0",
                    "{{api}} {{error}}"))
            .orElse("none, or not known"),
        Panel.of(
                TABLE,
                "Nodes without an address manager",
                "Nodes whose address manager cannot be read. New nodes start it within three minutes.",
                TEXT,
                Query.of("min by (node, az) (" + agents("eksnet_ipamd_up") + ") == 0"))
            .orElse("none known")
            .leadingTo(Link.runbook("EksNetIpamdDown"))
            .with(Column.label("node", "Node"), Column.label("az", "Zone")),
        Panel.of(
                TABLE,
                "Fullest nodes by pods",
                "The twenty nodes that have used the largest part of the pods they may have. Full"
                    + " slots with free addresses are a matter of max-pods.",
                TEXT,
                Query.of(fullest),
                Query.of("(" + slots + " - " + used + ") and on (node) " + fullest))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetNodePodSlotsFull"))
            .with(
                Column.label("node", "Node"),
                Column.value("A", "Used", SHARE)
                    .colored(Steps.from("green").then(0.9, "orange").then(0.95, "red")),
                Column.value("B", "Pods left", NUMBER)));
  }

  private static Row pods() {
    return Row.of(
        "Pods",
        Panel.of(
                STACK,
                "Networks of pods that could not be set up",
                "From the events of the kubelet, by reason and zone. A new node has a few in its first"
                    + " minutes.",
                PER_SECOND,
                Query.of(
                    sum("reason, az", rate(zone("eksnet_pod_sandbox_failures_total"))) + " > 0",
                    "{{reason}} {{az}}"))
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetPodSandboxNoIp")),
        Panel.of(
                STACK,
                "Pods without a node",
                "Pending pods by what keeps them from being scheduled.",
                NUMBER,
                Query.of(max("cause", cluster("eksnet_pods_unschedulable")), "{{cause}}"))
            .leadingTo(Link.runbook("EksNetPodsUnschedulable")),
        Panel.of(
                TABLE,
                "Node classes that are not ready",
                "Conditions of node classes that are not True, with the reason.",
                TEXT,
                Query.of(
                    max(
                            "nodeclass, condition, status, reason",
                            cluster("eksnet_nodeclass_condition", "status!=\"True\""))
                        + " == 1"))
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetNodeClassNotReady"))
            .with(
                Column.label("nodeclass", "Node class"),
                Column.label("condition", "Condition"),
                Column.label("status", "Status"),
                Column.label("reason", "Reason")),
        Panel.of(
                TABLE,
                "Node classes with a template left in",
                "Node classes whose spec holds a template that nobody filled in, so that no subnet"
                    + " matches.",
                TEXT,
                Query.of(
                    max("nodeclass", cluster("eksnet_nodeclass_unrendered_template")) + " == 1"))
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetNodeClassUnrenderedTemplate"))
            .with(Column.label("nodeclass", "Node class")));
  }
}
