package io.eksnet.cli;

import io.eksnet.agent.Environment;
import io.eksnet.agent.StartException;

/** The start of the program. */
public final class Main {
  /** Exit code for an invalid flag, an invalid config or a failed start. */
  static final int FAILED = 1;

  /** Of error messages. */
  static final String PREFIX = "eksnet: ";

  private Main() {}

  public static void main(String[] args) {
    var environment = System.getenv();
    var run = RunArguments.of(environment, args);
    System.exit(
        run.isPresent()
            ? run(run.get(), Environment.of(environment))
            : RootCommand.line(environment).execute(args));
  }

  private static int run(RunArguments arguments, Environment environment) {
    try {
      return ProberProcess.run(arguments.role(), arguments.options(), environment);
    } catch (Exception e) {
      System.err.println(PREFIX + message(e));
      return FAILED;
    }
  }

  static String message(Exception e) {
    return String.valueOf(e instanceof StartException ? e.getMessage() : e);
  }
}
