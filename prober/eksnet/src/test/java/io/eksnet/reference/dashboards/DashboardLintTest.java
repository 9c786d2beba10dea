package io.eksnet.reference.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of Grafana's dashboard-linter, and rules of eksnet. */
class DashboardLintTest {
  private static final Path RUNBOOKS = Path.of("../../dashboards/runbooks");
  private static final Set<String> CURRENT_TYPES =
      Set.of("stat", "timeseries", "table", "state-timeline", "heatmap");
  private static final Set<String> UNITS =
      Set.of(
          "short",
          "percentunit",
          "s",
          "dtdurations",
          "bytes",
          "cps",
          "reqps",
          "pps",
          "dateTimeFromNow",
          "string");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
  private static final Pattern RUNBOOK = Pattern.compile("runbooks/(EksNet\\w+)\\.md");

  static Stream<JsonObject> dashboards() {
    return DashboardFiles.dashboards().stream();
  }

  @Test
  void uidsAreStable() {
    assertThat(DashboardFiles.dashboards())
        .extracting(dashboard -> dashboard.getString("uid"))
        .containsExactlyInAnyOrder(
            "eksnet-overview",
            "eksnet-dns",
            "eksnet-services",
            "eksnet-load-balancers",
            "eksnet-subnets",
            "eksnet-prober");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void isTaggedReadOnlyAndInUtc(JsonObject dashboard) {
    assertThat(dashboard.getString("title")).startsWith("eksnet / ");
    assertThat(dashboard.getString("description")).endsWith(".");
    assertThat(dashboard.getJsonArray("tags")).contains("eksnet");
    assertThat(dashboard.getInteger("schemaVersion")).isGreaterThanOrEqualTo(41);
    assertThat(dashboard.getBoolean("editable")).isFalse();
    assertThat(dashboard.getString("timezone")).isEqualTo("utc");
    assertThat(dashboard.containsKey("id")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void usesTheSelectedDatasourceOnly(JsonObject dashboard) {
    var first = variables(dashboard).get(0);
    assertThat(first.getString("type")).isEqualTo("datasource");
    assertThat(first.getString("name")).isEqualTo("datasource");
    assertThat(first.getString("label")).isEqualTo("Data source");
    assertThat(first.getString("query")).isEqualTo("prometheus");
    assertThat(uids(dashboard)).containsOnly("${datasource}", "-- Grafana --");
  }

  private static List<String> uids(JsonObject dashboard) {
    return Pattern.compile("\"datasource\":\\{\"type\":\"\\w+\",\"uid\":\"([^\"]*)\"")
        .matcher(dashboard.encode())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void variablesReloadWhenTheTimeRangeChanges(JsonObject dashboard) {
    var variables = variables(dashboard);
    assertThat(variables)
        .extracting(variable -> variable.getString("name"))
        .startsWith("datasource", "cluster", "zone", "node");
    assertThat(variables)
        .filteredOn(variable -> variable.getString("type").equals("query"))
        .allSatisfy(
            variable -> {
              assertThat(variable.getInteger("refresh")).isEqualTo(2);
              assertThat(variable.getString("label")).isNotBlank();
              if (!variable.getString("name").equals("cluster")) {
                assertThat(variable.getString("definition"))
                    .matches("label_values\\(eksnet_\\w+(\\{.*})?, \\w+\\)");
              }
              assertThat(variable.getString("allValue"))
                  .isEqualTo(variable.getBoolean("multi") ? ".*" : null);
            });
  }

  /** A cluster from which nothing is scraped has no series now, and must stay in the menu. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void menuKeepsClustersWithoutAgents(JsonObject dashboard) {
    var cluster = variables(dashboard).get(1);

    assertThat(cluster.getJsonObject("query").getString("query"))
        .startsWith("query_result(")
        .contains("last_over_time(cluster:eksnet_tasks:sum[7d])");
    assertThat("{cluster=\"prod-1\"} 1 1764513600000")
        .containsPattern(cluster.getString("regex").replaceAll("^/|/$", ""));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void queriesUseExactlyTheDeclaredVariables(JsonObject dashboard) {
    var names = new HashSet<String>();
    variables(dashboard).forEach(variable -> names.add(variable.getString("name")));
    var used = new HashSet<String>();
    DashboardFiles.queries(dashboard)
        .map(DashboardFiles.Asked::expr)
        .flatMap(expr -> VARIABLE.matcher(expr).results())
        .map(found -> found.group(1))
        .filter(name -> !name.startsWith("__"))
        .forEach(used::add);
    used.add("datasource");

    assertThat(used).isEqualTo(names);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelHasDescriptionAndUnit(JsonObject dashboard) {
    assertThat(DashboardFiles.panels(dashboard))
        .isNotEmpty()
        .allSatisfy(
            panel -> {
              assertThat(panel.getString("title")).isNotBlank();
              assertThat(panel.getString("description")).hasSizeGreaterThan(20).endsWith(".");
              assertThat(panel.getString("type")).isIn(CURRENT_TYPES);
              assertThat(panel.getJsonArray("targets")).isNotEmpty();
              assertThat(
                      panel
                          .getJsonObject("fieldConfig")
                          .getJsonObject("defaults")
                          .getString("unit"))
                  .isIn(UNITS);
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelIdsAndTitlesWithinARowAreUnique(JsonObject dashboard) {
    var ids = new HashSet<Integer>();
    var titles = new HashSet<String>();
    for (var panel : DashboardFiles.all(dashboard).toList()) {
      assertThat(ids.add(panel.getInteger("id"))).isTrue();
      if (panel.getString("type").equals("row")) {
        titles.clear();
      } else {
        assertThat(titles.add(panel.getString("title"))).as(panel.getString("title")).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsFillTheGridAndDoNotOverlap(JsonObject dashboard) {
    var taken = new HashSet<List<Integer>>();
    int bottom = 0;
    for (var panel : DashboardFiles.all(dashboard).toList()) {
      var at = panel.getJsonObject("gridPos");
      for (int x = at.getInteger("x"); x < at.getInteger("x") + at.getInteger("w"); x++) {
        assertThat(x).isBetween(0, 23);
        for (int y = at.getInteger("y"); y < at.getInteger("y") + at.getInteger("h"); y++) {
          assertThat(taken.add(List.of(x, y))).as(panel.getString("title")).isTrue();
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    assertThat(taken).as("no holes").hasSize(24 * bottom);
  }

  /** At 38 pixels per grid row, about 24 rows are on a screen of 1080 pixels. */
  @Test
  void overviewIsOnOneScreen() {
    var overview =
        dashboards()
            .filter(dashboard -> dashboard.getString("uid").equals("eksnet-overview"))
            .findFirst()
            .orElseThrow();
    var open =
        DashboardFiles.objects(overview.getJsonArray("panels"))
            .filter(panel -> !panel.getString("type").equals("row"))
            .mapToInt(
                panel ->
                    panel.getJsonObject("gridPos").getInteger("y")
                        + panel.getJsonObject("gridPos").getInteger("h"))
            .max();

    assertThat(open.orElseThrow()).isLessThanOrEqualTo(22);
    assertThat(DashboardFiles.objects(overview.getJsonArray("panels")))
        .filteredOn(panel -> panel.getString("type").equals("row"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.getBoolean("collapsed")).isTrue());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void annotatesFindings(JsonObject dashboard) {
    assertThat(DashboardFiles.objects(dashboard.getJsonObject("annotations").getJsonArray("list")))
        .filteredOn(annotation -> annotation.getString("name").equals("Findings"))
        .singleElement()
        .satisfies(
            annotation -> {
              assertThat(annotation.getBoolean("enable")).isTrue();
              assertThat(annotation.getString("expr")).contains("eksnet_diagnosis_active");
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void linkedDashboardsExist(JsonObject dashboard) {
    assertThat(Pattern.compile("/d/([\\w-]+)").matcher(dashboard.encode()).results())
        .extracting(found -> found.group(1))
        .isSubsetOf(dashboards().map(each -> each.getString("uid")).toList());
    assertThat(dashboard.getJsonArray("links").getJsonObject(0).getJsonArray("tags"))
        .isEqualTo(JsonArray.of("eksnet"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void linksToRunbooks(JsonObject dashboard) {
    assertThat(runbooks(dashboard)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void linkedRunbooksExist(JsonObject dashboard) {
    assertThat(runbooks(dashboard))
        .allMatch(alert -> Files.exists(RUNBOOKS.resolve(alert + ".md")));
  }

  private static Set<String> runbooks(JsonObject dashboard) {
    var alerts = new HashSet<String>();
    RUNBOOK.matcher(dashboard.encode()).results().forEach(found -> alerts.add(found.group(1)));
    return alerts;
  }

  private static List<JsonObject> variables(JsonObject dashboard) {
    return DashboardFiles.objects(dashboard.getJsonObject("templating").getJsonArray("list"))
        .toList();
  }
}
