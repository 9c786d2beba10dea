package io.eksnet.cli;

import io.eksnet.agent.BuildInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command that prints the version. */
@Command(name = "version", description = "Print the version, as --version does.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().getOut().println(BuildInfo.line());
  }
}
