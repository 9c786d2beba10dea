package io.eksnet.cli;

import io.eksnet.agent.ConfigFile;
import io.eksnet.agent.Environment;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.StartException;
import io.eksnet.agent.WebConfigFile;
import io.eksnet.controller.web.EvidenceJson;
import io.eksnet.diagnosis.Diagnosis;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks once at all that can be seen from here, and says what is broken and why. */
@Command(
    name = "doctor",
    description =
        "Runs every probe and reads Kubernetes and AWS once, prints what is wrong and why, and exits"
            + " 1 if something is broken.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DoctorCommand implements Callable<Integer> {
  enum Output {
    TABLE,
    JSON
  }

  /** As much as the evidence of a big cluster, and no more than fits into memory. */
  private static final long LARGEST_FILE = 256L << 20;

  private final Environment surroundings;

  @Mixin private Options options = new Options();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Output output = Output.TABLE;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long the look may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = "--evidence",
      paramLabel = "PATH",
      description = "Diagnose what /api/v1/evidence answered, kept in this file, and nothing else.")
  private @Nullable Path evidence;

  @Spec private CommandSpec spec = CommandSpec.create();

  DoctorCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var said = spec.commandLine().getParseResult().hasMatchedOption("--log.level");
    Logs.configure(said ? options.logLevel : Logs.Level.WARN, options.logFormat);
    if (timeout.isZero() || timeout.isNegative()) {
      throw new StartException("--timeout must be more than 0s");
    }
    var out = spec.commandLine().getOut();
    if (options.configCheck) {
      return options.check(out);
    }
    var checkup = evidence == null ? look(out) : replayed(evidence);
    out.print(
        output == Output.JSON
            ? checkup.json().encodePrettily() + "\n"
            : checkup.text(Ansi.AUTO.enabled()));
    out.flush();
    return checkup.broken() ? 1 : 0;
  }

  private DoctorReport look(PrintWriter out) {
    var web = WebConfigFile.read(options.webConfigFile);
    var progress = new Progress(out, Ansi.AUTO.enabled());
    Consumer<Check> each = output == Output.JSON ? check -> {} : progress::ended;
    try (var ground = ProberRuntime.prepare(surroundings)) {
      var settings = ProberRuntime.settings(new ConfigFile(options.configFile, ground.kinds()));
      if (output == Output.TABLE) {
        progress.begin();
      }
      try (var examination = new Doctor(ground, settings, web, timeout, each)) {
        return examination.checkup();
      } finally {
        if (output == Output.TABLE) {
          progress.end();
        }
      }
    }
  }

  private static DoctorReport replayed(Path file) {
    var evidence = read(file);
    var inventory = evidence.inventory();
    return new DoctorReport(
        evidence.now(),
        List.of(),
        diagnosed(file, evidence),
        SkippedCheck.in(inventory),
        inventory.resources().stream().anyMatch(part -> inventory.get(part).isPresent()));
  }

  private static Evidence read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new StartException(file + " is larger than " + (LARGEST_FILE >> 20) + " MiB");
      }
      return EvidenceJson.read(Files.readString(file));
    } catch (IOException e) {
      throw new StartException("the evidence cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw new StartException(file + ": " + e.getMessage());
    }
  }

  /** A value may be of the right type and make no sense, such as a range of addresses. */
  private static List<Finding> diagnosed(Path file, Evidence evidence) {
    try {
      return Diagnosis.of(evidence);
    } catch (RuntimeException e) {
      throw new StartException(
          file
              + " holds what no cluster can be: "
              + AnsiColor.PLAIN.paint(false, String.valueOf(e)));
    }
  }
}
