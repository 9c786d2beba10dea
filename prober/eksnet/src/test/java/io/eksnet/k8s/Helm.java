package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The real helm over the chart. */
final class Helm {
  static final Path MANIFESTS = Path.of("../../k8s");
  static final Path CHART = MANIFESTS.resolve("helm/eksnet");

  private static final Path PROGRAM = Path.of("../../target/tools/helm");
  private static final Map<List<String>, List<Manifest>> RENDERED = new ConcurrentHashMap<>();

  private Helm() {}

  /** What a run came to. */
  record Run(int exit, String out, String err) {
    String text() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + ": " + err);
      }
      return out;
    }
  }

  /** The values files of the chart, for all kinds of clusters. */
  static List<Path> values() throws IOException {
    try (var files = Files.list(CHART.resolve("ci"))) {
      return files.sorted().toList();
    }
  }

  /** The version of eksnet that the chart installs. */
  static String appVersion() {
    try {
      return parse(Files.readString(CHART.resolve("Chart.yaml"))).get(0).at("/appVersion").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects for a cluster that knows the kinds of the Prometheus operator. */
  static List<Manifest> objects(Path values, String... more) {
    var arguments = Stream.concat(Stream.of(values.toString()), Stream.of(more)).toList();
    return RENDERED.computeIfAbsent(
        arguments,
        same -> {
          var all = new ArrayList<>(List.of("--values", values.toString()));
          all.addAll(List.of("--api-versions", "monitoring.coreos.com/v1"));
          all.addAll(List.of(more));
          return parse(template(all.toArray(String[]::new)).text());
        });
  }

  static Run template(String... more) {
    var command = new ArrayList<>(List.of("template", "eksnet", CHART.toString()));
    command.addAll(List.of("--namespace", "eksnet"));
    command.addAll(List.of(more));
    return run(Map.of(), command.toArray(String[]::new));
  }

  static List<Manifest> parse(String yaml) {
    var load = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build());
    var all = new ArrayList<Manifest>();
    load.loadAllFromString(yaml)
        .forEach(
            document -> {
              if (document != null) {
                all.add(Manifest.of(document));
              }
            });
    return List.copyOf(all);
  }

  static Run run(Map<String, String> environment, String... arguments) {
    if (!Files.isExecutable(PROGRAM)) {
      throw new AssertionError("helm is not here; the remedy is: .ci/parts helm");
    }
    var command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    try {
      var errors = Files.createTempFile("helm", "err");
      var builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var out = new String(process.getInputStream().readAllBytes(), UTF_8);
      var run = new Run(process.waitFor(), out, Files.readString(errors));
      Files.delete(errors);
      return run;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
