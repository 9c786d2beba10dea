package io.eksnet.lab.world;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code make run} and {@code make demo}, and how such a program runs. */
public final class LabOptions {
  private static final int ERROR = 1;
  private static final int INTERRUPTED = 130;

  @Option(
      names = "--eksnet",
      required = true,
      paramLabel = "PROGRAM",
      converter = ProgramConverter.class,
      description = "The eksnet program to start beside the lab.")
  private Path eksnet = Path.of("");

  @Option(
      names = "--work",
      paramLabel = "DIRECTORY",
      defaultValue = "target/lab",
      description = "Where files are written. Default: ${DEFAULT-VALUE}.")
  private Path work = Path.of("");

  @Option(
      names = "--scenario",
      paramLabel = "NAME|FILE",
      converter = ScenarioConverter.class,
      description = "A built-in scenario, or a .yaml file. Default: none.")
  private @Nullable LabScenario scenario;

  /** A program; its result is the exit status. */
  @FunctionalInterface
  public interface Program {
    /** Runs until eksnet ends or a signal arrives. */
    int run(LabOptions options) throws Exception;
  }

  private LabOptions() {}

  /** Runs a program with these arguments and exits with its status. */
  public static void run(String name, Program program, String... args) {
    // Netty and fabric8 log through slf4j; the lab has no logging backend.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(execute(name, program, args));
  }

  /** The exit status of a program. */
  static int execute(String name, Program program, String... args) {
    var options = new LabOptions();
    var command = new CommandLine(options).setCommandName(name);
    return command
        .setExecutionStrategy(
            parsed -> {
              try {
                return program.run(options);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return INTERRUPTED;
              } catch (Exception e) {
                command.getErr().println(name + ": " + e.getMessage());
                return ERROR;
              }
            })
        .execute(args);
  }

  /** The eksnet program. */
  public Path eksnet() {
    return eksnet;
  }

  /** The directory for files. */
  public Path work() {
    return work.toAbsolutePath().normalize();
  }

  /** The scenario to play. */
  public Optional<LabScenario> scenario() {
    return Optional.ofNullable(scenario);
  }

  private static final class ProgramConverter implements CommandLine.ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      var program = Path.of(text);
      if (!Files.isExecutable(program)) {
        throw new TypeConversionException(
            program + " is not an executable file; run make build first");
      }
      return program.toAbsolutePath();
    }
  }

  private static final class ScenarioConverter implements CommandLine.ITypeConverter<LabScenario> {
    @Override
    public LabScenario convert(String text) {
      try {
        return Scenarios.load(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
