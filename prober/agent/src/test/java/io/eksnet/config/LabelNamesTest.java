package io.eksnet.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.metrics.BuildVersion;
import io.eksnet.metrics.Catalogue;
import io.eksnet.metrics.FixedLabels;
import io.eksnet.metrics.Metrics;
import io.eksnet.model.MetricSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LabelNamesTest {
  private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");

  /** What is refused only by the metrics is found out when a process does not start. */
  @Test
  void whatASeriesHasIsRefusedInTheConfigAlready() throws IOException {
    var declared = Catalogue.all().stream().map(MetricSpec::labels).flatMap(List::stream);

    var afterCollections = Stream.of("gc", "action", "cause");

    assertThat(Stream.of(declared, afterCollections, onThePage()).flatMap(s -> s).distinct())
        .hasSizeGreaterThan(50)
        .allSatisfy(name -> assertThat(LabelNames.problem(name)).as(name).isPresent());
  }

  private static Stream<String> onThePage() throws IOException {
    var page = new ByteArrayOutputStream();
    var none = FixedLabels.of("", Map.of());
    try (var metrics =
        new Metrics(none, List.of("http"), Duration.ZERO, new BuildVersion("1", "2", "3"))) {
      metrics.exposition().write(null, page);
    }
    return LABEL.matcher(page.toString(UTF_8)).results().map(match -> match.group(1));
  }
}
