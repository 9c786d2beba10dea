package io.eksnet.cli;

import io.eksnet.agent.ClusterController;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.controller.ControlLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prober that runs until a signal ends the process; after SIGTERM it drains and exits with 143.
 */
final class ProberProcess {
  private static final Logger log = LoggerFactory.getLogger(ProberProcess.class);

  /** Below the chart's terminationGracePeriodSeconds of 30 s. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  private ProberProcess() {}

  /** Blocks; throws {@link io.eksnet.agent.StartException} if the prober cannot start. */
  static int run(Role role, Options options, Environment environment) throws InterruptedException {
    var logs = Logs.configureQueued(options.logLevel, options.logFormat);
    try {
      var prober = Prober.start(role, controllers(role), options.prober(), environment);
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
  private static Optional<ClusterController.Factory> controllers(Role role) {
    return role == Role.AGENT ? Optional.empty() : Optional.of(ControlLoop::create);
  }
}
