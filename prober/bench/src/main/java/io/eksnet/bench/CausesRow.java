package io.eksnet.bench;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What became of a scenario: when each cause was found, when all was clear, what was wrong. */
final class CausesRow {
  static final String HEAD =
      """
      | scenario | cause | found after, s | sure after, s | clear after the repair, s | wrong findings |
      |---|---|---:|---:|---:|---|
      """;

  private final String scenario;
  private final Set<String> allowed;
  private final Set<String> due = new LinkedHashSet<>();
  private final Map<String, Long> found = new HashMap<>();
  private final Map<String, Long> sure = new HashMap<>();
  private final Set<String> wrong = new TreeSet<>();
  private @Nullable Long clear = 0L;

  /** With the causes that may be found. */
  CausesRow(String scenario, List<String> allowed) {
    this.scenario = scenario;
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Findings, each with its confidence, so long after the incident began that causes {@code due}.
   */
  void saw(List<String> due, Map<String, String> findings, long nanos) {
    noteWrong(findings);
    this.due.addAll(due);
    for (var cause : due) {
      if (findings.containsKey(cause)) {
        found.putIfAbsent(cause, nanos);
      }
      if ("high".equals(findings.get(cause))) {
        sure.putIfAbsent(cause, nanos);
      }
    }
  }

  /** Findings so long after the repair. */
  void stillSaw(Map<String, String> findings, long nanos) {
    noteWrong(findings);
    clear = nanos;
  }

  /** It did not become clear while anybody waited. */
  void neverClear() {
    clear = null;
  }

  boolean isSureOf(List<String> causes) {
    return sure.keySet().containsAll(causes);
  }

  /** As a row of a table. */
  String says() {
    return "| `%s` | %s | %s | %s | %s | %s |%n"
        .formatted(
            scenario,
            each(CausesRow::code),
            each(cause -> seconds(found.get(cause))),
            each(cause -> seconds(sure.get(cause))),
            due.isEmpty() ? "" : seconds(clear),
            wrong.stream().map(CausesRow::code).collect(joining("<br>")));
  }

  private void noteWrong(Map<String, String> findings) {
    findings.keySet().stream().filter(cause -> !allowed.contains(cause)).forEach(wrong::add);
  }

  private static String code(String cause) {
    return "`" + cause + "`";
  }

  private String each(UnaryOperator<String> of) {
    return due.stream().map(of).collect(joining("<br>"));
  }

  private static String seconds(@Nullable Long nanos) {
    return nanos == null ? "never" : Long.toString(Math.round(nanos / 1e9));
  }
}
