package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.dashboards.Dashboards.Rule;
import io.eksnet.metrics.Catalogue;
import io.eksnet.model.MetricSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a rule or a runbook names is declared. */
class RuleNamesTest {
  /** {@code cluster} is of the config; {@code node} and {@code az} come from the scrape. */
  private static final Set<String> EVERYWHERE = Set.of("cluster", "node", "az", "instance", "le");

  private static final Map<String, List<String>> LABELS = labels();
  private static final Pattern METRIC =
      Pattern.compile("(?<![\\w:])(eksnet_[a-z0-9_]+)(?![\\w:])\\s*(?:\\{([^}]*)\\})?");
  private static final Pattern RECORD = Pattern.compile("(?<![\\w:])\\w+:eksnet_\\w+:\\w+");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final Pattern GROUPING =
      Pattern.compile("(?:\\bby|\\bon|group_left)\\s*\\(([a-z_0-9, ]*)\\)");

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void aRuleNamesDeclaredMetricsAndTheirLabels(String name, Rule rule) {
    var reachable = new HashSet<>(EVERYWHERE);
    var metrics = METRIC.matcher(rule.expr());
    while (metrics.find()) {
      var labels = LABELS.get(metrics.group(1));
      assertThat(labels).as(metrics.group(1)).isNotNull();
      reachable.addAll(labels);
      var matchers = MATCHER.matcher(metrics.group(2) == null ? "" : metrics.group(2));
      while (matchers.find()) {
        assertThat(matchers.group(1)).as(metrics.group()).matches(l -> has(labels, l));
      }
    }
    if (!RECORD.matcher(rule.expr()).find()) {
      var groupings = GROUPING.matcher(rule.expr());
      while (groupings.find()) {
        assertThat(names(groupings.group(1))).as(groupings.group()).isSubsetOf(reachable);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void aRuleNamesRecordedSeriesThatAreThere(String name, Rule rule) throws Exception {
    var recorded =
        Dashboards.recordings().stream()
            .flatMap(r -> r.record().stream())
            .collect(Collectors.toSet());

    assertThat(RECORD.matcher(rule.expr()).results().map(r -> r.group())).isSubsetOf(recorded);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void aRuleDropsNeitherTheClusterNorMixesClusters(String name, Rule rule) {
    var groupings = GROUPING.matcher(rule.expr());
    while (groupings.find()) {
      if (!groupings.group().startsWith("group_left") && !groupings.group(1).isEmpty()) {
        assertThat(names(groupings.group(1))).contains("cluster");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runbooks")
  void aRunbookNamesDeclaredMetrics(String name, String text) throws Exception {
    var metrics = METRIC.matcher(text);
    while (metrics.find()) {
      assertThat(LABELS).containsKey(metrics.group(1));
    }
    var recorded = Dashboards.recordings().stream().flatMap(r -> r.record().stream()).toList();
    assertThat(RECORD.matcher(text).results().map(r -> r.group())).isSubsetOf(recorded);
  }

  private static boolean has(List<String> labels, String label) {
    return labels.contains(label) || EVERYWHERE.contains(label);
  }

  private static List<String> names(String list) {
    return Stream.of(list.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static Map<String, List<String>> labels() {
    var labels = new HashMap<String, List<String>>();
    for (var spec : Catalogue.all()) {
      labels.put(spec.name(), spec.labels());
      if (spec.type() == MetricSpec.Type.HISTOGRAM || spec.type() == MetricSpec.Type.SUMMARY) {
        Stream.of("_bucket", "_count", "_sum")
            .forEach(end -> labels.put(spec.name() + end, spec.labels()));
      }
    }
    return labels;
  }

  private static Stream<Object[]> rules() throws IOException {
    return Stream.concat(Dashboards.alerts().stream(), Dashboards.recordings().stream())
        .map(rule -> new Object[] {rule.alert().or(rule::record).orElseThrow(), rule});
  }

  private static Stream<Object[]> runbooks() throws IOException {
    var books = Stream.<Object[]>builder();
    for (var file : Dashboards.files("runbooks", ".md")) {
      books.add(new Object[] {file.getFileName().toString(), Files.readString(file)});
    }
    return books.build();
  }
}
