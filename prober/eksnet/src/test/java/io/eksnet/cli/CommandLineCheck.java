package io.eksnet.cli;

import io.eksnet.agent.Environment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the program makes of a command line and an environment, for tests of other packages. */
public final class CommandLineCheck {
  private CommandLineCheck() {}

  /** What it complains of with {@code --config.check}; empty: nothing. */
  public static String complaints(Map<String, String> environment, List<String> arguments) {
    var errors = new StringWriter();
    var line = RootCommand.line(environment);
    line.setOut(new PrintWriter(new StringWriter()));
    line.setErr(new PrintWriter(errors));
    for (var command : line.getSubcommands().values()) {
      command.setOut(line.getOut());
      command.setErr(line.getErr());
    }
    var all = new java.util.ArrayList<>(arguments);
    all.add("--config.check");
    var exit = line.execute(all.toArray(String[]::new));
    return exit == 0 ? "" : "exit " + exit + ": " + errors;
  }

  /** Where an agent in this environment finds the controller. */
  public static Optional<InetSocketAddress> controller(Map<String, String> environment) {
    return Environment.of(environment).controller();
  }

  /** Which of these the program reads besides the variables of its flags. */
  public static String node(Map<String, String> environment) {
    var here = Environment.of(environment);
    return String.join(
        " ", here.node(), here.hostAddress().orElse("-"), here.pod(), here.namespace());
  }
}
