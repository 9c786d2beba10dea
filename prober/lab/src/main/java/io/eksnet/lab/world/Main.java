package io.eksnet.lab.world;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The lab's cluster and services as a program, with eksnet beside them: {@code make run}. */
public final class Main {
  private Main() {}

  /** Runs until eksnet ends or a signal comes; exits as eksnet does. */
  public static void main(String[] args) {
    // Netty and fabric8 log through slf4j, and the lab has nothing to say there.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      return beside(Words.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println("lab: " + e.getMessage());
      System.err.print(Words.USAGE);
      return 1;
    } catch (UncheckedIOException e) {
      System.err.println("lab: " + e.getMessage() + "; does another lab run?");
      return 1;
    } catch (IOException e) {
      System.err.println("lab: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private static int beside(Words words) throws IOException, InterruptedException {
    try (var stand = Stand.start(words)) {
      if (stand.awaitReady()) {
        System.out.println(guide(stand));
        words.scenario().ifPresent(stand.cluster().replay()::play);
      }
      return stand.awaitEnd();
    }
  }

  private static String guide(Stand stand) {
    return """

        The lab stands, and eksnet watches it.

        %s
        %s
        Ctrl-C ends all.
        """
        .formatted(stand.guide(), stand.cluster().guide().indent(2));
  }
}
