package io.eksnet.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the program with a config of probes and reads its results. */
final class ProbingProgram implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Long enough for a slow machine. */
  private static final String DEFAULTS =
      """
      defaults: {interval: 3s, timeout: 2500ms}
      suites: {dns: {enabled: false}}
      probes:
      """;

  private final Program program;

  private ProbingProgram(Program program) {
    this.program = program;
  }

  /** The results of one probe; outcomes without {@code not_run}. */
  record Results(
      Map<String, Double> outcomes, List<Double> success, double durations, List<JsonObject> seen) {
    double runs() {
      return outcomes.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** Opens the places of all probes at once, then starts the program. */
  static ProbingProgram start(Path directory, Site site, Names names, List<Probed> probes) {
    try {
      Files.writeString(directory.resolve("resolv.conf"), "nameserver " + names.open(site) + "\n");
      Files.writeString(
          directory.resolve("hosts"), "127.0.0.1 several.lab.test\n127.0.0.9 several.lab.test\n");
      var list =
          probes.parallelStream().map(probe -> probe.yaml(site)).collect(Collectors.joining());
      return new ProbingProgram(Program.start(directory, DEFAULTS + list));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The results once the probe has finished {@code runs} times. */
  Results after(int runs, Probed probe) throws Exception {
    return Await.until(
        runs + " verdicts on " + probe.name(),
        LONG,
        () -> results(probe),
        results -> results.runs() >= runs && results.seen().size() >= runs);
  }

  Results results(Probed probe) throws Exception {
    var seen = seen(probe);
    var of = Map.of("probe", probe.name());
    var metrics = program.metrics();
    var outcomes =
        metrics.of("eksnet_probe_total", of).stream()
            .filter(sample -> sample.value() > 0)
            .filter(sample -> !"not_run".equals(sample.labels().get("outcome")))
            .collect(
                Collectors.toMap(
                    sample -> String.valueOf(sample.labels().get("outcome")),
                    ExpositionSamples.Sample::value));
    return new Results(
        outcomes,
        metrics.of("eksnet_probe_success", of).stream()
            .map(ExpositionSamples.Sample::value)
            .toList(),
        metrics.sum("eksnet_probe_duration_seconds_count", of),
        seen);
  }

  /** The observations of a probe, newest first, without those that were not run. */
  private List<JsonObject> seen(Probed probe) throws IOException, InterruptedException {
    var page = Part.get(uri("/api/v1/observations?probe=" + probe.name()));
    return objects(new JsonObject(page).getJsonArray("observations"))
        .filter(one -> !"not_run".equals(one.getString("outcome")))
        .toList();
  }

  static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  private URI uri(String path) {
    return program.uri(path);
  }

  @Override
  public void close() {
    program.close();
  }
}
