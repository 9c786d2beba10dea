package io.eksnet.lab.world;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The command line of the lab's cluster.
 *
 * @param eksnet the program to start beside it
 * @param work where its files are written
 * @param scenario what happens to it
 */
public record Words(Path eksnet, Path work, Optional<Scenarios.Story> scenario) {
  /** How it is used. */
  public static final String USAGE =
      """
      usage: lab --eksnet PROGRAM [--work DIRECTORY] [--scenario NAME|FILE]
        --eksnet PROGRAM    the eksnet to start beside the lab
        --work DIRECTORY    where its files are written (default: target/lab)
        --scenario NAME     what happens to the cluster, or the .yaml file that says it
                            (default: nothing)
      """;

  /**
   * As it was given.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Words of(String... args) {
    var eksnet = Optional.<Path>empty();
    var work = Path.of("target", "lab");
    var scenario = Optional.<Scenarios.Story>empty();
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--eksnet" -> eksnet = Optional.of(program(args[i + 1]));
        case "--work" -> work = Path.of(args[i + 1]);
        case "--scenario" -> scenario = Optional.of(Scenarios.story(args[i + 1]));
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException(args[args.length - 1] + " needs a value");
    }
    return new Words(
        eksnet.orElseThrow(() -> new IllegalArgumentException("say which --eksnet to start")),
        work.toAbsolutePath().normalize(),
        scenario);
  }

  private static Path program(String text) {
    var program = Path.of(text);
    if (!Files.isExecutable(program)) {
      throw new IllegalArgumentException(program + " is not a program; make build makes it");
    }
    return program.toAbsolutePath();
  }
}
