package io.eksnet.cli;

import io.eksnet.agent.ConfigFile;
import io.eksnet.agent.Environment;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.StartException;
import io.eksnet.agent.WebConfigFile;
import io.eksnet.controller.web.EvidenceJson;
import io.eksnet.diagnosis.Diagnosis;
import io.eksnet.diagnosis.Findings;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that checks everything once and prints what is broken and why. */
@Command(
    name = "doctor",
    description =
        "Run every probe and read Kubernetes and AWS once, print what is broken and why, and exit"
            + " with 1 if something is.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class DoctorCommand implements Callable<Integer> {
  enum Output {
    TABLE,
    JSON
  }

  /** Room for the evidence of a large cluster; fits into memory. */
  private static final long MAX_FILE_BYTES = 256L << 20;

  private final Environment environment;

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
      description = "Time limit for all checks (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = "--evidence",
      paramLabel = "PATH",
      description = "Diagnose a saved response of /api/v1/evidence, and check nothing else.")
  private @Nullable Path evidence;

  @Spec private CommandSpec spec = CommandSpec.create();

  DoctorCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    var hasLogLevel = spec.commandLine().getParseResult().hasMatchedOption("--log.level");
    Logs.configure(hasLogLevel ? options.logLevel : Logs.Level.WARN, options.logFormat);
    if (timeout.isZero() || timeout.isNegative()) {
      throw new StartException("--timeout must be longer than 0s");
    }
    var out = spec.commandLine().getOut();
    if (options.configCheck) {
      return options.check(out, environment);
    }
    var report = evidence == null ? check(out) : replayed(evidence);
    out.print(
        output == Output.JSON
            ? report.json().encodePrettily() + "\n"
            : report.text(Ansi.AUTO.enabled()));
    out.flush();
    return report.broken() ? 1 : 0;
  }

  private DoctorReport check(PrintWriter out) {
    var web = WebConfigFile.read(options.webConfigFile);
    var progress = new Progress(out, Ansi.AUTO.enabled());
    Consumer<Check> onCheck = output == Output.JSON ? check -> {} : progress::print;
    try (var runtime = ProberRuntime.prepare(environment)) {
      var settings =
          ProberRuntime.settings(
              new ConfigFile(options.configFiles, runtime.kinds(), environment.variables()));
      if (output == Output.TABLE) {
        progress.start();
      }
      try (var doctor = new Doctor(runtime, settings, web, timeout, onCheck)) {
        return doctor.run();
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
        Findings.of(diagnosed(file, evidence), finding -> Optional.empty()),
        SkippedCheck.in(inventory),
        inventory.resources().stream().anyMatch(resource -> inventory.get(resource).isPresent()));
  }

  private static Evidence read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new StartException(file + " is larger than " + (MAX_FILE_BYTES >> 20) + " MiB");
      }
      return EvidenceJson.read(Files.readString(file));
    } catch (IOException e) {
      throw new StartException("the evidence cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw new StartException(file + ": " + e.getMessage());
    }
  }

  /** Values of the right type may still be impossible, such as an address range. */
  private static List<Finding> diagnosed(Path file, Evidence evidence) {
    try {
      return Diagnosis.of(evidence);
    } catch (RuntimeException e) {
      throw new StartException(
          file + " holds impossible values: " + AnsiColor.PLAIN.paint(false, String.valueOf(e)));
    }
  }
}
