package io.eksnet.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lab as a program, with eksnet beside it: {@code make run}. */
public final class Main {
  private Main() {}

  /** Runs until eksnet ends or a signal comes; exits as eksnet does. */
  public static void main(String[] args) {
    Launch.exit("lab", Arguments.USAGE, words -> run(Arguments.of(words)), args);
  }

  private static int run(Arguments arguments) throws IOException, InterruptedException {
    if (arguments.help()) {
      System.out.print(Arguments.USAGE);
      return 0;
    }
    if (arguments.eksnet().isPresent()) {
      return beside(arguments, arguments.eksnet().get());
    }
    try (var lab = Lab.start(arguments.ports());
        var page = ControlPage.start(lab, arguments.controlPort(), List.of())) {
      var config = write(lab, arguments.work());
      System.out.println(Guide.alone(lab, page.url(), config));
      Thread.currentThread().join();
      return 0;
    }
  }

  private static int beside(Arguments arguments, Path program)
      throws IOException, InterruptedException {
    var address = Child.claim(arguments.eksnetPort());
    var eksnet = "http://" + address;
    var links = List.of(eksnet + "/", eksnet + "/metrics");
    try (var lab = Lab.start(arguments.ports());
        var page = ControlPage.start(lab, arguments.controlPort(), links)) {
      var config = write(lab, arguments.work());
      try (var child = Child.start(program, config, address)) {
        if (child.awaitReady()) {
          System.out.println(Guide.beside(lab, page.url(), config, eksnet));
        }
        return child.awaitEnd();
      }
    }
  }

  /** Writes certificates and config; returns the config. */
  private static Path write(Lab lab, Path directory) throws IOException {
    var work = directory.toAbsolutePath().normalize();
    lab.certificates().write(work);
    return Files.writeString(
        work.resolve("eksnet.yaml"), EksnetConfig.of(lab, work.resolve("ca.pem")));
  }
}
