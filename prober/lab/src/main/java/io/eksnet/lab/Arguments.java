package io.eksnet.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The command line of the lab. */
record Arguments(Optional<Path> eksnet, Path work, boolean freePorts, boolean help) {
  private static final int CONTROL_PORT = 9850;
  private static final int EKSNET_PORT = 9853;

  static final String USAGE =
      """
      usage: lab [--eksnet PROGRAM] [--work DIRECTORY] [--free-ports]
        --eksnet PROGRAM    start this eksnet beside the lab; without it the lab runs alone
        --work DIRECTORY    where ca.pem, client.pem, client.key and eksnet.yaml are written
                            (default: target/lab)
        --free-ports        take any free ports instead of the lab's own
      """;

  Lab.Ports ports() {
    return freePorts ? Lab.Ports.FREE : Lab.Ports.FIXED;
  }

  int controlPort() {
    return freePorts ? 0 : CONTROL_PORT;
  }

  int eksnetPort() {
    return freePorts ? 0 : EKSNET_PORT;
  }

  static Arguments of(String... args) {
    var eksnet = Optional.<Path>empty();
    var work = Path.of("target", "lab");
    boolean freePorts = false;
    boolean help = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--eksnet" -> eksnet = Optional.of(program(value(args, i++)));
        case "--work" -> work = Path.of(value(args, i++));
        case "--free-ports" -> freePorts = true;
        case "--help", "-h" -> help = true;
        default -> throw new IllegalArgumentException("unknown argument " + args[i]);
      }
    }
    return new Arguments(eksnet, work, freePorts, help);
  }

  private static String value(String[] args, int i) {
    if (i + 1 == args.length) {
      throw new IllegalArgumentException(args[i] + " needs a value");
    }
    return args[i + 1];
  }

  private static Path program(String text) {
    var program = Path.of(text);
    if (!Files.isExecutable(program)) {
      throw new IllegalArgumentException(program + " is not a program; make build makes it");
    }
    return program.toAbsolutePath();
  }
}
