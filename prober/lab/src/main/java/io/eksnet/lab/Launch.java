package io.eksnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;

/** How the programs of the lab start and end: what goes wrong is a line, and an exit status. */
public final class Launch {
  private static final int INTERRUPTED = 130;

  /** A program; its result is the exit status. */
  @FunctionalInterface
  public interface Program {
    /** Runs until it ends or a signal comes. */
    int run(String... args) throws IOException, InterruptedException;
  }

  private Launch() {}

  /**
   * Runs a program and exits as it does.
   *
   * @param name begins each line about what went wrong
   * @param usage is shown with an {@link IllegalArgumentException}
   */
  public static void exit(String name, String usage, Program program, String... args) {
    // Netty and fabric8 log through slf4j, and the lab has nothing to say there.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(status(name, usage, program, args));
  }

  private static int status(String name, String usage, Program program, String... args) {
    try {
      return program.run(args);
    } catch (IllegalArgumentException e) {
      System.err.println(name + ": " + e.getMessage());
      System.err.print(usage);
      return 1;
    } catch (UncheckedIOException e) {
      System.err.println(name + ": " + e.getMessage() + "; does another lab run?");
      return 1;
    } catch (IOException e) {
      System.err.println(name + ": " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    }
  }
}
