package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.MATRIX;
import static io.eksnet.docs.dashboards.Look.STACK;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.agents;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.failing;
import static io.eksnet.docs.dashboards.Promql.failures;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.min;
import static io.eksnet.docs.dashboards.Promql.quantile;
import static io.eksnet.docs.dashboards.Promql.rate;
import static io.eksnet.docs.dashboards.Promql.sum;
import static io.eksnet.docs.dashboards.Unit.LONG;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.PACKETS;
import static io.eksnet.docs.dashboards.Unit.PER_SECOND;
import static io.eksnet.docs.dashboards.Unit.SECONDS;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import java.util.List;

/** From zone to zone, to Services, to AWS, and what users probe themselves. */
final class ServicesBoard {
  private static final String PODS = "eksnet_pod_probe_total";
  private static final String SERVICES = "eksnet_service_probe_total";
  private static final String STS = "eksnet_sts_probe_total";
  private static final String OWN = "eksnet_probe_total";
  private static final String[] CHOSEN = {"namespace=~\"$namespace\""};

  private ServicesBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.SERVICES,
        "Whether pods reach pods zone by zone, Services, the endpoints of AWS, and what you probe"
            + " yourself.",
        "now-6h",
        List.of(
            Variable.of(
                "namespace", "Namespace", "Namespaces of the Services that are shown.", SERVICES)),
        List.of(verdict(), zones(), services(), aws(), own()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Pod to pod failing",
                "The share of calls from agent to agent that failed lately.",
                SHARE,
                Query.of(failing("", PODS), "failing"))
            .colored(Steps.FAILING)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetAzPartitioned"), Link.runbook("EksNetNodePartitioned")),
        Panel.of(
                STAT,
                "Broken pairs of zones",
                "Pairs of zones between which more than half of the calls fail.",
                NUMBER,
                Query.of(
                    "count(("
                        + failing("src_az, dst_az", PODS)
                        + ") > 0.5) or 0 * count("
                        + failing("src_az, dst_az", PODS)
                        + ")",
                    "pairs"))
            .colored(Steps.NONE_WANTED)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetAzPartitioned")),
        Panel.of(
                STAT,
                "Failing Services",
                "Services to which more than half of the calls fail.",
                NUMBER,
                Query.of(
                    "count(("
                        + failing("namespace, service", SERVICES, CHOSEN)
                        + ") > 0.5) or 0 * count("
                        + failing("namespace, service", SERVICES, CHOSEN)
                        + ")",
                    "services"))
            .colored(Steps.NONE_WANTED)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetServiceProbeFailing")),
        Panel.of(
                STAT,
                "STS failing",
                "The share of calls of the regional endpoint of STS that failed lately. Without it no"
                    + " pod gets credentials.",
                SHARE,
                Query.of(failing("", STS), "failing"))
            .colored(Steps.FAILING)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetStsUnreachable")),
        Panel.of(
                STAT,
                "Pod Identity agents down",
                "Nodes on which the Pod Identity agent does not answer.",
                NUMBER,
                Query.of(
                    "count("
                        + agents("eksnet_pod_identity_agent_up")
                        + ") - sum("
                        + agents("eksnet_pod_identity_agent_up")
                        + ")",
                    "nodes"))
            .colored(Steps.NONE_WANTED)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetPodIdentityAgentDown")),
        Panel.of(
                STAT,
                "Credentials of the controller",
                "Whether the controller's own AWS credentials work, by how it got them.",
                NUMBER,
                Query.of(min("method", cluster("eksnet_credentials_probe_success")), "{{method}}"))
            .colored(Steps.WANTED)
            .saying(Said.yesNo("work", "fail"))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetCredentialsFailing")));
  }

  private static Row zones() {
    return Row.of(
        "Zone by zone",
        Panel.of(
                MATRIX,
                "Failing share from zone to zone",
                "Rows call columns. A red row is a zone that reaches nobody, a red column one that"
                    + " nobody reaches. Empty cells are not probed.",
                SHARE,
                Query.of(failing("src_az, dst_az", PODS)))
            .colored(Steps.FAILING)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetAzPartitioned"))
            .with(Column.label("src_az", "From"), Column.label("dst_az", "To")),
        Panel.of(
            LINES,
            "Failing share by pair of zones",
            "Calls from agent to agent over time.",
            SHARE,
            Query.of(failing("src_az, dst_az", PODS), "{{src_az}} to {{dst_az}}")),
        Panel.of(
            STACK,
            "Failures by outcome",
            "What came of the calls from agent to agent that failed.",
            PER_SECOND,
            Query.of(failures("outcome", PODS) + " > 0", "{{outcome}}")),
        Panel.of(
                TABLE,
                "Worst nodes",
                "The ten nodes from which most calls to other agents fail. One node alone is a fault"
                    + " of that node, all nodes of a zone one of the zone.",
                TEXT,
                Query.of("topk(10, " + failing("node, az", PODS) + ")"))
            .leadingTo(Link.runbook("EksNetNodePartitioned"))
            .with(
                Column.label("node", "Node"),
                Column.label("az", "Zone"),
                Column.value("A", "Failing", SHARE).colored(Steps.FAILING)),
        Panel.of(
                LINES,
                "Packets over the allowances of instances",
                "Packets queued or dropped because the instance exceeded an allowance. With conntrack"
                    + " exceeded, new connections fail until others close.",
                PACKETS,
                Query.of(
                    sum(
                            "node, kind",
                            rate(
                                agents(
                                    "eksnet_ena_allowance_exceeded_total", "kind!=\"linklocal\"")))
                        + " > 0",
                    "{{node}} {{kind}}"))
            .sized(24, 7)
            .orElse("none, or not known")
            .leadingTo(Link.runbook("EksNetConntrackExceeded")));
  }

  private static Row services() {
    return Row.of(
        "Services",
        Panel.of(
                TABLE,
                "Services that fail most",
                "The twenty Services to which most calls fail, by name and by ClusterIP. Where only"
                    + " the name fails it is DNS, where both fail it is not.",
                TEXT,
                Query.of("topk(20, " + failing("namespace, service, via", SERVICES, CHOSEN) + ")"))
            .leadingTo(Link.runbook("EksNetServiceProbeFailing"))
            .with(
                Column.label("namespace", "Namespace"),
                Column.label("service", "Service"),
                Column.label("via", "By"),
                Column.value("A", "Failing", SHARE).colored(Steps.FAILING)),
        Panel.of(
            LINES,
            "Failing share by Service",
            "Calls by name and by ClusterIP together, of the ten Services that fail most.",
            SHARE,
            Query.of(
                "topk(10, " + failing("namespace, service", SERVICES, CHOSEN) + ")",
                "{{namespace}}/{{service}}")),
        Panel.of(
            STACK,
            "Failures by stage",
            "Where calls ended: at the name, the connection, the TLS handshake or the answer.",
            PER_SECOND,
            Query.of(
                failures("stage, outcome", SERVICES, CHOSEN) + " > 0", "{{stage}} {{outcome}}")),
        Panel.of(
            LINES,
            "Failing share by zone",
            "Calls of Services by the zone of the agent that made them.",
            SHARE,
            Query.of(failing("az", SERVICES, CHOSEN), "{{az}}")));
  }

  private static Row aws() {
    return Row.of(
        "AWS and credentials",
        Panel.of(
                STACK,
                "Failing calls of STS by stage",
                "Stage dns is a consequence of DNS; tcp with private addresses is the security group of"
                    + " the endpoint, with public ones the way out.",
                PER_SECOND,
                Query.of(failures("stage, outcome", STS) + " > 0", "{{stage}} {{outcome}}"))
            .orElse("none, or not probed")
            .leadingTo(Link.runbook("EksNetStsUnreachable")),
        Panel.of(
                LINES,
                "Agents that see private addresses",
                "The share of agents for which the name of the service resolves to private addresses"
                    + " only: 1 with a VPC endpoint and its private DNS, 0 without.",
                SHARE,
                Query.of(
                    "avg by (service) (" + agents("eksnet_endpoint_dns_private") + ")",
                    "{{service}}"))
            .leadingTo(Link.runbook("EksNetEndpointDnsNotPrivate")),
        Panel.of(
                TABLE,
                "VPC endpoints",
                "Endpoints of the VPC as EC2 says, and whether their private DNS is on.",
                TEXT,
                Query.of(max("service, private_dns", cluster("eksnet_vpc_endpoint_available"))))
            .orElse("none, or not known")
            .with(
                Column.label("service", "Service"),
                Column.label("private_dns", "Private DNS"),
                Column.value("A", "Available", NUMBER)
                    .colored(Steps.WANTED)
                    .saying(Said.yesNo("yes", "no"))),
        Panel.of(
                TABLE,
                "Nodes without Pod Identity",
                "Nodes whose Pod Identity agent does not answer.",
                TEXT,
                Query.of("min by (node, az) (" + agents("eksnet_pod_identity_agent_up") + ") == 0"))
            .orElse("none known")
            .leadingTo(Link.runbook("EksNetPodIdentityAgentDown"))
            .with(Column.label("node", "Node"), Column.label("az", "Zone")));
  }

  private static Row own() {
    var labels = "probe, kind, target";
    return Row.of(
        "Your own probes",
        Panel.of(
                TABLE,
                "Targets",
                "What you probe yourself: on how many agents the last run succeeded, how long ago the"
                    + " oldest last run was, and when the first certificate ends.",
                TEXT,
                Query.of("avg by (" + labels + ") (" + agents("eksnet_probe_success") + ")"),
                Query.of(
                    "time() - " + min(labels, agents("eksnet_probe_last_run_timestamp_seconds"))),
                Query.of(
                    min(
                            "probe, target",
                            agents("eksnet_certificate_expiry_timestamp_seconds", "probe!=\"\""))
                        + " - time()"))
            .sized(24, 8)
            .orElse("you probe nothing yourself")
            .leadingTo(
                Link.runbook("EksNetProbeFailing"), Link.runbook("EksNetCertificateExpiring"))
            .with(
                Column.label("probe", "Probe"),
                Column.label("kind", "Kind"),
                Column.label("target", "Target"),
                Column.value("A", "Agents that succeed", SHARE)
                    .colored(Steps.from("red").then(0.5, "orange").then(1, "green")),
                Column.value("B", "Last run", SECONDS),
                Column.value("C", "Certificate ends in", LONG)
                    .colored(
                        Steps.from("red").then(7 * 86400, "orange").then(21 * 86400, "green"))),
        Panel.of(
                LINES,
                "Failing share by probe",
                "Runs of your own probes that failed.",
                SHARE,
                Query.of(failing("probe", OWN), "{{probe}}"))
            .leadingTo(Link.runbook("EksNetProbeFailing")),
        Panel.of(
            STACK,
            "Failures by outcome",
            "What came of the runs that failed.",
            PER_SECOND,
            Query.of(failures("probe, outcome", OWN) + " > 0", "{{probe}} {{outcome}}")),
        Panel.of(
            LINES,
            "Duration",
            "The median and the 99th percentile of successful runs.",
            SECONDS,
            Query.of(quantile(0.5, "probe", "eksnet_probe_duration_seconds"), "{{probe}} median"),
            Query.of(quantile(0.99, "probe", "eksnet_probe_duration_seconds"), "{{probe}} p99")),
        Panel.of(
            STACK,
            "Where the time goes",
            "The average time that successful runs spent in each phase.",
            SECONDS,
            Query.of(
                sum("probe, phase", rate(agents("eksnet_probe_phase_seconds_sum")))
                    + " / ("
                    + sum("probe, phase", rate(agents("eksnet_probe_phase_seconds_count")))
                    + " > 0)",
                "{{probe}} {{phase}}")));
  }
}
