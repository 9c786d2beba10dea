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
    return run(0, arguments);
  }

  /** What a command with this exit code prints, errors included. */
  public static String run(int exitCode, String... arguments) {
    var out = new StringWriter();
    var line = RootCommand.line(Map.of()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    assertThat(line.execute(arguments)).isEqualTo(exitCode);
    return out.toString();
  }
}
