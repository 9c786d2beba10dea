package io.eksnet.docs.dashboards;

import static io.eksnet.docs.dashboards.Look.LINES;
import static io.eksnet.docs.dashboards.Look.STACK;
import static io.eksnet.docs.dashboards.Look.STAT;
import static io.eksnet.docs.dashboards.Look.STATES;
import static io.eksnet.docs.dashboards.Look.TABLE;
import static io.eksnet.docs.dashboards.Promql.agents;
import static io.eksnet.docs.dashboards.Promql.cluster;
import static io.eksnet.docs.dashboards.Promql.max;
import static io.eksnet.docs.dashboards.Promql.quantile;
import static io.eksnet.docs.dashboards.Promql.rate;
import static io.eksnet.docs.dashboards.Promql.sum;
import static io.eksnet.docs.dashboards.Unit.BYTES;
import static io.eksnet.docs.dashboards.Unit.NUMBER;
import static io.eksnet.docs.dashboards.Unit.PER_SECOND;
import static io.eksnet.docs.dashboards.Unit.REQUESTS;
import static io.eksnet.docs.dashboards.Unit.SECONDS;
import static io.eksnet.docs.dashboards.Unit.SHARE;
import static io.eksnet.docs.dashboards.Unit.TEXT;

import java.util.List;

/** Whether eksnet itself can be believed, and what it costs. */
final class ProberBoard {
  private static final String POLL = "poll, service";

  private ProberBoard() {}

  static Dashboard dashboard() {
    return new Dashboard(
        Board.PROBER,
        "Whether eksnet itself can be believed: who reports, what was not run, how old what it knows"
            + " is, and what it costs.",
        "now-6h",
        List.of(),
        List.of(verdict(), schedule(), knowledge(), cost()));
  }

  private static Row verdict() {
    return Row.of(
        "",
        Panel.of(
                STAT,
                "Agents missing",
                "Agents that Kubernetes wants to run and that do not report. Their nodes are not"
                    + " judged.",
                NUMBER,
                Query.of(
                    "clamp_min("
                        + max("", cluster("eksnet_agents_desired"))
                        + " - "
                        + max("", cluster("eksnet_agents_reporting"))
                        + ", 0)",
                    "missing"))
            .colored(Steps.NONE_WANTED)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetAgentMissing")),
        Panel.of(
                STAT,
                "Leaders",
                "Controllers that lead. There is one; none means that nobody polls and diagnoses.",
                NUMBER,
                Query.of(sum("", cluster("eksnet_leader")), "leaders"))
            .colored(Steps.from("red").then(1, "green").then(2, "orange"))
            .orElse("no controller")
            .leadingTo(Link.runbook("EksNetNoData")),
        Panel.of(
                STAT,
                "Age of the diagnosis",
                "How long ago the leading controller was last at work.",
                SECONDS,
                Query.of(
                    "time() - " + max("", cluster("eksnet_controller_heartbeat_timestamp_seconds")),
                    "age"))
            .colored(Steps.from("green").then(60, "orange").then(180, "red"))
            .orElse("nobody leads")
            .leadingTo(Link.runbook("EksNetNoData")),
        Panel.of(
                STAT,
                "Oldest plan",
                "How long ago the controller last confirmed the plan of the agent that waits longest."
                    + " Agents go on with the plan they have.",
                SECONDS,
                Query.of(max("", agents("eksnet_plan_age_seconds")), "age"))
            .colored(Steps.from("green").then(120, "orange").then(600, "red"))
            .orElse("no plan"),
        Panel.of(
                STAT,
                "Bad configs",
                "Processes whose last attempt to load the config failed. They go on with the one"
                    + " before.",
                NUMBER,
                Query.of(
                    "count("
                        + cluster("eksnet_config_last_reload_successful")
                        + ") - sum("
                        + cluster("eksnet_config_last_reload_successful")
                        + ")",
                    "processes"))
            .colored(Steps.NONE_WANTED)
            .leadingTo(Link.runbook("EksNetConfigReloadFailed")),
        Panel.of(
                STAT,
                "Polls that are too old",
                "Parts of the inventory that were last read more than five intervals ago. What depends"
                    + " on them is not known.",
                NUMBER,
                Query.of("count(" + pollAge() + " > 5) or 0 * count(" + pollAge() + ")", "polls"))
            .colored(Steps.NONE_WANTED)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetPollStale")));
  }

  private static Row schedule() {
    return Row.of(
        "Schedule",
        Panel.of(
                STACK,
                "Runs that did not happen",
                "Runs that were due and did not happen, or are not trusted, by reason: overlap with"
                    + " the run before, a stall of the process, too many in flight.",
                PER_SECOND,
                Query.of(sum("reason", rate(agents("eksnet_probe_missed_total"))), "{{reason}}"))
            .leadingTo(Link.runbook("EksNetProbesNotRun")),
        Panel.of(
                LINES,
                "Lag",
                "How much later than planned runs started: the median and the 99th percentile.",
                SECONDS,
                Query.of(quantile(0.5, "", "eksnet_schedule_lag_seconds"), "median"),
                Query.of(quantile(0.99, "", "eksnet_schedule_lag_seconds"), "p99"))
            .leadingTo(Link.runbook("EksNetScheduleLagging")),
        Panel.of(
            LINES,
            "Standstills",
            "99 of 100 standstills of the event loop that spoiled measurements were at most this long;"
                + " a gap where there were none.",
            SECONDS,
            Query.of(quantile(0.99, "node", "eksnet_event_loop_stall_seconds"), "{{node}}")),
        Panel.of(
            LINES,
            "Runs under way",
            "Runs in flight in the process that has most of them.",
            NUMBER,
            Query.of(max("node", agents("eksnet_probes_in_flight")), "{{node}}")),
        Panel.of(
            STACK,
            "Tasks",
            "Scheduled tasks by kind of probe, all agents together.",
            NUMBER,
            Query.of(sum("kind", agents("eksnet_tasks")), "{{kind}}")),
        Panel.of(
            LINES,
            "Targets left out",
            "Targets that are not probed because the limit of targets is reached.",
            PER_SECOND,
            Query.of(sum("kind", rate(agents("eksnet_targets_dropped_total"))), "{{kind}}")));
  }

  private static Row knowledge() {
    return Row.of(
        "What the controller knows",
        Panel.of(
                TABLE,
                "Polls",
                "How old each part of the inventory is, in seconds and in intervals. After three"
                    + " intervals its series go, so that nobody takes them for true.",
                TEXT,
                Query.of(
                    "time() - " + max(POLL, cluster("eksnet_poll_last_success_timestamp_seconds"))),
                Query.of(max(POLL, cluster("eksnet_poll_interval_seconds"))),
                Query.of(pollAge()))
            .sized(12, 9)
            .orElse("not known")
            .leadingTo(Link.runbook("EksNetPollStale"))
            .with(
                Column.label("poll", "Part"),
                Column.label("service", "From"),
                Column.value("A", "Age", SECONDS),
                Column.value("B", "Every", SECONDS),
                Column.value("C", "Intervals", NUMBER)
                    .colored(Steps.from("green").then(3, "orange").then(5, "red"))),
        Panel.of(
                STATES,
                "Who leads",
                "Which controller polls and diagnoses, over time.",
                NUMBER,
                Query.of(max("instance", cluster("eksnet_leader")), "{{instance}}"))
            .sized(12, 9)
            .colored(Steps.from("blue").then(1, "green"))
            .saying(List.of(new Said(1, "leads", "green"), new Said(0, "stands by", "blue"))),
        Panel.of(
                STACK,
                "Calls to AWS",
                "Requests to AWS by outcome. Denied ones need a permission, throttled ones a quota.",
                REQUESTS,
                Query.of(
                    sum("outcome", rate(cluster("eksnet_aws_api_requests_total"))), "{{outcome}}"))
            .leadingTo(Link.runbook("EksNetAwsApiDenied"), Link.runbook("EksNetAwsApiThrottled")),
        Panel.of(
                TABLE,
                "Calls to AWS that fail",
                "Requests to AWS that did not succeed lately, by operation and outcome.",
                TEXT,
                Query.of(
                    sum(
                            "service, operation, outcome",
                            rate(cluster("eksnet_aws_api_requests_total", "outcome!=\"ok\"")))
                        + " > 0"))
            .orElse("none known")
            .leadingTo(Link.runbook("EksNetAwsApiDenied"), Link.runbook("EksNetAwsApiThrottled"))
            .with(
                Column.label("service", "Service"),
                Column.label("operation", "Operation"),
                Column.label("outcome", "Outcome"),
                Column.value("A", "A second", REQUESTS)),
        Panel.of(
            LINES,
            "Duration of calls to AWS",
            "99 of 100 requests took at most this long, whatever came of them.",
            SECONDS,
            Query.of(
                Promql.clusterQuantile(0.99, "service", "eksnet_aws_api_request_duration_seconds"),
                "{{service}}")),
        Panel.of(
                TABLE,
                "Series left out",
                "Series of the inventory that are not exported because there are too many.",
                TEXT,
                Query.of(max("metric", cluster("eksnet_inventory_series_dropped")) + " > 0"))
            .orElse("none known")
            .with(Column.label("metric", "Metric"), Column.value("A", "Series", NUMBER)));
  }

  private static Row cost() {
    return Row.of(
        "What it costs",
        Panel.of(
            LINES,
            "CPU",
            "Cores used by each process.",
            NUMBER,
            Query.of(
                sum("node, instance", rate(agents("process_cpu_seconds_total")))
                    + " and on (instance) "
                    + agents("eksnet_build_info"),
                "{{node}} {{instance}}")),
        Panel.of(
            LINES,
            "Memory",
            "Resident memory of each process.",
            BYTES,
            Query.of(
                max("node, instance", agents("process_resident_memory_bytes"))
                    + " and on (instance) "
                    + agents("eksnet_build_info"),
                "{{node}} {{instance}}")),
        Panel.of(
            LINES,
            "Heap",
            "Heap in use of each process.",
            BYTES,
            Query.of(
                sum("node, instance", agents("jvm_memory_used_bytes", "area=\"heap\""))
                    + " and on (instance) "
                    + agents("eksnet_build_info"),
                "{{node}} {{instance}}")),
        Panel.of(
            LINES,
            "Time in collections",
            "The share of time that each process stands still to collect garbage.",
            SHARE,
            Query.of(
                sum("node, instance", rate(agents("jvm_gc_pause_seconds_sum")))
                    + " and on (instance) "
                    + agents("eksnet_build_info"),
                "{{node}} {{instance}}")),
        Panel.of(
                TABLE,
                "What runs",
                "Processes by version, and when their config was last loaded.",
                TEXT,
                Query.of(
                    "count by (version, revision, java_version) ("
                        + cluster("eksnet_build_info")
                        + ")"),
                Query.of(
                    "min by (version, revision, java_version) ("
                        + cluster("eksnet_build_info")
                        + " * on (instance) group_left () "
                        + cluster("eksnet_config_last_reload_success_timestamp_seconds")
                        + ") * 1000"))
            .sized(24, 6)
            .with(
                Column.label("version", "Version"),
                Column.label("revision", "Revision"),
                Column.label("java_version", "Java"),
                Column.value("A", "Processes", NUMBER),
                Column.value("B", "Oldest config", Unit.MOMENT)));
  }

  /** In intervals of each poll. */
  private static String pollAge() {
    return "(time() - "
        + max(POLL, cluster("eksnet_poll_last_success_timestamp_seconds"))
        + ") / "
        + max(POLL, cluster("eksnet_poll_interval_seconds"));
  }
}
