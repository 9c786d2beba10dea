package io.eksnet.reference.dashboards;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an expression in PromQL mentions; promtool has seen that it is one. */
final class PromQlSelectors {
  /** A metric with the matchers of its labels. */
  record Selector(String metric, String matchers) {
    List<Matcher> labels() {
      return MATCHER
          .matcher(matchers)
          .results()
          .map(found -> new Matcher(found.group(1), found.group(3)))
          .toList();
    }
  }

  record Matcher(String label, String value) {}

  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:]\\w*)\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right) \\(([^)]*)\\)");
  private static final Pattern NAME = Pattern.compile("\\b(?:eksnet|process|jvm)_\\w+");

  private PromQlSelectors() {}

  static List<Selector> selectors(String expr) {
    return SELECTOR
        .matcher(expr)
        .results()
        .map(found -> new Selector(found.group(1), found.group(2)))
        .toList();
  }

  /** Metrics that are named without matchers. */
  static List<String> bare(String expr) {
    return NAME.matcher(SELECTOR.matcher(expr).replaceAll(""))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** Labels by which series are put together, or paired. */
  static Set<String> groupings(String expr) {
    var labels = new LinkedHashSet<String>();
    GROUPING
        .matcher(expr)
        .results()
        .flatMap(found -> Stream.of(found.group(1).split(",", -1)))
        .map(String::trim)
        .filter(label -> !label.isEmpty())
        .forEach(labels::add);
    return labels;
  }

  /** All metrics. */
  static Set<String> metrics(String expr) {
    var all = new ArrayList<>(bare(expr));
    selectors(expr).forEach(selector -> all.add(selector.metric()));
    return new LinkedHashSet<>(all);
  }
}
