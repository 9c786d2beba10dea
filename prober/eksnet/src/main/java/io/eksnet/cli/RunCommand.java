package io.eksnet.cli;

import io.eksnet.agent.ClusterController;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.controller.ControlLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs until a signal ends the process; after SIGTERM it drains and exits with 143. */
@Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

  /** Below the chart's terminationGracePeriodSeconds of 30 s. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

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
    var logs = Logs.configureQueued(options.logLevel, options.logFormat);
    try {
      var prober = Prober.start(role, controllers(), options.prober(), environment);
      prober.metrics().logEventsDropped(logs::dropped);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(prober, logs), "shutdown"));
      Signals.onHangup(prober::reload);
      new CountDownLatch(1).await();
      return 0;
    } finally {
      logs.flush(FLUSH_TIMEOUT);
    }
  }

  /** The process ends when this returns, whatever is not closed by then. */
  private static void stop(Prober prober, QueueAppender logs) {
    var closing = new Thread(prober::close, "close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      log.atWarn().addKeyValue("after", CLOSE_TIMEOUT).log("not everything closed in time");
    }
    logs.flush(FLUSH_TIMEOUT);
  }

  /** The class path of agents has no controller classes. */
  private Optional<ClusterController.Factory> controllers() {
    return role == Role.AGENT ? Optional.empty() : Optional.of(ControlLoop::create);
  }
}
