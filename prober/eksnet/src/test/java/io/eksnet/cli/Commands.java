package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** Runs commands that end, in this JVM. */
public final class Commands {
  private Commands() {}

  /** What a command that succeeds prints. */
  public static String run(String... arguments) {
    var out = new StringWriter();
    var exit = RootCommand.line(Map.of()).setOut(new PrintWriter(out)).execute(arguments);
    assertThat(exit).isZero();
    return out.toString();
  }
}
