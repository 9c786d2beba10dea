package io.eksnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lab as a program, with eksnet beside it: {@code make run}. */
public final class Main {
  private Main() {}

  /** Runs until eksnet ends or a signal comes; exits as eksnet does. */
  public static void main(String[] args) {
    // Netty logs through slf4j, and the lab has nothing to say there.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      var arguments = Arguments.of(args);
      if (arguments.help()) {
        System.out.print(Arguments.USAGE);
        return 0;
      }
      return run(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("lab: " + e.getMessage());
      System.err.print(Arguments.USAGE);
      return 1;
    } catch (UncheckedIOException e) {
      System.err.println("lab: " + e.getMessage() + "; does another lab run?");
      return 1;
    } catch (IOException e) {
      System.err.println("lab: " + e.getMessage());
      return 1;
    }
  }

  private static int run(Arguments arguments) throws IOException {
    if (arguments.eksnet().isPresent()) {
      return beside(arguments, arguments.eksnet().get());
    }
    try (var lab = Lab.start(arguments.ports());
        var page = ControlPage.start(lab, arguments.controlPort(), List.of())) {
      var config = write(lab, arguments.work());
      System.out.println(Guide.alone(lab, page.url(), config));
      return sleep();
    }
  }

  private static int beside(Arguments arguments, Path program) throws IOException {
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
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  /** Writes certificates and config; returns the config. */
  private static Path write(Lab lab, Path directory) throws IOException {
    var work = directory.toAbsolutePath().normalize();
    lab.certificates().write(work);
    return Files.writeString(
        work.resolve("eksnet.yaml"), EksnetConfig.of(lab, work.resolve("ca.pem")));
  }

  private static int sleep() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 130;
  }
}
