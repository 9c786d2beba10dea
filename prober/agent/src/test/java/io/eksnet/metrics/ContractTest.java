package io.eksnet.metrics;

import static io.eksnet.model.MetricSpec.Type.COUNTER;
import static io.eksnet.model.MetricSpec.Type.GAUGE;
import static io.eksnet.model.MetricSpec.Type.HISTOGRAM;
import static io.eksnet.model.MetricSpec.Type.SUMMARY;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.MetricSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The metrics that rules, dashboards and users rely on, written out once more: a name, a type or a
 * label that changes here breaks somebody, and needs a decision record.
 */
class ContractTest {
  /** A metric without its help; labels are parted by spaces. */
  private record Row(String name, MetricSpec.Type type, String labels) {}

  private static final List<Row> CONTRACT =
      List.of(
          new Row("eksnet_probe_total", COUNTER, "probe kind target outcome"),
          new Row("eksnet_probe_duration_seconds", HISTOGRAM, "probe kind"),
          new Row("eksnet_probe_phase_seconds", SUMMARY, "probe kind phase"),
          new Row("eksnet_probe_success", GAUGE, "probe kind target"),
          new Row("eksnet_probe_last_run_timestamp_seconds", GAUGE, "probe kind target"),
          new Row("eksnet_probe_last_duration_seconds", GAUGE, "probe kind target"),
          new Row("eksnet_probe_last_status_code", GAUGE, "probe kind target"),
          new Row("eksnet_certificate_expiry_timestamp_seconds", GAUGE, "probe lb target"),
          new Row("eksnet_dns_probe_total", COUNTER, "path server query_class qtype proto outcome"),
          new Row("eksnet_dns_probe_duration_seconds", HISTOGRAM, "path query_class proto"),
          new Row("eksnet_dns_probe_retried_total", COUNTER, "path proto"),
          new Row("eksnet_dns_probe_truncated_total", COUNTER, "path proto"),
          new Row("eksnet_resolvconf_nameserver_ok", GAUGE, ""),
          new Row("eksnet_service_probe_total", COUNTER, "namespace service via stage outcome"),
          new Row("eksnet_service_probe_duration_seconds", HISTOGRAM, "namespace service via"),
          new Row("eksnet_pod_probe_total", COUNTER, "src_az dst_az outcome"),
          new Row("eksnet_pod_probe_duration_seconds", HISTOGRAM, "src_az dst_az"),
          new Row("eksnet_target_probe_total", COUNTER, "target_group stage outcome"),
          new Row("eksnet_target_probe_duration_seconds", HISTOGRAM, "target_group"),
          new Row("eksnet_lb_probe_total", COUNTER, "lb stage code source outcome"),
          new Row("eksnet_lb_probe_duration_seconds", HISTOGRAM, "lb phase"),
          new Row("eksnet_lb_probe_addresses", GAUGE, "lb state"),
          new Row("eksnet_lb_address_probe_total", COUNTER, "lb az address_index outcome"),
          new Row("eksnet_lb_probed", GAUGE, "lb"),
          new Row("eksnet_sts_probe_total", COUNTER, "stage outcome"),
          new Row("eksnet_endpoint_probe_total", COUNTER, "service stage outcome"),
          new Row("eksnet_endpoint_probe_duration_seconds", HISTOGRAM, "service"),
          new Row("eksnet_endpoint_dns_private", GAUGE, "service"),
          new Row("eksnet_pod_identity_agent_up", GAUGE, ""),
          new Row("eksnet_ipamd_up", GAUGE, ""),
          new Row("eksnet_ipamd_no_ip_total", COUNTER, ""),
          new Row("eksnet_ipamd_aws_api_error_total", COUNTER, "api error"),
          new Row("eksnet_ipamd_addresses", GAUGE, "state"),
          new Row("eksnet_ipamd_enis", GAUGE, "state"),
          new Row("eksnet_ena_allowance_exceeded_total", COUNTER, "device kind"),
          new Row("eksnet_dns_backends", GAUGE, "state"),
          new Row("eksnet_dns_pods", GAUGE, "phase scheduled cause"),
          new Row("eksnet_subnet_available_ips", GAUGE, "subnet_id az"),
          new Row("eksnet_subnet_usable_ips", GAUGE, "subnet_id az"),
          new Row("eksnet_subnet_free_prefix28", GAUGE, "subnet_id az"),
          new Row("eksnet_subnet_role", GAUGE, "subnet_id role"),
          new Row("eksnet_cni_prefix_delegation", GAUGE, ""),
          new Row("eksnet_vpc_endpoint_available", GAUGE, "service private_dns"),
          new Row("eksnet_pod_sandbox_failures_total", COUNTER, "az node reason"),
          new Row("eksnet_pods_unschedulable", GAUGE, "cause"),
          new Row("eksnet_node_pod_slots", GAUGE, "node state"),
          new Row("eksnet_node_not_ready", GAUGE, "node az reason"),
          new Row("eksnet_lb_eligible_subnet_azs", GAUGE, "scheme"),
          new Row("eksnet_lb_scheme_in_use", GAUGE, "scheme"),
          new Row("eksnet_lb_required_subnet_azs", GAUGE, "scheme"),
          new Row("eksnet_ingress_address_assigned", GAUGE, "namespace ingress"),
          new Row("eksnet_ingress_created_timestamp_seconds", GAUGE, "namespace ingress"),
          new Row("eksnet_ingress_reconcile_failing", GAUGE, "namespace ingress cause"),
          new Row("eksnet_ingress_dns_match", GAUGE, "namespace ingress host"),
          new Row("eksnet_lb_owner_address_assigned", GAUGE, "kind namespace name"),
          new Row("eksnet_lb_reconcile_failing", GAUGE, "kind namespace name cause"),
          new Row("eksnet_lb_state", GAUGE, "lb state"),
          new Row("eksnet_target_health", GAUGE, "lb target_group namespace service state reason"),
          new Row("eksnet_target_group_ready_endpoints", GAUGE, "lb target_group"),
          new Row("eksnet_sg_path_permitted", GAUGE, "lb target_group eni port kind"),
          new Row("eksnet_nodeclass_condition", GAUGE, "nodeclass condition status reason"),
          new Row("eksnet_nodeclass_unrendered_template", GAUGE, "nodeclass"),
          new Row("eksnet_component_crashloop", GAUGE, "component cause"),
          new Row("eksnet_credentials_probe_success", GAUGE, "method"),
          new Row("eksnet_cluster_health_issue", GAUGE, "code"),
          new Row("eksnet_addon_health_issue", GAUGE, "addon code"),
          new Row("eksnet_cluster_upgrade_policy", GAUGE, "support_type"),
          new Row("eksnet_cluster_standard_support_end_timestamp_seconds", GAUGE, "version"),
          new Row("eksnet_diagnosis_active", GAUGE, "cause layer scope confidence"),
          new Row("eksnet_notice_active", GAUGE, "notice"),
          new Row("eksnet_incident_open", GAUGE, "cause layer"),
          new Row("eksnet_owner_info", GAUGE, "namespace service ingress team"),
          new Row("eksnet_agents_desired", GAUGE, ""),
          new Row("eksnet_agents_reporting", GAUGE, ""),
          new Row("eksnet_controller_heartbeat_timestamp_seconds", GAUGE, ""),
          new Row("eksnet_leader", GAUGE, ""),
          new Row("eksnet_aws_api_requests_total", COUNTER, "service operation outcome"),
          new Row(
              "eksnet_aws_api_request_duration_seconds", HISTOGRAM, "service operation outcome"),
          new Row("eksnet_poll_last_success_timestamp_seconds", GAUGE, "poll service"),
          new Row("eksnet_poll_interval_seconds", GAUGE, "poll service"),
          new Row("eksnet_schedule_lag_seconds", HISTOGRAM, ""),
          new Row("eksnet_probe_missed_total", COUNTER, "reason"),
          new Row("eksnet_probes_in_flight", GAUGE, ""),
          new Row("eksnet_tasks", GAUGE, "kind"),
          new Row("eksnet_targets_dropped_total", COUNTER, "kind"),
          new Row("eksnet_event_loop_stall_seconds", HISTOGRAM, ""),
          new Row("eksnet_plan_age_seconds", GAUGE, ""),
          new Row("eksnet_config_last_reload_successful", GAUGE, ""),
          new Row("eksnet_config_last_reload_success_timestamp_seconds", GAUGE, ""),
          new Row("eksnet_build_info", GAUGE, "version revision java_version"));

  /** Beyond the contract. */
  private static final List<Row> EXTRA =
      List.of(
          new Row("eksnet_log_events_dropped_total", COUNTER, ""),
          new Row("eksnet_probe_last_dns_serial", GAUGE, "probe kind target"),
          new Row("eksnet_resolvconf_search_queries", GAUGE, "query_class"),
          new Row("eksnet_inventory_series_dropped", GAUGE, "metric"));

  @Test
  void theMetricsAreThoseOfTheContractToTheLetter() {
    assertThat(Catalogue.all().stream().map(ContractTest::row))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(CONTRACT.stream(), EXTRA.stream()).toList());
  }

  private static Row row(MetricSpec spec) {
    return new Row(spec.name(), spec.type(), String.join(" ", spec.labels()));
  }
}
