package io.eksnet.reference.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertsPageTest {
  private static final RuleFile ALERTS =
      RuleFile.of(
          "dns.yaml",
          """
          # Cluster DNS:
          # what fails.
          groups:
            - name: a
              rules:
                # 14 times
                - alert: EksNetBurn
                  expr: |
                    cluster:eksnet_dns_failures:ratio_rate5m > 0.5
                    and sum(rate(eksnet_dns_probe_total[5m])) > 0
                    unless sum(rate(eksnet_dns_probe_total[1h])) > 0
                  for: 2m
                  labels: {severity: critical, layer: dns, long: 1h, short: 5m}
                  annotations:
                    summary: '{{ with $labels.node }}Node {{ . }}{{ else }}A node{{ end }} burns {{ $labels.budget }}.'
                    findings: &findings x
            - name: b
              rules:
                - alert: EksNetWatchdog
                  expr: vector(1)
                  labels: {severity: none}
                  annotations: {summary: It works., findings: *findings}
          """);
  private static final RuleFile RECORDINGS =
      RuleFile.of(
          "slo.yaml",
          """
          groups:
            - name: slo
              rules:
                - record: cluster:eksnet_dns_failures:ratio_rate5m
                  expr: sum by (cluster) (rate(eksnet_dns_probe_total[5m]))
          """);
  private static final List<Threshold> THRESHOLDS =
      Threshold.of(
          YamlPath.of(
              """
              failureRatio: {number: "0.5", in: {EksNetBurn: ["> 0.5"], EksNetOther: ["> 0.5"]}}
              otherRatio: {number: "7", in: {EksNetOther: ["> 7"]}}
              """));
  private static final List<InhibitRule> MUTES =
      InhibitRule.of(
          YamlPath.of(
              """
              inhibit_rules:
                - source_matchers: ['alertname=~"EksNetOne|EksNetTwo"']
                  target_matchers: ['alertname="EksNetBurn"', 'stage=~"dns|tcp"']
                  equal: [cluster, node]
              """));

  private static final String PAGE =
      AlertsPage.markdown(new Monitoring(List.of(ALERTS), List.of(RECORDINGS), THRESHOLDS, MUTES));

  @Test
  void anAlertStandsWithItsRunbookItsThresholdsAndWhatItIsMadeOf() {
    assertThat(PAGE)
        .contains(
            "## [dns.yaml](../../dashboards/alerts/dns.yaml)\n\nCluster DNS: what fails.\n\n",
            "| [EksNetBurn](../../dashboards/runbooks/EksNetBurn.md) | critical | dns | 2m | Node"
                + " *node* burns *budget*. `long=\"1h\"` `short=\"5m\"` | `failureRatio: 0.5` |"
                + " `cluster:eksnet_dns_failures:ratio_rate5m`, `eksnet_dns_probe_total` |\n",
            "| [EksNetWatchdog](../../dashboards/runbooks/EksNetWatchdog.md) | none | – | – | It works. |"
                + " – | – |\n");
  }

  @Test
  void whatIsRecordedNamesItsFileAndItsSeries() {
    assertThat(PAGE)
        .contains(
            "| `cluster:eksnet_dns_failures:ratio_rate5m` |"
                + " [slo.yaml](../../dashboards/rules/slo.yaml) | `eksnet_dns_probe_total` |\n");
  }

  @Test
  void aMuteNamesAlertsAndWhatElseMustMatch() {
    assertThat(PAGE)
        .endsWith(
            "| `EksNetOne`, `EksNetTwo` | `EksNetBurn` with `stage=~\"dns\\|tcp\"` | `cluster`, `node`"
                + " |\n");
  }

  @Test
  void theFilesOfThisRepositoryAreReadWhole() throws Exception {
    var real = Monitoring.read(Path.of("../../dashboards"), Path.of("../../k8s/helm/eksnet"));
    var alerts = real.alerts().stream().flatMap(file -> file.rules().stream()).toList();

    assertThat(real.alerts()).allSatisfy(file -> assertThat(file.about()).isNotEmpty());
    assertThat(alerts)
        .hasSizeGreaterThan(60)
        .allSatisfy(alert -> assertThat(alert.summary()).as(alert.name()).isNotEmpty())
        .filteredOn(alert -> alert.series().isEmpty())
        .extracting(Rule::name)
        .containsExactly("EksNetWatchdog");
    assertThat(real.recordings())
        .allSatisfy(file -> assertThat(file.rules()).isNotEmpty())
        .flatExtracting(RuleFile::rules)
        .allSatisfy(rule -> assertThat(rule.series()).as(rule.name()).isNotEmpty());
    assertThat(real.thresholds())
        .isNotEmpty()
        .allSatisfy(
            threshold ->
                assertThat(alerts)
                    .extracting(Rule::name)
                    .as(threshold.name())
                    .containsAll(threshold.alerts()))
        .allSatisfy(threshold -> assertThat(threshold.alerts()).as(threshold.name()).isNotEmpty());
    assertThat(real.mutes())
        .isNotEmpty()
        .allSatisfy(mute -> assertThat(mute.sources()).isNotEmpty())
        .allSatisfy(mute -> assertThat(mute.targets()).isNotEmpty());
  }
}
