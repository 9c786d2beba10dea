package io.eksnet.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.ScrapedSample;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  /** Made of the names and help texts of amazon-vpc-cni-k8s. */
  private static final String IPAMD =
      """
      # HELP awscni_assigned_ip_addresses The number of IP addresses assigned to pods
      # TYPE awscni_assigned_ip_addresses gauge
      awscni_assigned_ip_addresses 9
      # HELP awscni_assigned_ip_per_cidr The total number of IP addresses assigned per cidr
      # TYPE awscni_assigned_ip_per_cidr gauge
      awscni_assigned_ip_per_cidr{cidr="10.0.12.16/28"} 9
      # HELP awscni_aws_api_error_count The number of times AWS API returns an error
      # TYPE awscni_aws_api_error_count counter
      awscni_aws_api_error_count{api="AssignPrivateIpAddresses",error="InsufficientFreeAddressesInSubnet"} 12
      awscni_aws_api_error_count{api="CreateNetworkInterface",error="UnauthorizedOperation"} 1
      # HELP awscni_aws_api_latency_ms AWS API call latency in ms
      # TYPE awscni_aws_api_latency_ms summary
      awscni_aws_api_latency_ms_sum{api="GetMetadata",error="false",status="200"} 24
      awscni_aws_api_latency_ms_count{api="GetMetadata",error="false",status="200"} 31
      # HELP awscni_eni_allocated The number of ENIs allocated
      # TYPE awscni_eni_allocated gauge
      awscni_eni_allocated 1
      # HELP awscni_eni_max The maximum number of ENIs that can be attached to the instance
      # TYPE awscni_eni_max gauge
      awscni_eni_max 3
      # HELP awscni_no_available_ip_addresses The number of pod IP assignments that fail due to no available IP addresses
      # TYPE awscni_no_available_ip_addresses counter
      awscni_no_available_ip_addresses 4
      # HELP awscni_total_ip_addresses The total number of IP addresses
      # TYPE awscni_total_ip_addresses gauge
      awscni_total_ip_addresses 14
      # HELP go_goroutines Number of goroutines that currently exist.
      # TYPE go_goroutines gauge
      go_goroutines 47
      # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
      # TYPE process_start_time_seconds gauge
      process_start_time_seconds 1.73217012345e+09
      """;

  /** As of node_exporter with --collector.ethtool on an instance with ENA. */
  private static final String NODE_EXPORTER =
      """
      # HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
      # TYPE node_cpu_seconds_total counter
      node_cpu_seconds_total{cpu="0",mode="idle"} 1.23456789e+06
      # HELP node_ethtool_bw_in_allowance_exceeded Network interface bw_in_allowance_exceeded
      # TYPE node_ethtool_bw_in_allowance_exceeded untyped
      node_ethtool_bw_in_allowance_exceeded{device="ens5"} 2211
      node_ethtool_bw_in_allowance_exceeded{device="ens6"} 0
      # HELP node_ethtool_bw_out_allowance_exceeded Network interface bw_out_allowance_exceeded
      # TYPE node_ethtool_bw_out_allowance_exceeded untyped
      node_ethtool_bw_out_allowance_exceeded{device="ens5"} 1.2345678e+07
      # HELP node_ethtool_conntrack_allowance_available Network interface conntrack_allowance_available
      # TYPE node_ethtool_conntrack_allowance_available untyped
      node_ethtool_conntrack_allowance_available{device="ens5"} 136812
      # HELP node_ethtool_conntrack_allowance_exceeded Network interface conntrack_allowance_exceeded
      # TYPE node_ethtool_conntrack_allowance_exceeded untyped
      node_ethtool_conntrack_allowance_exceeded{device="ens5"} 0
      # HELP node_ethtool_linklocal_allowance_exceeded Network interface linklocal_allowance_exceeded
      # TYPE node_ethtool_linklocal_allowance_exceeded untyped
      node_ethtool_linklocal_allowance_exceeded{device="ens5"} 17
      # HELP node_ethtool_pps_allowance_exceeded Network interface pps_allowance_exceeded
      # TYPE node_ethtool_pps_allowance_exceeded untyped
      node_ethtool_pps_allowance_exceeded{device="ens5"} 3
      # HELP node_ethtool_received_bytes_total Network interface bytes received
      # TYPE node_ethtool_received_bytes_total untyped
      node_ethtool_received_bytes_total{device="ens5"} 8.8e+10
      """;

  @Test
  void renamesIpamdSeriesAndDropsThosePerInterface() {
    assertThat(IpamdPage.read(IPAMD))
        .containsExactlyInAnyOrder(
            new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "assigned"), 9),
            new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "total"), 14),
            new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "allocated"), 1),
            new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "max"), 3),
            new ScrapedSample("eksnet_ipamd_no_ip_total", Map.of(), 4),
            apiError("AssignPrivateIpAddresses", "InsufficientFreeAddressesInSubnet", 12),
            apiError("CreateNetworkInterface", "UnauthorizedOperation", 1));
  }

  @Test
  void readsAllowancesByDeviceAndKind() {
    assertThat(EnaPage.read(NODE_EXPORTER))
        .containsExactlyInAnyOrder(
            exceeded("ens5", "bw_in", 2211),
            exceeded("ens6", "bw_in", 0),
            exceeded("ens5", "bw_out", 12_345_678),
            exceeded("ens5", "conntrack", 0),
            exceeded("ens5", "linklocal", 17),
            exceeded("ens5", "pps", 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>no</html>", "up 1\n", "# TYPE awscni_eni_max gauge\n"})
  void returnsNothingForOtherContent(String page) {
    assertThat(IpamdPage.read(page)).isEmpty();
    assertThat(EnaPage.read(page)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "awscni_eni_max 3",
        "awscni_eni_max 3 1732170123456",
        "awscni_eni_max{} 3",
        "awscni_eni_max{node=\"a\"} 3.0",
        "awscni_eni_max { node = \"a\" , x=\"}\", } 3e0",
        "awscni_eni_max{x=\"a\\\"} 9\"} 3 # {trace=\"1\"} 0.5",
      })
  void readsLinesInAllValidForms(String line) {
    assertThat(IpamdPage.read("awscni_eni_max\n" + line + "\r\n"))
        .containsExactly(new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "max"), 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "awscni_eni_max",
        "awscni_eni_max NaN",
        "awscni_eni_max +Inf",
        "awscni_eni_max three",
        "awscni_eni_max{",
        "awscni_eni_max{a",
        "awscni_eni_max{a=",
        "awscni_eni_max{a=\"b",
        "awscni_eni_max{a=\"b\\",
        "awscni_eni_max{a=\"b\"",
        "awscni_eni_max{,,} 3",
      })
  void ignoresInvalidLines(String line) {
    assertThat(IpamdPage.read(line + "\nawscni_eni_allocated 1\n"))
        .containsExactly(new ScrapedSample("eksnet_ipamd_enis", Map.of("state", "allocated"), 1));
  }

  @Test
  void sanitizesAndTruncatesLabelValues() {
    var page =
        "awscni_aws_api_error_count{api=\"a\\nb\\\"<c>\",error=\"%s\"} 1\n"
            .formatted("x".repeat(500));

    assertThat(IpamdPage.read(page)).containsExactly(apiError("a_b__c_", "x".repeat(64), 1));
  }

  @Test
  void limitsTheNumberOfSeries() {
    var page = new StringBuilder();
    for (var i = 0; i < 10_000; i++) {
      page.append("awscni_aws_api_error_count{api=\"A").append(i).append("\",error=\"E\"} 1\n");
    }

    assertThat(IpamdPage.read(page.toString())).hasSize(128);
  }

  private static ScrapedSample apiError(String api, String error, double value) {
    return new ScrapedSample(
        "eksnet_ipamd_aws_api_error_total", Map.of("api", api, "error", error), value);
  }

  private static ScrapedSample exceeded(String device, String kind, double value) {
    return new ScrapedSample(
        "eksnet_ena_allowance_exceeded_total", Map.of("device", device, "kind", kind), value);
  }
}
