package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The rules that the chart packs, and what its values make of them. */
class RulesTest {
  private static final Path SOURCES = Path.of("../../dashboards");

  @Test
  void theyAreThoseOfTheirFiles() throws IOException {
    assertThat(groups("--set", "prometheusRule.dashboardUrl=https://grafana.example.com/"))
        .isEqualTo(written(true))
        .isNotEmpty();
  }

  @Test
  void withoutAGrafanaNoAlertLeadsToOne() throws IOException {
    assertThat(groups()).isEqualTo(written(false));
  }

  @Test
  void alertsLeadWhereRunbooksAndDashboardsAre() {
    var alert =
        PackedRules.named(
                Helm.objects(
                    PackedRules.STACK,
                    "--set",
                    "prometheusRule.runbookUrl=https://wiki.internal/net/",
                    "--set",
                    "prometheusRule.dashboardUrl=https://grafana.internal",
                    "--set",
                    "web.externalUrl=https://eksnet.internal/"),
                "EksNetDnsSlow")
            .get(0)
            .path("annotations");

    assertThat(alert.path("runbook_url").asText())
        .isEqualTo("https://wiki.internal/net/EksNetDnsSlow.md");
    assertThat(alert.path("dashboard_url").asText())
        .isEqualTo(
            "https://grafana.internal/d/eksnet-dns?var-cluster={{ $labels.cluster | urlquery }}");
    assertThat(alert.path("incident_url").asText()).isEqualTo("https://eksnet.internal/incidents");
  }

  @Test
  void alertsLeadToTheRunbooksOfTheInstalledVersion() {
    var alert = PackedRules.named(Helm.objects(PackedRules.STACK), "EksNetDnsSlow").get(0);

    assertThat(alert.at("/annotations/runbook_url").asText())
        .isEqualTo(
            "https://github.com/eksnet/eksnet/blob/v%s/dashboards/runbooks/EksNetDnsSlow.md"
                .formatted(Helm.appVersion()));
  }

  @Test
  void withoutUrlOfTheStatusPageAlertsGiveTheCommand() {
    var alert =
        PackedRules.named(
                Helm.objects(PackedRules.STACK, "--namespace", "net", "--set", "web.tls=true"),
                "EksNetDnsSlow")
            .get(0)
            .path("annotations");

    assertThat(alert.has("incident_url")).isFalse();
    assertThat(alert.path("incident_command").asText())
        .isEqualTo(
            "kubectl -n net port-forward service/eksnet-controller 9853"
                + "    # then https://localhost:9853/incidents");
  }

  @Test
  void anAlertCanBeSetOtherwiseOrLeftOut() {
    var objects =
        Helm.objects(
            PackedRules.STACK,
            "--set-json",
            "prometheusRule.overrides={\"EksNetSubnetIpLow\":{\"for\":\"1h\",\"severity\":\"info\","
                + "\"annotations\":{\"summary\":\"Ask Ann.\",\"team\":\"net\"}}}",
            "--set-json",
            "prometheusRule.disabled=[\"EksNetWatchdog\"]");

    assertThat(PackedRules.named(objects, "EksNetSubnetIpLow"))
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.path("for").asText()).isEqualTo("1h");
              assertThat(rule.at("/labels/severity").asText()).isEqualTo("info");
              assertThat(rule.at("/labels/layer").asText()).isEqualTo("l3");
              assertThat(rule.at("/annotations/summary").asText()).isEqualTo("Ask Ann.");
              assertThat(rule.at("/annotations/team").asText()).isEqualTo("net");
              assertThat(rule.at("/annotations/description").asText()).contains("$value");
            });
    assertThat(PackedRules.named(objects, "EksNetWatchdog")).isEmpty();
  }

  private static Map<String, JsonNode> groups(String... more) {
    var packed = new TreeMap<String, JsonNode>();
    for (var rule : PackedRules.of(Helm.objects(PackedRules.STACK, more)).toList()) {
      var groups = rule.at("/spec/groups").<JsonNode>deepCopy();
      groups
          .findParents("incident_command")
          .forEach(annotations -> ((ObjectNode) annotations).remove("incident_command"));
      packed.put(rule.name(), groups);
    }
    return packed;
  }

  private static Map<String, JsonNode> written(boolean withDashboards) throws IOException {
    var written = new TreeMap<String, JsonNode>();
    for (var folder : List.of("alerts", "rules")) {
      try (var files = Files.list(SOURCES.resolve(folder))) {
        for (var file : files.toList()) {
          var groups =
              Helm.parse(
                      Files.readString(file)
                          .replace("/blob/main/", "/blob/v%s/".formatted(Helm.appVersion())))
                  .get(0)
                  .at("/groups");
          if (!withDashboards) {
            groups
                .findParents("dashboard_url")
                .forEach(annotations -> ((ObjectNode) annotations).remove("dashboard_url"));
          }
          var name = file.getFileName().toString().replace(".yaml", "");
          written.put("eksnet-" + folder + "-" + name, groups);
        }
      }
    }
    return written;
  }
}
