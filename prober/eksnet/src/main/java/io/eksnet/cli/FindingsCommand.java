package io.eksnet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that prints what a controller has found. */
@Command(
    name = "findings",
    description =
        "Print the verdict and the findings of a controller, and exit with 0 only if all is clear.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class FindingsCommand implements Callable<Integer> {
  /** Probes may fail without a cause, and missing data is not healthy. */
  private static final String ALL_CLEAR = "# All clear\n";

  enum Output {
    MARKDOWN,
    JSON
  }

  @Mixin private ControllerClient controller = new ControllerClient();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "markdown",
      description = "markdown or json (default: ${DEFAULT-VALUE}).")
  private Output output = Output.MARKDOWN;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var text = controller.text("/api/v1/findings.md");
    var out = spec.commandLine().getOut();
    out.print(
        output == Output.JSON ? controller.json("/api/v1/findings").encodePrettily() + "\n" : text);
    out.flush();
    return text.startsWith(ALL_CLEAR) ? 0 : 1;
  }
}
