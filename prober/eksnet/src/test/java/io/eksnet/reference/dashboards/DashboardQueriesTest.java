package io.eksnet.reference.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.Catalogue;
import io.eksnet.model.Cause;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.reference.dashboards.DashboardFiles.Asked;
import io.eksnet.reference.dashboards.PromQlSelectors.Selector;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of dashboards are valid PromQL and use metrics and labels that exist. */
class DashboardQueriesTest {
  private static final Map<String, Set<String>> DECLARED = Declared.labelsByName();
  private static final Pattern RANGES =
      Pattern.compile("\\b(rate|irate|increase)\\([^\\[]*\\[([^\\]]*)]");

  @Test
  void promtoolAcceptsEveryQuery(@TempDir Path directory) throws Exception {
    var asked = DashboardFiles.queries();
    var rules =
        new JsonArray(
            IntStream.range(0, asked.size()).mapToObj(i -> rule(i, asked.get(i))).toList());
    var group = JsonObject.of("name", "dashboards", "rules", rules);
    var file =
        Files.writeString(
            directory.resolve("rules.yaml"), JsonObject.of("groups", JsonArray.of(group)).encode());

    var promtool =
        new ProcessBuilder("promtool", "check", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(promtool.getInputStream().readAllBytes(), UTF_8);

    assertThat(promtool.waitFor()).as(output).isZero();
    assertThat(output).contains("SUCCESS: " + asked.size() + " rules found");
  }

  private static JsonObject rule(int number, Asked asked) {
    return JsonObject.of(
        "record", "query:" + number, "expr", asked.with(Map.of("cluster", "demo")));
  }

  @Test
  void everyMetricIsDeclared() {
    assertThat(DashboardFiles.queries())
        .allSatisfy(
            asked ->
                assertThat(DECLARED.keySet()).containsAll(PromQlSelectors.metrics(asked.expr())));
  }

  @Test
  void everyMatcherUsesALabelOfItsMetric() {
    assertThat(DashboardFiles.queries())
        .allSatisfy(
            asked ->
                assertThat(PromQlSelectors.selectors(asked.expr()))
                    .allSatisfy(
                        selector ->
                            assertThat(DECLARED.getOrDefault(selector.metric(), Set.of()))
                                .containsAll(
                                    selector.labels().stream()
                                        .map(PromQlSelectors.Matcher::label)
                                        .toList())));
  }

  @Test
  void legendsAndGroupingsUseLabelsOfTheQueriedMetrics() {
    for (var dashboard : DashboardFiles.dashboards()) {
      for (var panel : DashboardFiles.panels(dashboard)) {
        for (var target : DashboardFiles.objects(panel.getJsonArray("targets")).toList()) {
          var expr = target.getString("expr");
          var known =
              PromQlSelectors.metrics(expr).stream()
                  .flatMap(metric -> DECLARED.getOrDefault(metric, Set.of()).stream())
                  .collect(toSet());
          assertThat(known)
              .as(panel.getString("title"))
              .containsAll(PromQlSelectors.groupings(expr))
              .containsAll(labelsOf(target.getString("legendFormat")));
          assertThat(PromQlSelectors.groupings(expr))
              .as("legend of " + panel.getString("title"))
              .containsAll(labelsOf(target.getString("legendFormat")));
        }
      }
    }
  }

  private static List<String> labelsOf(String legend) {
    return Pattern.compile("\\{\\{(\\w+)}}")
        .matcher(legend)
        .results()
        .map(r -> r.group(1))
        .toList();
  }

  @Test
  void tableColumnsAreGroupingLabelsOrQueryValues() {
    for (var dashboard : DashboardFiles.dashboards()) {
      for (var panel : DashboardFiles.panels(dashboard)) {
        if (panel.getString("type").equals("table")) {
          assertThat(columns(panel))
              .as(panel.getString("title"))
              .isNotEmpty()
              .isSubsetOf(fields(panel));
        }
      }
    }
  }

  /** The fields that the transformations of a table show as columns, or group by. */
  private static Set<String> columns(JsonObject table) {
    return DashboardFiles.objects(table.getJsonArray("transformations"))
        .map(transformation -> transformation.getJsonObject("options"))
        .flatMap(
            options ->
                Stream.concat(
                    options.getJsonObject("indexByName", new JsonObject()).fieldNames().stream(),
                    Stream.of("rowField", "columnField", "valueField")
                        .filter(options::containsKey)
                        .map(options::getString)))
        .collect(toSet());
  }

  /** The fields that the queries of a table return: labels, and one value per query. */
  private static Set<String> fields(JsonObject table) {
    var targets = DashboardFiles.objects(table.getJsonArray("targets")).toList();
    var labels =
        targets.stream()
            .flatMap(target -> PromQlSelectors.groupings(target.getString("expr")).stream());
    var values =
        targets.stream()
            .map(target -> targets.size() == 1 ? "Value" : "Value #" + target.getString("refId"));
    return Stream.concat(labels, values).collect(toSet());
  }

  @Test
  void everyTableColumnHasAnOverride() {
    for (var dashboard : DashboardFiles.dashboards()) {
      for (var panel : DashboardFiles.panels(dashboard)) {
        DashboardFiles.objects(panel.getJsonArray("transformations", new JsonArray()))
            .filter(transformation -> transformation.getString("id").equals("organize"))
            .map(transformation -> transformation.getJsonObject("options"))
            .forEach(
                options ->
                    assertThat(
                            DashboardFiles.objects(
                                    panel.getJsonObject("fieldConfig").getJsonArray("overrides"))
                                .map(override -> override.getJsonObject("matcher"))
                                .map(matcher -> matcher.getString("options")))
                        .as(panel.getString("title"))
                        .containsExactlyInAnyOrderElementsOf(
                            options.getJsonObject("renameByName").stream()
                                .map(renamed -> (String) renamed.getValue())
                                .toList()));
      }
    }
  }

  @Test
  void everySelectorMatchesTheClusterUnlessGroupedByCluster() {
    assertThat(DashboardFiles.queries())
        .filteredOn(asked -> !PromQlSelectors.groupings(asked.expr()).contains("cluster"))
        .allSatisfy(
            asked -> {
              assertThat(PromQlSelectors.bare(asked.expr())).isEmpty();
              assertThat(PromQlSelectors.selectors(asked.expr()))
                  .extracting(Selector::matchers)
                  .allMatch(
                      matchers ->
                          matchers.contains("cluster=\"$cluster\"")
                              || matchers.contains("cluster=~\"$cluster|\""));
            });
  }

  @Test
  void noQueryMatchesOnJob() {
    assertThat(DashboardFiles.queries()).noneMatch(asked -> asked.expr().contains("job"));
  }

  @Test
  void countersUseTheRateInterval() {
    var counters =
        Catalogue.all().stream()
            .filter(metric -> metric.type() == MetricSpec.Type.COUNTER)
            .map(MetricSpec::name)
            .collect(toSet());

    assertThat(DashboardFiles.queries())
        .allSatisfy(
            asked -> {
              assertThat(RANGES.matcher(asked.expr()).results().map(r -> r.group(2)))
                  .allMatch("$__rate_interval"::equals);
              var unrated = RANGES.matcher(asked.expr()).replaceAll("");
              assertThat(PromQlSelectors.metrics(unrated)).doesNotContainAnyElementsOf(counters);
            });
  }

  @Test
  void outcomesAndLayersExist() {
    var outcomes =
        Stream.concat(
                Stream.of(Cause.values()).map(Cause::label), Stream.of("success", "not_run", "ok"))
            .collect(toSet());
    var layers = Stream.of(Layer.values()).map(Layer::label).collect(toSet());

    assertThat(DashboardFiles.queries())
        .flatExtracting(asked -> PromQlSelectors.selectors(asked.expr()))
        .flatExtracting(Selector::labels)
        .allSatisfy(
            matcher -> {
              if (matcher.label().equals("outcome")) {
                assertThat(outcomes).containsAll(List.of(matcher.value().split("\\|", -1)));
              } else if (matcher.label().equals("layer")) {
                assertThat(layers).contains(matcher.value());
              }
            });
  }

  @Test
  void overviewShowsEveryLayer() {
    var shown =
        DashboardFiles.queries().stream()
            .filter(asked -> asked.panel().equals("Layers"))
            .flatMap(asked -> PromQlSelectors.selectors(asked.expr()).stream())
            .flatMap(selector -> selector.labels().stream())
            .filter(matcher -> matcher.label().equals("layer"))
            .map(PromQlSelectors.Matcher::value);

    assertThat(shown)
        .containsExactlyElementsOf(Stream.of(Layer.values()).map(Layer::label).toList());
  }

  @Test
  void everyMetricIsOnADashboard() {
    var shown =
        DashboardFiles.queries().stream()
            .flatMap(asked -> PromQlSelectors.metrics(asked.expr()).stream())
            .collect(joining(" "));

    assertThat(Catalogue.all()).extracting(MetricSpec::name).allMatch(shown::contains);
  }
}
