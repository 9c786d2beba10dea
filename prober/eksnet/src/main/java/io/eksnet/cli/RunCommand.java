package io.eksnet.cli;

import io.eksnet.agent.Environment;
import io.eksnet.agent.Role;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs until a signal ends the process, or checks its config. */
@Command(mixinStandardHelpOptions = true, versionProvider = RootCommand.Version.class)
final class RunCommand implements Callable<Integer> {
  private final Role role;
  private final Environment environment;

  @Mixin private Options options = new Options();

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand(Role role, Environment environment) {
    this.role = role;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (options.configCheck) {
      Logs.configure(options.logLevel, options.logFormat);
      return options.check(spec.commandLine().getOut(), environment);
    }
    return ProberProcess.run(role, options, environment);
  }
}
