package io.eksnet.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.eksnet.core.Cause;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome;
import io.eksnet.core.Phase;
import io.eksnet.core.Subject;
import io.eksnet.core.Target;
import io.eksnet.core.Task;
import io.eksnet.probe.tcp.TcpSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TransitionsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Logger logger = (Logger) LoggerFactory.getLogger(Transitions.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Transitions transitions = new Transitions();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  @Test
  void theSameFailureIsLoggedOnce() {
    transitions.saw(failed("a"));
    transitions.saw(failed("a"));

    assertThat(log.list).extracting(ILoggingEvent::getMessage).containsExactly("target failed");
  }

  @Test
  void aRemovedTargetIsForgottenAndTheOthersAreNot() {
    transitions.saw(failed("kept"));
    transitions.saw(failed("removed"));

    transitions.retain(Set.of("kept"));
    transitions.saw(failed("kept"));
    transitions.saw(failed("removed"));

    assertThat(log.list)
        .extracting(event -> event.getKeyValuePairs().get(0).value)
        .containsExactly("kept", "removed", "removed");
  }

  private static Observation failed(String id) {
    var task =
        new Task(
            id,
            new Subject.OwnProbe(id, "tcp", "db:1"),
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
