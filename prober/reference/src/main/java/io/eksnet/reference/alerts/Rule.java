package io.eksnet.reference.alerts;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An alert, or what is recorded.
 *
 * @param hold how long the expression must hold; empty: not at all
 * @param labels those that it adds
 * @param summary of an alert, with {@code *label*} where its template inserts a label
 */
record Rule(
    String name, String expression, String hold, Map<String, String> labels, String summary) {
  private static final Pattern SERIES =
      Pattern.compile("[a-z_]+:eksnet_\\w+:\\w+|eksnet_\\w+|ALERTS(?=\\{)");

  private static final Pattern IF_LABELLED =
      Pattern.compile(
          "\\{\\{ with \\$labels\\.(\\w+) }}(.*?)\\{\\{ \\. }}(.*?)"
              + "(?:\\{\\{ else }}.*?)?\\{\\{ end }}");
  private static final Pattern LABEL = Pattern.compile("\\{\\{ \\$labels\\.(\\w+) }}");

  Rule {
    labels = Map.copyOf(labels);
  }

  static Rule of(YamlPath rule) {
    var labels = rule.tree("labels");
    return new Rule(
        rule.text("alert").isEmpty() ? rule.text("record") : rule.text("alert"),
        rule.text("expr"),
        rule.text("for"),
        labels.values().keySet().stream().collect(Collectors.toMap(key -> key, labels::text)),
        withPlaceholders(rule.tree("annotations").text("summary")));
  }

  private static String withPlaceholders(String template) {
    var unconditional = IF_LABELLED.matcher(template).replaceAll("$2*$1*$3");
    return LABEL.matcher(unconditional).replaceAll("*$1*");
  }

  /** The series of the expression, in order. */
  List<String> series() {
    return SERIES.matcher(expression).results().map(MatchResult::group).distinct().toList();
  }

  /** Its labels but these, such as {@code long="1h"}. */
  List<String> labelsBut(String... known) {
    var others = new TreeMap<>(labels);
    List.of(known).forEach(others::remove);
    return others.entrySet().stream()
        .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
        .toList();
  }
}
