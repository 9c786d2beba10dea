package io.eksnet.reference.alerts;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page about the alerts, what is recorded for them, and what mutes them. */
public final class AlertsPage {
  private static final String HOME = "../../dashboards/";
  private static final String HEAD =
      """
      # Alerts

      *Written by `make reference` from the files of [dashboards](../../dashboards/README.md); changes by hand are lost.*

      Each alert links to its runbook. In the Alertmanager example, `critical` goes to the pager, `warning` to chat, `info` to
      a ticket and `none` to a dead man's switch. Labels of the alert in its summary are in *italics*.

      *Thresholds* are values of the chart in `prometheusRule.thresholds`, shown with their defaults. `prometheusRule.disabled`
      removes alerts by name; `prometheusRule.overrides` replaces their `for`, severity, labels, annotations and expression.
      For the series, see [metrics](metrics.md) and [recorded series](#recorded-series).

      """;

  private AlertsPage() {}

  /** The page. */
  public static String markdown(Monitoring monitoring) {
    return HEAD
        + all(monitoring.alerts(), file -> alerts(file, monitoring.thresholds()))
        + "## Recorded series\n\n| series | file | computed from |\n|---|---|---|\n"
        + all(monitoring.recordings(), AlertsPage::recordings)
        + "\n## Inhibition\n\n"
        + "As in the Alertmanager example: while an alert of the first column fires, alerts of the"
        + " second column with equal\nlabels are muted.\n\n"
        + "| source | muted | equal labels |\n|---|---|---|\n"
        + all(monitoring.mutes(), AlertsPage::mute);
  }

  private static <T> String all(List<T> things, Function<T, String> text) {
    return things.stream().map(text).collect(Collectors.joining());
  }

  private static String alerts(RuleFile file, List<Threshold> thresholds) {
    return "## "
        + link("alerts", file)
        + "\n\n"
        + file.about()
        + "\n\n| alert | severity | layer | for | summary | thresholds | series |\n"
        + "|---|---|---|---|---|---|---|\n"
        + all(file.rules(), rule -> alert(rule, thresholds))
        + "\n";
  }

  private static String alert(Rule rule, List<Threshold> thresholds) {
    var others = codes(rule.labelsBut("severity", "layer").stream(), " ");
    return "| [%s](%srunbooks/%s.md) | %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            rule.name(),
            HOME,
            rule.name(),
            known(rule.labels().getOrDefault("severity", "")),
            known(rule.labels().getOrDefault("layer", "")),
            known(rule.hold()),
            others.isEmpty() ? rule.summary() : rule.summary() + " " + others,
            known(thresholds(rule.name(), thresholds)),
            known(codes(rule.series().stream(), ", ")));
  }

  private static String thresholds(String alert, List<Threshold> all) {
    return codes(
        all.stream()
            .filter(threshold -> threshold.alerts().contains(alert))
            .map(threshold -> threshold.name() + ": " + threshold.number()),
        ", ");
  }

  private static String recordings(RuleFile file) {
    return all(
        file.rules(),
        rule ->
            "| `%s` | %s | %s |\n"
                .formatted(
                    rule.name(), link("rules", file), known(codes(rule.series().stream(), ", "))));
  }

  private static String mute(Mute mute) {
    return "| %s | %s | %s |\n"
        .formatted(
            matchers(mute.sources()), matchers(mute.targets()), codes(mute.equal().stream(), ", "));
  }

  /** Alerts by their names alone, other labels as they are matched. */
  private static String matchers(List<String> matchers) {
    return matchers.stream().map(AlertsPage::matcher).collect(Collectors.joining(" with "));
  }

  private static String matcher(String matcher) {
    var named = matcher.replaceFirst("^alertname=~?\"(.*)\"$", "$1");
    return named.equals(matcher)
        ? "`" + matcher.replace("|", "\\|") + "`"
        : codes(Stream.of(named.split("\\|")), ", ");
  }

  private static String link(String folder, RuleFile file) {
    return "[%s](%s%s/%s)".formatted(file.name(), HOME, folder, file.name());
  }

  private static String codes(Stream<String> words, String between) {
    return words.map(word -> "`" + word + "`").collect(Collectors.joining(between));
  }

  private static String known(String text) {
    return text.isEmpty() ? "–" : text;
  }
}
