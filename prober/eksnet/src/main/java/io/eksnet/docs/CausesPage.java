package io.eksnet.docs;

import io.eksnet.core.Cause;
import io.eksnet.core.Kind;
import io.eksnet.core.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The page about the values of the metric label {@code outcome}. */
public final class CausesPage {
  private CausesPage() {}

  /** The page, with the kinds that can meet each cause. */
  public static String markdown(List<? extends Kind<?>> kinds) {
    return """
        # Outcomes and causes

        *Written by `make reference` from the program itself; changes by hand are lost.*

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

  private static String row(String outcome, String meaning, String kinds) {
    return "| `" + outcome + "` | " + meaning + " | " + kinds + " |\n";
  }

  private static String kindsOf(Cause cause, List<? extends Kind<?>> kinds) {
    return kinds.stream()
        .filter(kind -> kind.causes().contains(cause))
        .map(kind -> "`" + kind.name() + "`")
        .collect(Collectors.joining(", "));
  }
}
