package io.eksnet.diagnosis;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import io.eksnet.diagnosis.DiagnosisCase.Group;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code docs/diagnosis-cases.md}: the figures of all cases, and what was found in each. */
record DiagnosisCasesPage(Map<DiagnosisCase, DiagnosisCase.Result> results) {
  /** A whole fault and a partial one. */
  private static final int MIN_FAULTS = 2;

  private static final String HEADER =
      """
      # Diagnosis cases

      `DiagnosisCasesTest` generates this page. Each case is a state of the lab's cluster that the
      real Kubernetes and AWS clients read. The test fails if an expected cause is not found with
      high confidence (medium for the few that no evidence proves), or if any other cause is found
      that the case does not allow. It also removes each resource in turn: no finding with high
      confidence may then be wrong.

      ## Figures

      Recall is the share of expected causes that are found; high confidence is required unless the
      evidence of a cause always leaves another explanation. Precision is the share of findings that
      are expected; findings that a case only allows count for neither.

      | Group | Cases | Recall | Precision |
      |---|---|---|---|
      """;

  /** Findings of a group of cases. */
  private static final class Tally {
    private int cases;
    private int expected;
    private int found;
    private int wrong;

    void add(DiagnosisCase one, Set<String> reported, long right) {
      cases++;
      expected += one.stage().finds().size();
      found += Math.toIntExact(right);
      wrong += Math.toIntExact(reported.stream().filter(cause -> !one.allows(cause)).count());
    }

    String row(String title) {
      return "| %s | %d | %s | %s |\n"
          .formatted(title, cases, share(found, expected), share(found, found + wrong));
    }

    private static String share(int part, int whole) {
      return whole == 0
          ? "none"
          : String.format(Locale.ROOT, "%.3f (%d of %d)", (double) part / whole, part, whole);
    }
  }

  String text() {
    return HEADER + figures() + causes() + cases();
  }

  private String figures() {
    var groups = new EnumMap<Group, Tally>(Group.class);
    var withoutOne = new Tally();
    results.forEach(
        (one, result) -> {
          groups
              .computeIfAbsent(one.group(), group -> new Tally())
              .add(one, result.found(), one.rightOf(result).size());
          result
              .withoutOne()
              .values()
              .forEach(
                  found -> withoutOne.add(one, found, found.stream().filter(one::expects).count()));
        });
    return groups.entrySet().stream()
            .map(group -> group.getValue().row(group.getKey().title()))
            .collect(joining())
        + withoutOne.row("All cases with one resource removed, high confidence only");
  }

  private String causes() {
    var all = Stream.of(RootCause.values()).map(RootCause::label).toList();
    var missing = all.stream().filter(cause -> faults(cause) == 0).toList();
    var proven =
        all.stream().filter(cause -> faults(cause) >= MIN_FAULTS && similar(cause) > 0).toList();
    var page =
        new StringBuilder(
            """

            ## Causes

            %d of %d causes are expected by at least one case. %d are expected by at least two, such
            as a whole and a partial fault, and excluded by a similar case.

            In no case: %s.

            | Cause | Cases that expect it | Look-alike cases that exclude it |
            |---|---|---|
            """
                .formatted(all.size() - missing.size(), all.size(), proven.size(), list(missing)));
    all.stream()
        .filter(cause -> !missing.contains(cause))
        .forEach(
            cause ->
                page.append(
                    "| `%s` | %d | %d |\n".formatted(cause, faults(cause), similar(cause))));
    return page.toString();
  }

  private long faults(String cause) {
    return results.keySet().stream()
        .filter(one -> one.group() != Group.PAIR && one.expects(cause))
        .count();
  }

  /** Cases that name the cause as similar but wrong. */
  private long similar(String cause) {
    return results.keySet().stream().filter(one -> one.stage().never().contains(cause)).count();
  }

  private String cases() {
    var page =
        new StringBuilder(
            """

            ## Cases

            | Scenario or table | Case | Expected | Found |
            |---|---|---|---|
            """);
    results.forEach(
        (one, result) ->
            page.append(
                "| %s | %s | %s | %s |\n"
                    .formatted(
                        one.scenario(),
                        one.stage().description(),
                        list(one.stage().finds()),
                        list(result.found()))));
    return page.toString();
  }

  private static String list(Collection<String> causes) {
    return causes.isEmpty()
        ? "none"
        : causes.stream().map(cause -> "`" + cause + "`").collect(joining(", "));
  }

  /** The causes that cases name and that do not exist. */
  Set<String> unknownCauses() {
    var known = Stream.of(RootCause.values()).map(RootCause::label).toList();
    return results.keySet().stream()
        .map(DiagnosisCase::stage)
        .flatMap(stage -> Stream.of(stage.finds(), stage.may(), stage.never()))
        .flatMap(List::stream)
        .filter(cause -> !known.contains(cause))
        .collect(toCollection(TreeSet::new));
  }
}
