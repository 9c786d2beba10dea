package io.eksnet.reference;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.RootCause;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The page about what probes end with, and what the diagnosis finds. */
public final class CausesPage {
  private static final String HEAD =
      """
      # Outcomes and causes

      *Written by `make reference` from the program itself; changes by hand are lost.*

      What a probe ends with, and what the controller concludes from many of them and from what it reads.

      """;

  private static final String RUNBOOK = "../../dashboards/runbooks/EksNetDiagnosis.md";

  private CausesPage() {}

  /** The page, with the kinds that can meet each cause. */
  public static String markdown(List<? extends KindSpec<?>> kinds) {
    return HEAD + outcomes(kinds) + "\n" + findings();
  }

  private static String outcomes(List<? extends KindSpec<?>> kinds) {
    return """
        ## Outcomes of probes

        The values of the metric label `outcome`. Every value that a probe of a kind can report is
        there at 0 from its first moment.

        | outcome | meaning | kinds |
        |---|---|---|
        """
        + row(Outcome.SUCCESS, "the target did what was expected of it", "all")
        + Arrays.stream(Cause.values())
            .map(cause -> row(cause.label(), cause.meaning(), kindsOf(cause, kinds)))
            .collect(Collectors.joining())
        + row(
            Outcome.NOT_RUN,
            "the prober itself could not run, or does not trust the run; says nothing about the"
                + " target",
            "all");
  }

  private static String findings() {
    return """
        ## Causes found by the diagnosis

        The values of the label `cause` of `eksnet_diagnosis_active`, and of `cause` in findings, in the order of the rules; each
        leads to its fix. The label `confidence` is `high` from %d %% on, `medium` from %d %% on, else `low`: a rule says how
        sure it is when all its sources are fresh, and less for each that is stale or missing. How grave it is the
        [alerts](alerts.md) say.

        | cause | layer | rule | meaning |
        |---|---|---|---|
        """
            .formatted(Confidence.HIGH, Confidence.MEDIUM)
        + Arrays.stream(RootCause.values()).map(CausesPage::row).collect(Collectors.joining());
  }

  private static String row(RootCause cause) {
    return "| [`%s`](%s#%s) | `%s` | %s | %s |\n"
        .formatted(
            cause.label(),
            RUNBOOK,
            cause.label(),
            cause.layer().label(),
            cause.rules().replace(" ", ", "),
            cause.meaning());
  }

  private static String row(String outcome, String meaning, String kinds) {
    return "| `" + outcome + "` | " + meaning + " | " + kinds + " |\n";
  }

  private static String kindsOf(Cause cause, List<? extends KindSpec<?>> kinds) {
    return kinds.stream()
        .filter(kind -> kind.causes().contains(cause))
        .map(kind -> "`" + kind.name() + "`")
        .collect(Collectors.joining(", "));
  }
}
