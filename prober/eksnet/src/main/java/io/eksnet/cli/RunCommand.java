package io.eksnet.cli;

import io.eksnet.agent.ClusterController;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.controller.ControlLoop;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs until a signal ends the process; after SIGTERM it drains and exits with 143. */
@Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class)
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
    Logs.configure(options.logLevel, options.logFormat);
    if (options.configCheck) {
      return options.check(spec.commandLine().getOut(), environment);
    }
    var prober = Prober.start(role, controllers(), options.prober(), environment);
    Runtime.getRuntime().addShutdownHook(new Thread(prober::close, "drain"));
    Signals.onHangup(prober::reload);
    new CountDownLatch(1).await();
    return 0;
  }

  /** The class path of agents has no controller classes. */
  private Optional<ClusterController.Factory> controllers() {
    return role == Role.AGENT ? Optional.empty() : Optional.of(ControlLoop::create);
  }
}
