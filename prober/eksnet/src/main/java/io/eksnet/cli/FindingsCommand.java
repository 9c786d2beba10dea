package io.eksnet.cli;

import io.eksnet.model.diagnosis.Layer;
import io.vertx.core.json.JsonObject;
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
        "Print the verdict and the findings of a controller, and exit with 1 if something is broken.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class FindingsCommand implements Callable<Integer> {
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
    var json = controller.json("/api/v1/findings");
    var out = spec.commandLine().getOut();
    out.print(
        output == Output.JSON
            ? json.encodePrettily() + "\n"
            : controller.text("/api/v1/findings.md"));
    out.flush();
    return json.getJsonArray("findings").stream().anyMatch(FindingsCommand::isBroken) ? 1 : 0;
  }

  /** As for the doctor: a finding about eksnet itself is none about the cluster. */
  private static boolean isBroken(Object finding) {
    return !Layer.PROBER.label().equals(((JsonObject) finding).getString("layer"));
  }
}
