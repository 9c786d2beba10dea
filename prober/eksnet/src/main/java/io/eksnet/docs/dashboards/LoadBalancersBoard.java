package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.STACK;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.STATES;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.agents;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.failing;
import static io.eksnet.docs.dashboards.Promql.failures;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.min;
import static io.eksnet.docs.dashboards.Promql.rate;
import static io.eksnet.docs.dashboards.Promql.sum;
import static io.eksnet.docs.dashboards.Unit.LONG;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.PER_SECOND;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import java.util.List;

/** What clients of load balancers see, what load balancers see of targets, and why. */
final class LoadBalancersBoard {
  private static final String RUNS = "eksnet_lb_probe_total";
  private static final String LB = "lb=~\"$lb\"";
  private static final String GROUP = "lb, target_group";

  /** Each group once, even where two controllers led within the look-back. */
  private static final String HEALTH =
      max(
          "lb, target_group, namespace, service, state, reason",
          cluster("eksnet_target_health", LB));

  private LoadBalancersBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.LOAD_BALANCERS,
        "Whether load balancers answer at every address, who made the answer, and whether their"
            + " targets are healthy and reachable.",
        "now-6h",
        List.of(
            Variable.of(
                "lb", "Load balancer", "Load balancers that are shown.", "eksnet_lb_state")),
        List.of(verdict(), clients(), targets(), reasons(), ingresses()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Failing share",
                "The share of calls of load balancers that failed lately.",
                SHARE,
                Query.of(failing("", RUNS, LB), "failing"))
            .colored(Steps.FAILING)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetLbProbeUnreachable")),
        Panel.of(
                STAT,
                "Failing addresses",
                "Addresses of load balancers at which calls fail, as the agent that sees most of them"
                    + " fail counts. One of several is a coin toss for users.",
                NUMBER,
                Query.of(
                    "sum("
                        + max("lb", agents("eksnet_lb_probe_addresses", LB, "state=\"failing\""))
                        + ")",
                    "addresses"))
            .colored(Steps.NONE_WANTED)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetLbProbeUnreachable")),
        Panel.of(
                STAT,
                "Not active",
                "Load balancers that are not in state active. A new one is provisioning for some"
                    + " minutes.",
                NUMBER,
                Query.of(
                    "count("
                        + max("lb", cluster("eksnet_lb_state", LB, "state=\"active\""))
                        + ") - sum("
                        + max("lb", cluster("eksnet_lb_state", LB, "state=\"active\""))
                        + ")",
                    "load balancers"))
            .colored(Steps.NONE_WANTED)
            .orElse("not known")
            .leadingTo(
                Link.runbook("EksNetLbNotActive"), Link.runbook("EksNetLbProvisioningStuck")),
        Panel.of(
                STAT,
                "Groups without a healthy target",
                "Target groups with unhealthy targets and no healthy one. The load balancer then sends"
                    + " to all of them, so users may not see it yet.",
                NUMBER,
                Query.of(
                    "count(("
                        + state("unhealthy")
                        + ") > 0 and ("
                        + state("healthy")
                        + ") == 0) or 0 * count("
                        + state("healthy")
                        + ")",
                    "groups"))
            .colored(Steps.NONE_WANTED)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetTargetGroupAllUnhealthy")),
        Panel.of(
                STAT,
                "Blocked by security groups",
                "Paths from a load balancer to a target's interface that security groups do not"
                    + " permit. What cannot be said is not counted.",
                NUMBER,
                Query.of("count(" + paths() + " == 0) or 0 * count(" + paths() + ")", "paths"))
            .colored(Steps.NONE_WANTED)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetSgPathBlocked")),
        Panel.of(
                STAT,
                "First certificate ends in",
                "Time until the first certificate that a load balancer presents ends.",
                LONG,
                Query.of(
                    min("", agents("eksnet_certificate_expiry_timestamp_seconds", LB, "lb!=\"\""))
                        + " - time()",
                    "left"))
            .colored(Steps.from("red").then(7 * 86400, "orange").then(21 * 86400, "green"))
            .orElse("none seen")
            .leadingTo(Link.runbook("EksNetCertificateExpiring")));
  }

  private static Row clients() {
    return Row.of(
        "What clients see",
        Panel.of(
                LINES,
                "Failing share by load balancer",
                "Each address of a load balancer counts by itself.",
                SHARE,
                Query.of(failing("lb", RUNS, LB), "{{lb}}"))
            .leadingTo(Link.runbook("EksNetLbProbeUnreachable")),
        Panel.of(
                STACK,
                "Failures by stage",
                "Where calls ended and why: at the name, the connection, the TLS handshake or the"
                    + " answer.",
                PER_SECOND,
                Query.of(
                    failures("lb, stage, outcome", RUNS, LB) + " > 0",
                    "{{lb}} {{stage}} {{outcome}}"))
            .orElse("none, or not probed"),
        Panel.of(
                STACK,
                "5xx by who made them",
                "Status codes of 500 and more. elb: the load balancer itself found no target that"
                    + " answers in time and in HTTP; target: the application said so.",
                PER_SECOND,
                Query.of(
                    sum("lb, source, code", rate(agents(RUNS, LB, "code=~\"5..\""))) + " > 0",
                    "{{lb}} {{source}} {{code}}"))
            .orElse("none, or not probed")
            .leadingTo(Link.runbook("EksNetLbProbe5xx")),
        Panel.of(
            LINES,
            "Addresses that fail",
            "Addresses of each load balancer at which calls fail, as the agent that sees most of them"
                + " fail counts.",
            NUMBER,
            Query.of(
                max("lb", agents("eksnet_lb_probe_addresses", LB, "state=\"failing\"")), "{{lb}}")),
        Panel.of(
            LINES,
            "Failing share by zone of the caller",
            "A load balancer that fails from one zone only has a sick zone, or the way to it has.",
            SHARE,
            Query.of(failing("lb, az", RUNS, LB), "{{lb}} from {{az}}")),
        Panel.of(
            STACK,
            "Answers by code",
            "All finished calls by the status code; without one where there was no answer.",
            PER_SECOND,
            Query.of(sum("code, source", rate(agents(RUNS, LB))), "{{code}} {{source}}")));
  }

  private static Row targets() {
    return Row.of(
        "Targets",
        Panel.of(
                TABLE,
                "Target groups",
                "Targets as the load balancer sees them, beside the ready endpoints of the Service."
                    + " Ready endpoints without healthy targets are a fault between the two.",
                TEXT,
                Query.of(state("healthy")),
                Query.of(state("unhealthy")),
                Query.of(state("initial")),
                Query.of(state("draining")),
                Query.of(max(GROUP, cluster("eksnet_target_group_ready_endpoints", LB))))
            .sized(24, 9)
            .orElse("not known")
            .leadingTo(
                Link.runbook("EksNetTargetGroupAllUnhealthy"),
                Link.runbook("EksNetTargetGroupDegraded"),
                Link.runbook("EksNetTargetGroupEmpty"))
            .with(
                Column.label("lb", "Load balancer"),
                Column.label("target_group", "Target group"),
                Column.value("A", "Healthy", NUMBER).colored(Steps.from("orange").then(1, "green")),
                Column.value("B", "Unhealthy", NUMBER).colored(Steps.NONE_WANTED),
                Column.value("C", "Initial", NUMBER),
                Column.value("D", "Draining", NUMBER),
                Column.value("E", "Ready endpoints", NUMBER)),
        Panel.of(
            STACK,
            "Targets by state",
            "All targets of the chosen load balancers.",
            NUMBER,
            Query.of("sum by (state) (" + HEALTH + ")", "{{state}}")),
        Panel.of(
                TABLE,
                "Why targets are not healthy",
                "Targets by the reason that the load balancer gives. A mismatch of codes is the"
                    + " application or the health check, never a security group; a timeout may be.",
                TEXT,
                Query.of(
                    max(
                            "lb, target_group, namespace, service, state, reason",
                            cluster("eksnet_target_health", LB, "state!=\"healthy\""))
                        + " > 0"))
            .orElse("all healthy, or not known")
            .leadingTo(Link.runbook("EksNetTargetGroupDegraded"))
            .with(
                Column.label("lb", "Load balancer"),
                Column.label("target_group", "Target group"),
                Column.label("namespace", "Namespace"),
                Column.label("service", "Service"),
                Column.label("state", "State"),
                Column.label("reason", "Reason"),
                Column.value("A", "Targets", NUMBER)),
        Panel.of(
            LINES,
            "Failing share of calls to targets",
            "Agents call targets as the load balancer's health check does. Where they succeed and the"
                + " load balancer does not, the fault is between it and the target.",
            SHARE,
            Query.of(failing("target_group", "eksnet_target_probe_total"), "{{target_group}}")),
        Panel.of(
                STACK,
                "Failures of calls to targets",
                "Where and why calls of targets ended.",
                PER_SECOND,
                Query.of(
                    failures("target_group, stage, outcome", "eksnet_target_probe_total") + " > 0",
                    "{{target_group}} {{stage}} {{outcome}}"))
            .orElse("none, or not probed"));
  }

  private static Row reasons() {
    return Row.of(
        "Load balancers and their security groups",
        Panel.of(
                TABLE,
                "Blocked paths",
                "Ports of targets' interfaces that no rule of a security group lets the load balancer"
                    + " reach, for traffic or for the health check.",
                TEXT,
                Query.of(paths() + " == 0"))
            .sized(12, 7)
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetSgPathBlocked"))
            .with(
                Column.label("lb", "Load balancer"),
                Column.label("target_group", "Target group"),
                Column.label("eni", "Interface"),
                Column.label("port", "Port"),
                Column.label("kind", "For")),
        Panel.of(
                STATES,
                "Active load balancers",
                "When each load balancer was in state active. New ones are provisioning for some"
                    + " minutes.",
                NUMBER,
                Query.of(max("lb", cluster("eksnet_lb_state", LB, "state=\"active\"")), "{{lb}}"))
            .sized(12, 7)
            .colored(Steps.WANTED)
            .saying(Said.yesNo("active", "not active"))
            .leadingTo(Link.runbook("EksNetLbNotActive")),
        Panel.of(
                TABLE,
                "States",
                "The state of each load balancer now.",
                TEXT,
                Query.of(max("lb, state", cluster("eksnet_lb_state", LB)) + " == 1"))
            .sized(12, 7)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetLbNotActive"))
            .with(Column.label("lb", "Load balancer"), Column.label("state", "State")),
        Panel.of(
                TABLE,
                "Zones for new load balancers",
                "Zones with a subnet that a new load balancer may use, by scheme. An ALB needs two.",
                TEXT,
                Query.of(max("scheme", cluster("eksnet_lb_eligible_subnet_azs"))),
                Query.of(max("scheme", cluster("eksnet_lb_scheme_in_use"))))
            .sized(12, 7)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetLbSubnetsNotDiscoverable"))
            .with(
                Column.label("scheme", "Scheme"),
                Column.value("A", "Zones", NUMBER)
                    .colored(Steps.from("red").then(1, "orange").then(2, "green")),
                Column.value("B", "In use", NUMBER)
                    .saying(List.of(new Said(1, "yes", "blue"), new Said(0, "no", "blue")))));
  }

  private static Row ingresses() {
    var labels = "namespace, ingress";
    return Row.of(
        "Ingresses",
        Panel.of(
                TABLE,
                "Ingresses",
                "Whether each Ingress has an address, how old it is, and whom it belongs to by its"
                    + " annotation eksnet.io/team.",
                TEXT,
                Query.of(max(labels, cluster("eksnet_ingress_address_assigned"))),
                Query.of(
                    "time() - " + max(labels, cluster("eksnet_ingress_created_timestamp_seconds"))),
                Query.of(max(labels + ", team", cluster("eksnet_owner_info", "ingress!=\"\""))))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetIngressNoAddress"))
            .with(
                Column.label("namespace", "Namespace"),
                Column.label("ingress", "Ingress"),
                Column.label("team", "Team"),
                Column.value("A", "Address", NUMBER)
                    .colored(Steps.WANTED)
                    .saying(Said.yesNo("yes", "no")),
                Column.value("B", "Age", LONG)),
        Panel.of(
                TABLE,
                "Ingresses that their controller fails at",
                "What the controller of each Ingress said last, by cause.",
                TEXT,
                Query.of(
                    max(labels + ", cause", cluster("eksnet_ingress_reconcile_failing")) + " == 1"))
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetIngressReconcileFailing"))
            .with(
                Column.label("namespace", "Namespace"),
                Column.label("ingress", "Ingress"),
                Column.label("cause", "Cause")),
        Panel.of(
                TABLE,
                "Hosts that resolve elsewhere",
                "Hosts of Ingresses that do not resolve, or not to the addresses of their load"
                    + " balancer. Behind a CDN that is as it should be.",
                TEXT,
                Query.of(max(labels + ", host", cluster("eksnet_ingress_dns_match")) + " == 0"))
            .sized(24, 7)
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetIngressDnsMismatch"))
            .with(
                Column.label("namespace", "Namespace"),
                Column.label("ingress", "Ingress"),
                Column.label("host", "Host")));
  }

  private static String paths() {
    return min("lb, target_group, eni, port, kind", cluster("eksnet_sg_path_permitted", LB));
  }

  /** Targets of each group in this state, whatever the reason. */
  private static String state(String state) {
    return "sum by (lb, target_group) ("
        + max(
            "lb, target_group, reason",
            cluster("eksnet_target_health", LB, "state=\"" + state + "\""))
        + ")";
  }
}
