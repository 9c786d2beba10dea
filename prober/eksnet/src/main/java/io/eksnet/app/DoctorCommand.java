package io.eksnet.app;

import io.eksnet.app.Main.StartFailure;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Finding;
import io.eksnet.diagnose.Diagnosis;
import io.eksnet.web.EvidenceJson;
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

  private final Surroundings surroundings;

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

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var said = spec.commandLine().getParseResult().hasMatchedOption("--log.level");
    Logs.configure(said ? options.logLevel : Logs.Level.WARN, options.logFormat);
    if (timeout.isZero() || timeout.isNegative()) {
      throw new StartFailure("--timeout must be more than 0s");
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

  private Checkup look(PrintWriter out) {
    var web = WebConfigFile.read(options.webConfigFile);
    var progress = new Progress(out, Ansi.AUTO.enabled());
    Consumer<Check> each = output == Output.JSON ? check -> {} : progress::ended;
    try (var ground = Ground.prepare(surroundings)) {
      var settings = Ground.settings(new ConfigFile(options.configFile, ground.kinds()));
      if (output == Output.TABLE) {
        progress.begin();
      }
      try (var examination = new Examination(ground, settings, web, timeout, each)) {
        return examination.checkup();
      } finally {
        if (output == Output.TABLE) {
          progress.end();
        }
      }
    }
  }

  private static Checkup replayed(Path file) {
    var evidence = read(file);
    var inventory = evidence.inventory();
    return new Checkup(
        evidence.now(),
        List.of(),
        diagnosed(file, evidence),
        Unseen.in(inventory),
        inventory.parts().stream().anyMatch(part -> inventory.get(part).isPresent()));
  }

  private static Evidence read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new StartFailure(file + " is larger than " + (LARGEST_FILE >> 20) + " MiB");
      }
      return EvidenceJson.read(Files.readString(file));
    } catch (IOException e) {
      throw new StartFailure("the evidence cannot be read: " + e);
    } catch (IllegalArgumentException e) {
      throw new StartFailure(file + ": " + e.getMessage());
    }
  }

  /** A value may be of the right type and make no sense, such as a range of addresses. */
  private static List<Finding> diagnosed(Path file, Evidence evidence) {
    try {
      return Diagnosis.of(evidence);
    } catch (RuntimeException e) {
      throw new StartFailure(
          file + " holds what no cluster can be: " + Ink.PLAIN.paint(false, String.valueOf(e)));
    }
  }
}
