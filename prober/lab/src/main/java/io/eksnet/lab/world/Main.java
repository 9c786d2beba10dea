package io.eksnet.lab.world;

import io.eksnet.lab.Launch;
import java.io.IOException;

/** The lab's cluster and services as a program, with eksnet beside them: {@code make run}. */
public final class Main {
  private Main() {}

  /** Runs until eksnet ends or a signal comes; exits as eksnet does. */
  public static void main(String[] args) {
    Launch.exit("lab", Words.USAGE, words -> beside(Words.of(words)), args);
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
