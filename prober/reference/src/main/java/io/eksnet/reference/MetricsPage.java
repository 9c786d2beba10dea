package io.eksnet.reference;

import io.eksnet.model.MetricSpec;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page about the metrics. */
public final class MetricsPage {
  private MetricsPage() {}

  /** The page, in the order of the declarations. */
  public static String markdown(List<MetricSpec> metrics) {
    return """
        # Metrics

        *Written by `make reference` from the program itself; changes by hand are lost.*

        The labels of the config (`cluster` and `labels`) are on every series besides those named here;
        `node` and `az` come from the scrape. Histograms are classic and native in one: a scraper that
        negotiates protobuf gets the native one too. Besides these there are the standard `process_*`
        metrics and `jvm_*`.

        | metric | type | labels | meaning |
        |---|---|---|---|
        """
        + metrics.stream().map(MetricsPage::row).collect(Collectors.joining());
  }

  private static String row(MetricSpec metric) {
    var labels = metric.labels().stream().map(l -> "`" + l + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            metric.name(),
            metric.type().name().toLowerCase(Locale.ROOT),
            labels.isEmpty() ? "–" : labels,
            metric.help());
  }
}
