package io.eksnet.metrics;

import static io.eksnet.model.MetricSpec.Type.COUNTER;
import static io.eksnet.model.MetricSpec.Type.GAUGE;
import static io.eksnet.model.MetricSpec.Type.HISTOGRAM;
import static io.eksnet.model.MetricSpec.Type.SUMMARY;

import io.eksnet.model.MetricSpec;
import java.util.List;
import java.util.stream.Stream;

/** Every metric of the program's own, declared once under its exported name. */
public final class Catalogue {
  /** Runs of the user's own probes by outcome. */
  public static final MetricSpec PROBE =
      new MetricSpec(
          "eksnet_probe_total",
          COUNTER,
          "Finished runs of a probe by target and outcome, one for each probed address.",
          "probe",
          "kind",
          "target",
          "outcome");

  /** How long successful runs took. */
  public static final MetricSpec PROBE_DURATION =
      new MetricSpec(
          "eksnet_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful runs. Failures are not observed.",
          "probe",
          "kind");

  /** Where the time of successful runs went. */
  public static final MetricSpec PROBE_PHASE =
      new MetricSpec(
          "eksnet_probe_phase_seconds",
          SUMMARY,
          "Time that successful runs spent in each phase.",
          "probe",
          "kind",
          "phase");

  /** The verdict of the last run. */
  public static final MetricSpec PROBE_SUCCESS =
      new MetricSpec(
          "eksnet_probe_success",
          GAUGE,
          "Whether the last run succeeded at all addresses, 1 or 0. Absent before the first run, and"
              + " after three intervals without a result.",
          "probe",
          "kind",
          "target");

  /** When the last run started. */
  public static final MetricSpec PROBE_LAST_RUN =
      new MetricSpec(
          "eksnet_probe_last_run_timestamp_seconds",
          GAUGE,
          "Start of the last run with a definite outcome, in seconds since the epoch.",
          "probe",
          "kind",
          "target");

  /** How long the last run took. */
  public static final MetricSpec PROBE_LAST_DURATION =
      new MetricSpec(
          "eksnet_probe_last_duration_seconds",
          GAUGE,
          "Duration of the last run, of the slowest address if it has several. Absent unless the"
              + " last run succeeded.",
          "probe",
          "kind",
          "target");

  /** The status code of the last response. */
  public static final MetricSpec PROBE_LAST_STATUS_CODE =
      new MetricSpec(
          "eksnet_probe_last_status_code",
          GAUGE,
          "HTTP status code of the last run, the highest one if the target has several addresses."
              + " Absent unless the last run received a response.",
          "probe",
          "kind",
          "target");

  /** The serial number in the last DNS response. */
  public static final MetricSpec PROBE_LAST_DNS_SERIAL =
      new MetricSpec(
          "eksnet_probe_last_dns_serial",
          GAUGE,
          "Serial number of the first SOA record in the DNS response to the last run, which a query of"
              + " type SOA or for a name that does not exist receives. Absent unless there was one.",
          "probe",
          "kind",
          "target");

  /** The first end of a certificate. */
  public static final MetricSpec CERTIFICATE_EXPIRY =
      new MetricSpec(
          "eksnet_certificate_expiry_timestamp_seconds",
          GAUGE,
          "Earliest expiry in the certificate chains presented last, in seconds since the epoch. For"
              + " a probe or a load balancer.",
          "probe",
          "lb",
          "target");

  /** Calls of Services by outcome. */
  public static final MetricSpec SERVICE_PROBE =
      new MetricSpec(
          "eksnet_service_probe_total",
          COUNTER,
          "Finished Service probes by final stage and outcome.",
          "namespace",
          "service",
          "via",
          "stage",
          "outcome");

  /** How long successful calls of Services take. */
  public static final MetricSpec SERVICE_DURATION =
      new MetricSpec(
          "eksnet_service_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful Service probes, with the lookup of the name if via is name.",
          "namespace",
          "service",
          "via");

  /** Calls from agent to agent by outcome. */
  public static final MetricSpec POD_PROBE =
      new MetricSpec(
          "eksnet_pod_probe_total",
          COUNTER,
          "Finished pod-to-pod probes between agents by outcome.",
          "src_az",
          "dst_az",
          "outcome");

  /** How long successful calls from agent to agent take. */
  public static final MetricSpec POD_DURATION =
      new MetricSpec(
          "eksnet_pod_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful pod-to-pod probes between agents, from the connection to the end of"
              + " the response.",
          "src_az",
          "dst_az");

  /** Calls of targets by outcome. */
  public static final MetricSpec TARGET_PROBE =
      new MetricSpec(
          "eksnet_target_probe_total",
          COUNTER,
          "Finished probes of targets behind a target group, sent like its health checks, by final"
              + " stage and outcome.",
          "target_group",
          "stage",
          "outcome");

  /** How long successful calls of targets take. */
  public static final MetricSpec TARGET_DURATION =
      new MetricSpec(
          "eksnet_target_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful probes of targets behind a target group, sent like its health"
              + " checks and not through the load balancer.",
          "target_group");

  /** Calls of load balancers by outcome. */
  public static final MetricSpec LB_PROBE =
      new MetricSpec(
          "eksnet_lb_probe_total",
          COUNTER,
          "Finished load balancer probes, one for each address, by final stage, status code, source"
              + " of the response (elb, target, none) and outcome.",
          "lb",
          "stage",
          "code",
          "source",
          "outcome");

  /** Where the time of successful calls of load balancers goes. */
  public static final MetricSpec LB_DURATION =
      new MetricSpec(
          "eksnet_lb_probe_duration_seconds",
          HISTOGRAM,
          "Time that successful load balancer probes spent in each phase at an address: connect, tls,"
              + " processing (from the request to the first byte of the response), transfer.",
          "lb",
          "phase");

  /** Calls of each address of a load balancer by outcome. */
  public static final MetricSpec LB_ADDRESS_PROBE =
      new MetricSpec(
          "eksnet_lb_address_probe_total",
          COUNTER,
          "Finished load balancer probes of all agents by address, with the zone of the address (empty"
              + " if unknown). An address keeps its index while it is probed. Of the leader only.",
          "lb",
          "az",
          "address_index",
          "outcome");

  /** Addresses of load balancers by state. */
  public static final MetricSpec LB_ADDRESSES =
      new MetricSpec(
          "eksnet_lb_probe_addresses",
          GAUGE,
          "Load balancer addresses by the result of the last probes (ok, failing). Absent while the"
              + " addresses are unknown.",
          "lb",
          "state");

  /** Calls of STS by outcome. */
  public static final MetricSpec STS_PROBE =
      new MetricSpec(
          "eksnet_sts_probe_total",
          COUNTER,
          "Finished probes of the regional STS endpoint by final stage and outcome.",
          "stage",
          "outcome");

  /** Calls of AWS endpoints by outcome. */
  public static final MetricSpec ENDPOINT_PROBE =
      new MetricSpec(
          "eksnet_endpoint_probe_total",
          COUNTER,
          "Finished probes of AWS endpoints by final stage and outcome, one for each address.",
          "service",
          "stage",
          "outcome");

  /** How long successful calls of AWS endpoints take. */
  public static final MetricSpec ENDPOINT_DURATION =
      new MetricSpec(
          "eksnet_endpoint_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful probes of AWS endpoints.",
          "service");

  /** Whether an endpoint of AWS has private addresses. */
  public static final MetricSpec ENDPOINT_DNS_PRIVATE =
      new MetricSpec(
          "eksnet_endpoint_dns_private",
          GAUGE,
          "Whether all addresses of the service's endpoint are private, 1 or 0. Absent while its name"
              + " does not resolve.",
          "service");

  /** Whether the Pod Identity agent answers. */
  public static final MetricSpec POD_IDENTITY_AGENT_UP =
      new MetricSpec(
          "eksnet_pod_identity_agent_up",
          GAUGE,
          "Whether the Pod Identity agent on the node responds, 1 or 0.");

  /** Whether ipamd answers. */
  public static final MetricSpec IPAMD_UP =
      new MetricSpec(
          "eksnet_ipamd_up",
          GAUGE,
          "Whether the metrics endpoint of ipamd (VPC CNI) on the node can be read, 1 or 0.");

  /** Pods that got no address. */
  public static final MetricSpec IPAMD_NO_IP =
      new MetricSpec(
          "eksnet_ipamd_no_ip_total",
          COUNTER,
          "Pod address requests that ipamd could not serve, since this agent first read it.");

  /** Errors of the AWS API that ipamd received. */
  public static final MetricSpec IPAMD_AWS_API_ERROR =
      new MetricSpec(
          "eksnet_ipamd_aws_api_error_total",
          COUNTER,
          "Failed AWS API calls of ipamd, since this agent first read it.",
          "api",
          "error");

  /** Addresses that ipamd holds. */
  public static final MetricSpec IPAMD_ADDRESSES =
      new MetricSpec(
          "eksnet_ipamd_addresses",
          GAUGE,
          "Addresses in the ipamd warm pool (total) and addresses assigned to pods (assigned).",
          "state");

  /** Network interfaces of the node. */
  public static final MetricSpec IPAMD_ENIS =
      new MetricSpec(
          "eksnet_ipamd_enis",
          GAUGE,
          "Network interfaces that ipamd has attached (allocated) and may attach (max).",
          "state");

  /** Allowances of the network adapters. */
  public static final MetricSpec ENA_EXCEEDED =
      new MetricSpec(
          "eksnet_ena_allowance_exceeded_total",
          COUNTER,
          "Packets queued or dropped because an allowance of the instance was exceeded, since this"
              + " agent first read it.",
          "device",
          "kind");

  /** Queries of the built-in suite by outcome. */
  public static final MetricSpec DNS_PROBE =
      new MetricSpec(
          "eksnet_dns_probe_total",
          COUNTER,
          "Finished queries of the built-in dns suite by outcome.",
          "path",
          "server",
          "query_class",
          "qtype",
          "proto",
          "outcome");

  /** How long successful queries took. */
  public static final MetricSpec DNS_DURATION =
      new MetricSpec(
          "eksnet_dns_probe_duration_seconds",
          HISTOGRAM,
          "Duration of successful queries of the built-in dns suite, including retries. Failures are"
              + " not observed.",
          "path",
          "query_class",
          "proto");

  /** Queries whose first try was lost. */
  public static final MetricSpec DNS_RETRIED =
      new MetricSpec(
          "eksnet_dns_probe_retried_total",
          COUNTER,
          "Queries that succeeded only after a retry.",
          "path",
          "proto");

  /** Truncated responses. */
  public static final MetricSpec DNS_TRUNCATED =
      new MetricSpec(
          "eksnet_dns_probe_truncated_total",
          COUNTER,
          "Queries with a truncated response (TC bit).",
          "path",
          "proto");

  /** The nameserver check. */
  public static final MetricSpec NAMESERVER_OK =
      new MetricSpec(
          "eksnet_resolvconf_nameserver_ok",
          GAUGE,
          "Whether resolv.conf has the expected nameservers, 1 or 0.");

  /** What the search list costs. */
  public static final MetricSpec SEARCH_QUERIES =
      new MetricSpec(
          "eksnet_resolvconf_search_queries",
          GAUGE,
          "Extra queries caused by the resolv.conf search list before the one that resolves.",
          "query_class");

  /** How late runs start. */
  public static final MetricSpec SCHEDULE_LAG =
      new MetricSpec(
          "eksnet_schedule_lag_seconds",
          HISTOGRAM,
          "How much later than planned runs started. A skipped run counts as late until it could"
              + " start next.");

  /** Ticks without a run. */
  public static final MetricSpec PROBE_MISSED =
      new MetricSpec(
          "eksnet_probe_missed_total",
          COUNTER,
          "Runs that were due and did not run, for a reason local to the prober: stall, capacity,"
              + " overlap, shutdown or prober.",
          "reason");

  /** Runs under way. */
  public static final MetricSpec IN_FLIGHT =
      new MetricSpec("eksnet_probes_in_flight", GAUGE, "Runs in flight.");

  /** Scheduled tasks. */
  public static final MetricSpec TASKS =
      new MetricSpec("eksnet_tasks", GAUGE, "Scheduled tasks by kind of probe.", "kind");

  /** Targets above the limit. */
  public static final MetricSpec TARGETS_DROPPED =
      new MetricSpec(
          "eksnet_targets_dropped_total",
          COUNTER,
          "Targets that are not probed because a limit is reached: the target limit of the config (by"
              + " kind) or the limits of a plan (by suite). Counted on change.",
          "kind");

  /** Log events that were not written. */
  public static final MetricSpec LOG_EVENTS_DROPPED =
      new MetricSpec(
          "eksnet_log_events_dropped_total",
          COUNTER,
          "Log events that were dropped because standard error did not accept them in time.");

  /** Standstills of the event loop. */
  public static final MetricSpec STALL =
      new MetricSpec(
          "eksnet_event_loop_stall_seconds",
          HISTOGRAM,
          "Stalls of the probe event loop that were long enough to affect measurements.");

  /** How old the plan is. */
  public static final MetricSpec PLAN_AGE =
      new MetricSpec(
          "eksnet_plan_age_seconds",
          GAUGE,
          "Seconds since the controller last sent or confirmed the plan of this agent. Absent before"
              + " the first plan.");

  /** Who leads. */
  public static final MetricSpec LEADER =
      new MetricSpec(
          "eksnet_leader",
          GAUGE,
          "Whether this controller is the leader, 1 or 0. Absent in agents.");

  /** That the leader is at work. */
  public static final MetricSpec HEARTBEAT =
      new MetricSpec(
          "eksnet_controller_heartbeat_timestamp_seconds",
          GAUGE,
          "Last heartbeat of the leader's polling loop, in seconds since the epoch. Absent on standbys.");

  /** How many agents there should be. */
  public static final MetricSpec AGENTS_DESIRED =
      new MetricSpec(
          "eksnet_agents_desired", GAUGE, "Desired number of agents. Absent while unknown.");

  /** How many agents there are. */
  public static final MetricSpec AGENTS_REPORTING =
      new MetricSpec(
          "eksnet_agents_reporting",
          GAUGE,
          "Agents from which the leader recently received observations. Absent on standbys.");

  /** What is wrong. */
  public static final MetricSpec DIAGNOSIS_ACTIVE =
      new MetricSpec(
          "eksnet_diagnosis_active",
          GAUGE,
          "Whether the leader's diagnosis has a finding with this cause: 1, or 0 for a while after it"
              + " ends. Absent otherwise.",
          "cause",
          "layer",
          "scope",
          "confidence");

  /** What needs attention some day. */
  public static final MetricSpec NOTICE_ACTIVE =
      new MetricSpec(
          "eksnet_notice_active",
          GAUGE,
          "1 while the leader's diagnosis has this notice, such as `extended_support`: it needs"
              + " attention some day, and is not a fault. Absent otherwise.",
          "notice");

  /** Open incidents. */
  public static final MetricSpec INCIDENT_OPEN =
      new MetricSpec(
          "eksnet_incident_open",
          GAUGE,
          "Open incidents of the leader with this root cause. Absent without one.",
          "cause",
          "layer");

  /** Whether the last reload was good. */
  public static final MetricSpec RELOAD_SUCCESSFUL =
      new MetricSpec(
          "eksnet_config_last_reload_successful",
          GAUGE,
          "Whether the last config reload succeeded, 1 or 0.");

  /** When a reload was good. */
  public static final MetricSpec RELOAD_SUCCESS_TIME =
      new MetricSpec(
          "eksnet_config_last_reload_success_timestamp_seconds",
          GAUGE,
          "Time of the last successful config reload, in seconds since the epoch.");

  /** What runs. */
  public static final MetricSpec BUILD_INFO =
      new MetricSpec(
          "eksnet_build_info",
          GAUGE,
          "Build information. Always 1.",
          "version",
          "revision",
          "java_version");

  public static final MetricSpec AWS_REQUESTS =
      new MetricSpec(
          "eksnet_aws_api_requests_total",
          COUNTER,
          "AWS API requests by outcome.",
          "service",
          "operation",
          "outcome");

  public static final MetricSpec AWS_DURATION =
      new MetricSpec(
          "eksnet_aws_api_request_duration_seconds",
          HISTOGRAM,
          "Duration of AWS API requests by outcome.",
          "service",
          "operation",
          "outcome");

  private Catalogue() {}

  /** All of them, in the order of the reference. */
  public static List<MetricSpec> all() {
    return Stream.of(own(), InventoryCatalogue.all(), List.of(AWS_REQUESTS, AWS_DURATION))
        .flatMap(List::stream)
        .toList();
  }

  private static List<MetricSpec> own() {
    return List.of(
        PROBE,
        PROBE_DURATION,
        PROBE_PHASE,
        PROBE_SUCCESS,
        PROBE_LAST_RUN,
        PROBE_LAST_DURATION,
        PROBE_LAST_STATUS_CODE,
        PROBE_LAST_DNS_SERIAL,
        CERTIFICATE_EXPIRY,
        SERVICE_PROBE,
        SERVICE_DURATION,
        POD_PROBE,
        POD_DURATION,
        TARGET_PROBE,
        TARGET_DURATION,
        LB_PROBE,
        LB_DURATION,
        LB_ADDRESSES,
        STS_PROBE,
        ENDPOINT_PROBE,
        ENDPOINT_DURATION,
        ENDPOINT_DNS_PRIVATE,
        POD_IDENTITY_AGENT_UP,
        IPAMD_UP,
        IPAMD_NO_IP,
        IPAMD_AWS_API_ERROR,
        IPAMD_ADDRESSES,
        IPAMD_ENIS,
        ENA_EXCEEDED,
        DNS_PROBE,
        DNS_DURATION,
        DNS_RETRIED,
        DNS_TRUNCATED,
        NAMESERVER_OK,
        SEARCH_QUERIES,
        SCHEDULE_LAG,
        PROBE_MISSED,
        IN_FLIGHT,
        TASKS,
        TARGETS_DROPPED,
        LOG_EVENTS_DROPPED,
        STALL,
        PLAN_AGE,
        LEADER,
        HEARTBEAT,
        AGENTS_DESIRED,
        AGENTS_REPORTING,
        LB_ADDRESS_PROBE,
        DIAGNOSIS_ACTIVE,
        NOTICE_ACTIVE,
        INCIDENT_OPEN,
        RELOAD_SUCCESSFUL,
        RELOAD_SUCCESS_TIME,
        BUILD_INFO);
  }
}
