package io.eksnet.bench;

import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.Scenarios;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code make bench-causes}: how long a cause takes to be named, and to be forgotten. */
@Command(
    name = "bench-causes",
    description = "Times each scenario with the intervals that the program has by default.")
final class CausesMain implements Callable<Integer> {
  @Option(names = "--eksnet", required = true, description = "The program, bin/eksnet.")
  Path eksnet = Path.of("eksnet");

  @Option(names = "--scenarios", split = ",", description = "Which, by name or file; default: all.")
  List<String> names = Scenarios.all().stream().map(LabScenario::name).toList();

  @Spec CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(new CommandLine(new CausesMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    var stories = names.stream().map(this::story).toList();
    try (var run =
        CausesRun.start(eksnet.toAbsolutePath(), Files.createTempDirectory("eksnet-causes"))) {
      System.out.print(CausesRow.HEAD);
      for (var story : stories) {
        System.out.print(run.play(story).says());
      }
    }
    return 0;
  }

  private LabScenario story(String name) {
    try {
      return Scenarios.load(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
