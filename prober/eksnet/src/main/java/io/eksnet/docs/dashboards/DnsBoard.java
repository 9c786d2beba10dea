package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.HEAT;
import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.STACK;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.agents;
import static io.eksnet.docs.dashboards.Promql.buckets;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.failing;
import static io.eksnet.docs.dashboards.Promql.failures;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.quantile;
import static io.eksnet.docs.dashboards.Promql.rate;
import static io.eksnet.docs.dashboards.Promql.shareOf;
import static io.eksnet.docs.dashboards.Promql.sum;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.PACKETS;
import static io.eksnet.docs.dashboards.Unit.PER_SECOND;
import static io.eksnet.docs.dashboards.Unit.SECONDS;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import java.util.List;

/** Names: CoreDNS, the paths to it, and the resolver of the VPC behind it. */
final class DnsBoard {
  private static final String RUNS = "eksnet_dns_probe_total";
  private static final String DURATION = "eksnet_dns_probe_duration_seconds";
  private static final String CLUSTER_DNS = "path=~\"service|nodelocal\"";

  private DnsBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.DNS,
        "Whether names resolve, from where, on which path, how fast, and what CoreDNS is made of.",
        "now-6h",
        List.of(),
        List.of(verdict(), paths(), latency(), loss(), coreDns(), nodes()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Cluster DNS failing",
                "The share of queries to the address of kube-dns and to NodeLocal DNSCache that"
                    + " failed lately.",
                SHARE,
                Query.of(failing("", RUNS, CLUSTER_DNS), "failing"))
            .colored(Steps.FAILING)
            .leadingTo(Link.runbook("EksNetClusterDnsDown"), Link.runbook("EksNetNodeDnsFailing")),
        Panel.of(
                STAT,
                "VPC resolver failing",
                "The share of queries straight to the resolver of the VPC that failed lately. If it"
                    + " fails, all names outside the cluster fail.",
                SHARE,
                Query.of(failing("", RUNS, "path=\"vpc_resolver\""), "failing"))
            .colored(Steps.FAILING)
            .orElse("not probed")
            .leadingTo(Link.runbook("EksNetVpcResolverFailing")),
        Panel.of(
                STAT,
                "Ready backends",
                "Endpoints of the Service kube-dns that are ready. Not known on EKS Auto Mode, where"
                    + " nodes answer themselves.",
                NUMBER,
                Query.of(max("", cluster("eksnet_dns_backends", "state=\"ready\"")), "ready"))
            .colored(Steps.from("red").then(1, "orange").then(2, "green"))
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetCoreDnsNoReadyBackends")),
        Panel.of(
                STAT,
                "99th percentile",
                "Of the queries that cluster DNS answered, 99 of 100 took at most this long.",
                SECONDS,
                Query.of(quantile(0.99, "", DURATION, CLUSTER_DNS), "p99"))
            .colored(Steps.from("green").then(0.1, "orange").then(1, "red"))
            .leadingTo(Link.runbook("EksNetDnsSlow")),
        Panel.of(
                STAT,
                "Answered at the second try",
                "The share of queries whose first try went unanswered. Each costs an application the"
                    + " 5 s that resolvers wait before they ask again.",
                SHARE,
                Query.of(shareOf("", "eksnet_dns_probe_retried_total", RUNS), "retried"))
            .colored(Steps.from("green").then(0.001, "orange").then(0.01, "red"))
            .leadingTo(Link.runbook("EksNetDnsLostPackets")),
        Panel.of(
                STAT,
                "Wrong nameservers",
                "Agents whose resolv.conf names other nameservers than it should.",
                NUMBER,
                Query.of(
                    "count("
                        + agents("eksnet_resolvconf_nameserver_ok")
                        + ") - sum("
                        + agents("eksnet_resolvconf_nameserver_ok")
                        + ")",
                    "agents"))
            .colored(Steps.NONE_WANTED)
            .leadingTo(Link.runbook("EksNetWrongNameserver")));
  }

  private static Row paths() {
    return Row.of(
        "Which path",
        Panel.of(
                LINES,
                "Failing share by path",
                "Service is the address of kube-dns, backend each pod of CoreDNS by itself. Where the"
                    + " service fails and backends do not, kube-proxy or conntrack is between.",
                SHARE,
                Query.of(failing("path", RUNS), "{{path}}"))
            .leadingTo(Link.runbook("EksNetClusterDnsDown")),
        Panel.of(
            LINES,
            "Failing share by kind of name",
            "Internal names are answered by CoreDNS itself, aws and external ones by the resolver of"
                + " the VPC behind it; negative ones must not exist.",
            SHARE,
            Query.of(failing("path, query_class", RUNS), "{{path}} {{query_class}}")),
        Panel.of(
            STACK,
            "Failures by outcome",
            "What came of the queries that failed. A refused connection is nobody there, a timeout is"
                + " silence, servfail is a resolver that could not find out.",
            PER_SECOND,
            Query.of(failures("outcome", RUNS) + " > 0", "{{outcome}}")),
        Panel.of(
                LINES,
                "Failing share by backend",
                "Each pod of CoreDNS asked by itself. One that fails of two is half of all failures of"
                    + " users.",
                SHARE,
                Query.of(failing("server", RUNS, "path=\"backend\""), "{{server}}"))
            .leadingTo(Link.runbook("EksNetCoreDnsBackendBroken")),
        Panel.of(
            LINES,
            "Failing share by zone",
            "Queries to cluster DNS by the zone of the agent that asked.",
            SHARE,
            Query.of(failing("az", RUNS, CLUSTER_DNS), "{{az}}")),
        Panel.of(
                TABLE,
                "Worst nodes",
                "The ten nodes from which most queries to cluster DNS fail.",
                TEXT,
                Query.of("topk(10, " + failing("node, az", RUNS, CLUSTER_DNS) + ")"))
            .leadingTo(Link.runbook("EksNetNodeDnsFailing"))
            .with(
                Column.label("node", "Node"),
                Column.label("az", "Zone"),
                Column.value("A", "Failing", SHARE).colored(Steps.FAILING)));
  }

  private static Row latency() {
    return Row.of(
        "How fast",
        Panel.of(
                LINES,
                "Duration by path",
                "The median and the 99th percentile of the queries that were answered, second tries"
                    + " included.",
                SECONDS,
                Query.of(quantile(0.5, "path", DURATION), "{{path}} median"),
                Query.of(quantile(0.99, "path", DURATION), "{{path}} p99"))
            .leadingTo(Link.runbook("EksNetDnsSlow")),
        Panel.of(
            HEAT,
            "Durations of cluster DNS",
            "How many queries took how long. A band at 5 s is made of lost packets.",
            SECONDS,
            Query.of(buckets(DURATION, CLUSTER_DNS), "{{le}}")),
        Panel.of(
            LINES,
            "99th percentile by kind of name",
            "Slow aws and external names with fast internal ones speak for the resolver of the VPC.",
            SECONDS,
            Query.of(quantile(0.99, "query_class", DURATION, CLUSTER_DNS), "{{query_class}}")),
        Panel.of(
            LINES,
            "Queries before the useful one",
            "Lookups that the search list of resolv.conf puts before the one that can be answered: what"
                + " ndots costs.",
            NUMBER,
            Query.of(
                max("query_class", agents("eksnet_resolvconf_search_queries")),
                "{{query_class}}")));
  }

  private static Row loss() {
    return Row.of(
        "Lost and cut",
        Panel.of(
                LINES,
                "Answered at the second try by path",
                "The share of queries whose first try went unanswered.",
                SHARE,
                Query.of(shareOf("path", "eksnet_dns_probe_retried_total", RUNS), "{{path}}"))
            .leadingTo(Link.runbook("EksNetDnsLostPackets")),
        Panel.of(
                LINES,
                "Failing share by protocol",
                "Where UDP works and TCP fails, TCP port 53 is blocked, and long answers cannot be had.",
                SHARE,
                Query.of(failing("path, proto", RUNS), "{{path}} {{proto}}"))
            .leadingTo(Link.runbook("EksNetDnsTcpBroken")),
        Panel.of(
            LINES,
            "Cut answers",
            "The share of queries to which a cut answer came, to be asked again over TCP.",
            SHARE,
            Query.of(shareOf("path", "eksnet_dns_probe_truncated_total", RUNS), "{{path}}")),
        Panel.of(
                LINES,
                "Packets over the link-local limit",
                "Packets that the instance dropped because more than 1024 a second went to link-local"
                    + " services such as the resolver of the VPC. Absent where the agent may not read it.",
                PACKETS,
                Query.of(
                    sum(
                        "node",
                        rate(agents("eksnet_ena_allowance_exceeded_total", "kind=\"linklocal\""))),
                    "{{node}}"))
            .leadingTo(Link.runbook("EksNetLinkLocalThrottled")));
  }

  private static Row coreDns() {
    return Row.of(
        "CoreDNS",
        Panel.of(
                STACK,
                "Backends by state",
                "Endpoints of the Service kube-dns, without those that terminate.",
                NUMBER,
                Query.of(max("state", cluster("eksnet_dns_backends")), "{{state}}"))
            .leadingTo(Link.runbook("EksNetCoreDnsNoReadyBackends")),
        Panel.of(
                STACK,
                "Pods by phase",
                "Pods of CoreDNS, and what keeps them from being scheduled.",
                NUMBER,
                Query.of(
                    max("phase, scheduled, cause", cluster("eksnet_dns_pods")),
                    "{{phase}}, scheduled: {{scheduled}} {{cause}}"))
            .leadingTo(Link.runbook("EksNetCoreDnsUnschedulable")));
  }

  private static Row nodes() {
    return Row.of(
        "Nodes",
        Panel.of(
                TABLE,
                "Nodes with wrong nameservers",
                "Nodes whose agent found other nameservers in its resolv.conf than there should be.",
                TEXT,
                Query.of(
                    "min by (node, az) (" + agents("eksnet_resolvconf_nameserver_ok") + ") == 0"))
            .sized(12, 7)
            .orElse("none known")
            .leadingTo(Link.runbook("EksNetWrongNameserver"))
            .with(Column.label("node", "Node"), Column.label("az", "Zone")),
        Panel.of(
                LINES,
                "Queries by path",
                "How much eksnet itself asks: finished queries, whatever came of them.",
                PER_SECOND,
                Query.of(sum("path", rate(agents(RUNS))), "{{path}}"))
            .sized(12, 7));
  }
}
