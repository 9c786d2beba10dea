package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.eksnet.model.Cause;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.tcp.TcpSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StateChangeLoggerTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Logger logger = (Logger) LoggerFactory.getLogger(StateChangeLogger.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final StateChangeLogger changes = new StateChangeLogger();

  @BeforeEach
  void listen() {
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  @Test
  void logsAFailureOnce() {
    changes.onObservation(failed("a"));
    changes.onObservation(failed("a"));

    assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("target failed");
  }

  @Test
  void logsUnreadableHostFilesOnceAndTheirRecovery() {
    changes.onHostFiles(Optional.empty());
    changes.onHostFiles(Optional.of("cannot read /etc/hosts"));
    changes.onHostFiles(Optional.of("cannot read /etc/hosts"));
    changes.onHostFiles(Optional.empty());
    changes.onHostFiles(Optional.empty());

    assertThat(log.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "cannot read host files, keeping previous content", "host files readable again");
  }

  @Test
  void forgetsRemovedTargetsOnly() {
    changes.onObservation(failed("kept"));
    changes.onObservation(failed("removed"));

    changes.retain(Set.of("kept"));
    changes.onObservation(failed("kept"));
    changes.onObservation(failed("removed"));

    assertThat(log.list)
        .extracting(event -> event.getKeyValuePairs().get(0).value)
        .containsExactly("kept", "removed", "removed");
  }

  private static Observation failed(String id) {
    var task =
        new Task(
            id,
            new SeriesKey.UserProbeKey(id, "tcp", "db:1"),
            "tcp",
            TcpSettings.DEFAULT,
            Target.of("db:1", "db", 1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            false);
    var failure = new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "late");
    return new Observation(task, NOON, Duration.ofSeconds(1), failure);
  }
}
