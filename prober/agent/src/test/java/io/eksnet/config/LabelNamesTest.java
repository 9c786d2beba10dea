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

  /** A label that a metric has already would make its series ambiguous. */
  @Test
  void reservesEveryLabelOfTheMetrics() throws IOException {
    var declared = Catalogue.all().stream().map(MetricSpec::labels).flatMap(List::stream);

    var afterGarbageCollections = Stream.of("gc", "action", "cause");

    assertThat(Stream.of(declared, afterGarbageCollections, exposed()).flatMap(s -> s).distinct())
        .hasSizeGreaterThan(50)
        .allSatisfy(name -> assertThat(LabelNames.problem(name, "x")).as(name).isPresent());
  }

  private static Stream<String> exposed() throws IOException {
    var text = new ByteArrayOutputStream();
    var none = FixedLabels.of("", Map.of());
    try (var metrics =
        new Metrics(none, List.of("http"), Duration.ZERO, new BuildVersion("1", "2", "3"))) {
      metrics.exposition().write(null, text);
    }
    return LABEL.matcher(text.toString(UTF_8)).results().map(match -> match.group(1));
  }
}
