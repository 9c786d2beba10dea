package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.dashboards.Dashboards.Rule;
import io.eksnet.model.diagnosis.Layer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, times and labels of the alerts: the contract with users who route them. */
class AlertsTest {
  private static final String RUNBOOKS =
      "https://github.com/eksnet/eksnet/blob/main/dashboards/runbooks/";
  private static final String GRAFANA = "https://grafana.example.com/d/";
  private static final Pattern BOARD = Pattern.compile("/d/|\\?");

  /** A division by a series, or a recorded ratio. */
  private static final Pattern RATIO = Pattern.compile("(?m)^ *\\/(?: |$)|:ratio\\b|:ratio_rate");

  private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");
  private static final Set<String> LAYERS =
      Arrays.stream(Layer.values()).map(Layer::label).collect(Collectors.toSet());

  @ParameterizedTest
  @CsvSource({
    "EksNetCoreDnsNoReadyBackends, 1m, critical, dns",
    "EksNetClusterDnsDown, 1m, critical, dns",
    "EksNetNodeDnsFailing, 2m, warning, dns",
    "EksNetCoreDnsBackendBroken, 3m, warning, dns",
    "EksNetVpcResolverFailing, 2m, critical, dns",
    "EksNetLinkLocalThrottled, 0s, warning, dns",
    "EksNetDnsSlow, 10m, warning, dns",
    "EksNetDnsLostPackets, 10m, warning, dns",
    "EksNetDnsTcpBroken, 5m, warning, dns",
    "EksNetWrongNameserver, 5m, warning, dns",
    "EksNetStsUnreachable, 2m, critical, credentials",
    "EksNetAwsApiUnreachable, 5m, warning, l4",
    "EksNetEndpointDnsNotPrivate, 10m, warning, dns",
    "EksNetPodIdentityAgentDown, 3m, warning, credentials",
    "EksNetCredentialsFailing, 3m, warning, credentials",
    "EksNetSubnetIpLow, 15m, warning, l3",
    "EksNetSubnetIpExhausted, 5m, critical, l3",
    "EksNetSubnetIpExhaustionPredicted, 30m, warning, l3",
    "EksNetSubnetNoPrefixBlocks, 5m, critical, l3",
    "EksNetLbSubnetTooFewIps, 5m, warning, l3",
    "EksNetPodSandboxNoIp, 3m, warning, l3",
    "EksNetIpamdPoolEmpty, 3m, warning, l3",
    "EksNetIpamdDown, 3m, warning, l3",
    "EksNetNodePodSlotsFull, 5m, warning, cluster",
    "EksNetAzPartitioned, 2m, critical, l3",
    "EksNetServiceProbeFailing, 3m, warning, l4",
    "EksNetPathSlow, 10m, warning, l4",
    "EksNetLbSubnetsNotDiscoverable, 5m, warning, cluster",
    "EksNetIngressReconcileFailing, 5m, warning, cluster",
    "EksNetWebhookUnreachable, 5m, warning, cluster",
    "EksNetIngressNoAddress, 1m, warning, cluster",
    "EksNetLbNotActive, 5m, warning, l7",
    "EksNetLbProvisioningStuck, 15m, warning, l7",
    "EksNetSgPathBlocked, 2m, critical, l4",
    "EksNetTargetGroupAllUnhealthy, 1m, critical, l7",
    "EksNetTargetGroupDegraded, 5m, warning, l7",
    "EksNetTargetGroupEmpty, 5m, warning, l7",
    "EksNetTargetsStuckInitial, 10m, warning, l7",
    "EksNetLbProbe5xx, 3m, warning, l7",
    "EksNetLbAddressFailing, 5m, warning, l7",
    "EksNetLbProbeUnreachable, 3m, critical, l4",
    "EksNetIngressDnsMismatch, 15m, warning, dns",
    "EksNetNodeClassNotReady, 5m, warning, cluster",
    "EksNetNodeClassUnrenderedTemplate, 1m, warning, cluster",
    "EksNetNodesNotReady, 1m, warning, cluster",
    "EksNetComponentCrashLoop, 5m, warning, cluster",
    "EksNetPodsUnschedulable, 15m, warning, cluster",
    "EksNetClusterHealthIssue, 10m, warning, cluster",
    "EksNetAddonHealthIssue, 10m, warning, cluster",
    "EksNetExtendedSupportAhead, 1h, info, cluster",
    "EksNetAgentMissing, 10m, warning, prober",
    "EksNetNoData, 5m, critical, prober",
    "EksNetAwsApiDenied, 5m, warning, prober",
    "EksNetAwsApiThrottled, 10m, info, prober",
    "EksNetPollStale, 2m, warning, prober",
    "EksNetWatchdog, '', none, prober",
    "EksNetProbeFailing, 5m, warning, l7",
    "EksNetProbesNotRun, 10m, warning, prober",
    "EksNetTargetNotProbed, 5m, warning, prober",
    "EksNetScheduleLagging, 10m, warning, prober",
    "EksNetConfigReloadFailed, 5m, warning, prober",
    "EksNetDiagnosis, 15m, warning, ''",
  })
  void alertsFollowTheContract(String name, String hold, String severity, String layer)
      throws Exception {
    var alert = only(name);

    assertThat(alert.hold()).isEqualTo(hold);
    assertThat(alert.labels()).containsEntry("severity", severity);
    assertThat(alert.labels().getOrDefault("layer", "")).isEqualTo(layer);
  }

  @ParameterizedTest
  @CsvSource({
    "EksNetCoreDnsUnschedulable, critical 3m, warning 3m, dns",
    "EksNetNodePartitioned, warning 2m, critical 2m, l3",
    "EksNetConntrackExceeded, warning 5m, critical 5m, l4",
    "EksNetCertificateExpiring, warning 1h, critical 15m, l7",
  })
  void isCriticalOnlyWhenUsersAreAffected(String name, String first, String second, String layer)
      throws Exception {
    var rules = Dashboards.alerts().stream().filter(named(name)).toList();

    assertThat(rules)
        .extracting(rule -> rule.labels().get("severity") + " " + rule.hold())
        .containsExactly(first, second);
    assertThat(rules).allSatisfy(r -> assertThat(r.labels()).containsEntry("layer", layer));
  }

  /** A ratio moves around its threshold: without this, each crossing is a new notification. */
  @Test
  void alertsOnRatiosKeepFiring() throws Exception {
    assertThat(Dashboards.alerts())
        .filteredOn(rule -> RATIO.matcher(rule.expr()).find())
        .hasSizeGreaterThan(20)
        .allSatisfy(rule -> assertThat(rule.keepFiringFor()).as("%s", rule.alert()).isNotEmpty());
  }

  @ParameterizedTest
  @CsvSource({"EksNetDnsErrorBudgetBurn, dns", "EksNetLbErrorBudgetBurn, l7"})
  void anErrorBudgetHasFourRates(String name, String layer) throws Exception {
    var rates = Dashboards.alerts().stream().filter(named(name)).toList();

    assertThat(rates)
        .extracting(r -> r.labels().get("severity") + " " + r.labels().get("long") + " " + r.hold())
        .containsExactly("critical 1h 2m", "critical 6h 15m", "warning 1d 1h", "warning 3d 3h");
    assertThat(rates).allSatisfy(r -> assertThat(r.labels()).containsEntry("layer", layer));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void alertHasSummaryAndLinks(String name) throws Exception {
    for (var alert : Dashboards.alerts().stream().filter(named(name)).toList()) {
      assertThat(alert.labels().getOrDefault("layer", "dns")).isIn(LAYERS);
      assertThat(alert.annotations())
          .containsEntry("runbook_url", RUNBOOKS + name + ".md")
          .containsKey("description");
      assertThat(alert.annotations().get("dashboard_url"))
          .startsWith(GRAFANA)
          .satisfies(url -> assertThat(boards()).contains(BOARD.split(url)[1]));
      assertThat(alert.annotations().get("summary")).doesNotContain("$value").endsWith(".");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void summaryNamesTheClusterAndTextsUseLabelsOfTheAlert(String name) throws Exception {
    var recordings = Dashboards.recordings();
    for (var alert : Dashboards.alerts().stream().filter(named(name)).toList()) {
      if (!name.equals("EksNetWatchdog")) {
        assertThat(alert.annotations().get("summary")).contains("$labels.cluster }}");
      }
      for (var text : alert.annotations().values()) {
        assertThat(LABEL.matcher(text).results().map(label -> label.group(1)))
            .as(text)
            .allMatch(
                label ->
                    alert.labels().containsKey(label) || hasLabel(alert.expr(), label, recordings));
      }
    }
  }

  @Test
  void theLayerOfADiagnosisIsThatOfItsFinding() throws Exception {
    assertThat(only("EksNetDiagnosis").expr()).contains("by (cluster, cause, layer, scope,");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void anAlertHasATestThatFiresAndOneThatIsSilent(String name) throws Exception {
    var firing = "ALERTS{alertname=\"%s\", alertstate=\"firing\"".formatted(name);
    var fires = 0;
    var silent = 0;
    for (var file : Dashboards.files("tests", ".yaml")) {
      for (var test : Dashboards.maps(Dashboards.yaml(file).get("tests"))) {
        for (var check : Dashboards.maps(test.getOrDefault("promql_expr_test", List.of()))) {
          if (((String) check.get("expr")).contains(firing)) {
            var expected = check.containsKey("exp_samples");
            fires += expected && hasCase(test, name, "fires") ? 1 : 0;
            silent += !expected && hasCase(test, name, "silent") ? 1 : 0;
          }
        }
      }
    }
    assertThat(fires).as("cases that fire").isPositive();
    assertThat(silent).as("cases that stay silent").isPositive();
  }

  /** The uid of each dashboard. */
  private static Set<String> boards() throws IOException {
    var uids = new TreeSet<String>();
    for (var file : Dashboards.files("grafana", ".json")) {
      uids.add(new JsonObject(Files.readString(file)).getString("uid"));
    }
    return uids;
  }

  /** A recorded series has the labels of its own expression. */
  private static boolean hasLabel(String expression, String label, List<Rule> recordings) {
    return Pattern.compile("\\bby \\([^)]*\\b" + label + "\\b").matcher(expression).find()
        || expression.contains("\"" + label + "\", \"")
        || recordings.stream()
            .filter(recording -> expression.contains(recording.record().orElseThrow()))
            .anyMatch(recording -> hasLabel(recording.expr(), label, recordings));
  }

  private static boolean hasCase(Map<String, Object> test, String name, String what) {
    return ((String) test.get("name")).startsWith(name + " " + what + ": ");
  }

  private static Rule only(String name) throws IOException {
    var found = Dashboards.alerts().stream().filter(named(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Predicate<Rule> named(String name) {
    return rule -> rule.alert().filter(name::equals).isPresent();
  }

  private static Stream<String> names() throws IOException {
    return new TreeSet<>(Dashboards.alerts().stream().flatMap(r -> r.alert().stream()).toList())
        .stream();
  }
}
