package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.agent.ConfigFile;
import io.eksnet.agent.Environment;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.StartException;
import io.eksnet.config.BlackboxImporter;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.InvalidConfigException;
import io.eksnet.config.Problem;
import io.eksnet.probe.ProbeKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands on config files. */
@Command(
    name = "config",
    description = "Check a config, or import one of another prober.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class ConfigCommand implements Runnable {
  private final Environment environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: check or import");
  }

  @Command(
      name = "check",
      description = "Check config files and the files they name: exit code 0 if valid, 1 if not.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              arity = "1..*",
              paramLabel = "PATH",
              description = "The files of one config; the last part of a path may be a glob.")
          List<Path> paths) {
    var file = new ConfigFile(paths, ProbeKinds.byName(), environment.variables());
    ProberRuntime.settings(file);
    var out = spec.commandLine().getOut();
    out.println(file.name() + ": valid");
    out.flush();
    return 0;
  }

  @Command(
      name = "import",
      description = {
        "Print the probes of a blackbox_exporter configuration.",
        "What has no counterpart is listed with file and line on standard error."
      },
      mixinStandardHelpOptions = true)
  int importBlackbox(
      @Parameters(
              index = "0",
              paramLabel = "BLACKBOX",
              description = "The configuration of blackbox_exporter, with the modules.")
          Path blackbox,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "PROMETHEUS",
              description = "The configuration of Prometheus, with the targets.")
          @Nullable Path prometheus) {
    try {
      var targets =
          prometheus == null ? Optional.<ConfigSource>empty() : Optional.of(read(prometheus));
      var result = BlackboxImporter.convert(read(blackbox), targets);
      print(result);
      return 0;
    } catch (InvalidConfigException e) {
      throw new StartException("cannot import\n" + e.getMessage());
    }
  }

  private void print(BlackboxImporter.Result result) {
    var line = spec.commandLine();
    line.getOut().print(result.yaml());
    line.getOut().flush();
    result
        .notImported()
        .forEach(problem -> line.getErr().println("not imported: " + problem.text()));
    var source = new ConfigSource("(output)", result.yaml(), Path.of(""));
    if (ConfigReader.read(List.of(source), ProbeKinds.byName(), Map.of())
        instanceof ConfigResult.Invalid invalid) {
      invalid.problems().stream()
          .map(Problem::text)
          .forEach(problem -> line.getErr().println("to correct: " + problem));
    }
    line.getErr().flush();
  }

  private static ConfigSource read(Path path) {
    var directory = path.toAbsolutePath().getParent();
    try {
      return new ConfigSource(
          path.toString(),
          Files.readString(path, UTF_8),
          directory == null ? Path.of("") : directory);
    } catch (IOException e) {
      throw new StartException("cannot read " + path + ": " + e);
    }
  }
}
