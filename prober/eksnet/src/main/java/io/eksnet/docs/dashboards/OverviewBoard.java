package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.STATES;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.failing;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.min;
import static io.eksnet.docs.dashboards.Promql.zone;
import static io.eksnet.docs.dashboards.Unit.LONG;
import static io.eksnet.docs.dashboards.Unit.MOMENT;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.SECONDS;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import io.eksnet.core.diagnosis.Layer;
import java.util.List;
import java.util.stream.Stream;

/** Which layer, and since when: the verdict first. */
final class OverviewBoard {
  private static final String ALERTS = "alertname=~\"EksNet.*\",cluster=~\"$cluster|\"";

  private OverviewBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.OVERVIEW,
        "Which layer of the cluster's network is broken, since when, and where to look next.",
        "now-6h",
        List.of(),
        List.of(verdict(), evidence(), alerts(), platform(), clusters()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Causes",
                "How many causes the diagnosis finds now. No verdict means that no controller"
                    + " diagnoses, which is not the same as healthy.",
                NUMBER,
                Query.of(Findings.COUNT, "causes"))
            .sized(6, 5)
            .colored(Steps.NONE_WANTED)
            .saying(List.of(new Said(0, "all clear", "green")))
            .orElse("no verdict")
            .leadingTo(Link.runbook("EksNetDiagnosis"), Board.PROBER.link()),
        Panel.of(
                STAT,
                "Oldest cause since",
                "When the oldest cause that holds now was first seen, not further back than the time"
                    + " range of the dashboard.",
                MOMENT,
                Query.of("min(" + Findings.SINCE + ") * 1000", "since"))
            .sized(6, 5)
            .orElse("none known"),
        Panel.of(
                STAT,
                "Agents",
                "Agents whose observations reach the diagnosis, and agents that Kubernetes wants to"
                    + " run. What is missing is not judged.",
                NUMBER,
                Query.of(max("", cluster("eksnet_agents_reporting")), "reporting"),
                Query.of(max("", cluster("eksnet_agents_desired")), "wanted"))
            .sized(6, 5)
            .leadingTo(Board.PROBER.link(), Link.runbook("EksNetAgentMissing")),
        Panel.of(
                STAT,
                "Age of the diagnosis",
                "How long ago the leading controller was last at work.",
                SECONDS,
                Query.of(
                    "time() - " + max("", cluster("eksnet_controller_heartbeat_timestamp_seconds")),
                    "age"))
            .sized(6, 5)
            .colored(Steps.from("green").then(60, "orange").then(180, "red"))
            .orElse("nobody leads")
            .leadingTo(Board.PROBER.link(), Link.runbook("EksNetNoData")),
        Panel.of(
                TABLE,
                "What is broken",
                "Each cause that holds now, in its layer, with what it touches, how sure the"
                    + " diagnosis is, and since when. The status page of eksnet has the evidence.",
                TEXT,
                Query.of(Findings.TABLE))
            .sized(24, 7)
            .orElse("no cause is known")
            .with(
                Column.label("layer", "Layer"),
                Column.label("cause", "Cause")
                    .leadingTo(
                        new Link(
                            "What ${__value.raw} means",
                            Link.runbook("EksNetDiagnosis").url() + "#${__value.raw}")),
                Column.label("scope", "Scope"),
                Column.label("confidence", "Confidence"),
                Column.value("A", "Since", MOMENT)),
        Panel.of(
                STATES,
                "Layers",
                "When a cause was found in which layer. A gap is a time without a verdict.",
                NUMBER,
                Stream.of(Layer.values())
                    .map(layer -> Query.of(Findings.of(layer.label()), layer.label()))
                    .toArray(Query[]::new))
            .sized(24, 8)
            .colored(Steps.NONE_WANTED)
            .saying(List.of(new Said(0, "clear", "green"), new Said(1, "cause found", "red"))));
  }

  private static Row evidence() {
    return Row.of(
        "What the probes see",
        share("Cluster DNS", "eksnet_dns_probe_total", Board.DNS, "path=~\"service|nodelocal\""),
        share("Services", "eksnet_service_probe_total", Board.SERVICES),
        share("Pod to pod", "eksnet_pod_probe_total", Board.SERVICES),
        share("Load balancers", "eksnet_lb_probe_total", Board.LOAD_BALANCERS),
        share("STS", "eksnet_sts_probe_total", Board.SERVICES),
        Panel.of(
                STAT,
                "Least free addresses",
                "The share of usable addresses that is free in the fullest subnet.",
                SHARE,
                Query.of(
                    "min("
                        + min("subnet_id", zone("eksnet_subnet_available_ips"))
                        + " / "
                        + min("subnet_id", zone("eksnet_subnet_usable_ips"))
                        + ")",
                    "free"))
            .colored(Steps.from("red").then(0.1, "orange").then(0.2, "green"))
            .leadingTo(Board.SUBNETS.link(), Link.runbook("EksNetSubnetIpLow")),
        Panel.of(
                LINES,
                "Failing share by path",
                "The share of runs that failed on each path, from the chosen zones and nodes. A gap"
                    + " is a time in which nothing ran.",
                SHARE,
                Query.of(
                    failing("", "eksnet_dns_probe_total", "path=~\"service|nodelocal\""),
                    "cluster DNS"),
                Query.of(
                    failing("", "eksnet_dns_probe_total", "path=\"vpc_resolver\""), "VPC resolver"),
                Query.of(failing("", "eksnet_service_probe_total"), "services"),
                Query.of(failing("", "eksnet_pod_probe_total"), "pod to pod"),
                Query.of(failing("", "eksnet_lb_probe_total"), "load balancers"),
                Query.of(failing("", "eksnet_sts_probe_total"), "STS"),
                Query.of(failing("", "eksnet_probe_total"), "own probes"))
            .sized(12, 9),
        Panel.of(
                LINES,
                "Failing share by zone",
                "The share of DNS queries and of calls from agent to agent that failed, by the zone"
                    + " of the agent that made them.",
                SHARE,
                Query.of(failing("az", "eksnet_dns_probe_total"), "DNS from {{az}}"),
                Query.of(failing("src_az", "eksnet_pod_probe_total"), "pods from {{src_az}}"))
            .sized(12, 9));
  }

  private static Panel share(String title, String counter, Board board, String... matchers) {
    return Panel.of(
            STAT,
            title,
            "The share of runs that failed lately, from the chosen zones and nodes.",
            SHARE,
            Query.of(failing("", counter, matchers), "failing"))
        .colored(Steps.FAILING)
        .orElse("not probed")
        .leadingTo(board.link());
  }

  private static Row alerts() {
    var firing = "ALERTS{" + ALERTS + ",alertstate=\"firing\"}";
    var since = "ALERTS_FOR_STATE{" + ALERTS + "}";
    return Row.of(
        "Alerts",
        Panel.of(
                TABLE,
                "Firing",
                "Alerts of eksnet that fire now; the name leads to the runbook. EksNetWatchdog always"
                    + " fires: where even it is missing, no rules are loaded.",
                TEXT,
                Query.of(
                    "max by (alertname, severity, layer) ("
                        + since
                        + " and ignoring (alertstate) "
                        + firing
                        + ") * 1000"),
                Query.of("count by (alertname, severity, layer) (" + firing + ")"))
            .sized(24, 8)
            .orElse("no data: are the rules loaded?")
            .with(
                Column.label("alertname", "Alert")
                    .leadingTo(new Link("Runbook", Link.RUNBOOKS + "${__value.raw}.md")),
                Column.label("severity", "Severity"),
                Column.label("layer", "Layer"),
                Column.value("A", "Since", MOMENT),
                Column.value("B", "How many", NUMBER)));
  }

  private static Row platform() {
    return Row.of(
        "The cluster",
        Panel.of(
                TABLE,
                "Components that crash again and again",
                "Containers of network components that end again and again, by cause.",
                TEXT,
                Query.of(max("component, cause", cluster("eksnet_component_crashloop")) + " == 1"))
            .sized(12, 6)
            .orElse("none known")
            .leadingTo(Link.runbook("EksNetComponentCrashLoop"))
            .with(Column.label("component", "Component"), Column.label("cause", "Cause")),
        Panel.of(
                TABLE,
                "What EKS reports",
                "Health issues of the cluster and of its add-ons in the words of EKS.",
                TEXT,
                Query.of(
                    max("code", cluster("eksnet_cluster_health_issue"))
                        + " == 1 or "
                        + max("addon, code", cluster("eksnet_addon_health_issue"))
                        + " == 1"))
            .sized(12, 6)
            .orElse("none known")
            .leadingTo(
                Link.runbook("EksNetClusterHealthIssue"), Link.runbook("EksNetAddonHealthIssue"))
            .with(Column.label("code", "Code"), Column.label("addon", "Add-on")),
        Panel.of(
                STAT,
                "Standard support left",
                "Time until standard support of the cluster's version ends; after it AWS charges for"
                    + " extended support unless the upgrade policy says otherwise.",
                LONG,
                Query.of(
                    "max by (version) ("
                        + cluster("eksnet_cluster_standard_support_end_timestamp_seconds")
                        + ") - time()",
                    "{{version}}"))
            .sized(12, 4)
            .colored(Steps.from("red").then(0, "orange").then(60 * 86400, "green"))
            .leadingTo(Link.runbook("EksNetExtendedSupportAhead")),
        Panel.of(
                STAT,
                "Upgrade policy",
                "The support that the cluster gets after the end of standard support.",
                TEXT,
                Query.of(
                    max("support_type", cluster("eksnet_cluster_upgrade_policy")) + " == 1",
                    "{{support_type}}"))
            .sized(12, 4)
            .saying(List.of(new Said(1, "in force", "blue")))
            .orElse("not known"));
  }

  private static Row clusters() {
    return Row.of(
        "All clusters",
        Panel.of(
                TABLE,
                "Causes by cluster",
                "All clusters that this Prometheus knows: the causes found now, how old the diagnosis"
                    + " is, and what reports. The name leads to the cluster.",
                TEXT,
                Query.of("count by (cluster) (eksnet_build_info)"),
                Query.of(
                    "count by (cluster) (max by (cluster, cause, scope) (eksnet_diagnosis_active) =="
                        + " 1)"),
                Query.of(
                    "time() - max by (cluster) (eksnet_controller_heartbeat_timestamp_seconds)"))
            .sized(24, 7)
            .with(
                Column.label("cluster", "Cluster")
                    .leadingTo(
                        new Link(
                            "Overview",
                            "/d/"
                                + Board.OVERVIEW.uid()
                                + "?${__url_time_range}&${datasource:queryparam}"
                                + "&var-cluster=${__value.raw}")),
                Column.value("B", "Causes", NUMBER).colored(Steps.NONE_WANTED),
                Column.value("C", "Age of the diagnosis", SECONDS)
                    .colored(Steps.from("green").then(60, "orange").then(180, "red")),
                Column.value("A", "Agents and controllers", NUMBER)));
  }
}
