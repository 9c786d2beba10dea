package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueueAppenderTest {
  private static final int CAPACITY = 8;

  private final LoggerContext context = new LoggerContext();
  private final Blockable target = new Blockable();
  private final QueueAppender queue = new QueueAppender(target, CAPACITY);
  private final org.slf4j.Logger log = context.getLogger("test");

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    target.setContext(context);
    target.start();
    queue.setContext(context);
    queue.start();
    context.getLogger("test").addAppender(queue);
  }

  @AfterEach
  void stop() {
    target.open.countDown();
    queue.stop();
  }

  @Test
  void writesEventsInOrder() {
    target.open.countDown();
    for (var i = 0; i < CAPACITY; i++) {
      log.warn("event {}", i);
    }
    queue.flush(Duration.ofSeconds(30));

    assertThat(target.messages).hasSize(CAPACITY).startsWith("event 0").endsWith("event 7");
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void dropsAndCountsEventsWhileTheTargetIsBlocked() throws Exception {
    log.warn("first");
    target.entered.await();
    for (var i = 0; i < CAPACITY + 100; i++) {
      log.warn("event {}", i);
    }

    assertThat(queue.dropped()).isEqualTo(100);
    queue.flush(Duration.ofMillis(10)); // returns although nothing can be written
    assertThat(target.messages).isEmpty();

    target.open.countDown();
    queue.flush(Duration.ofSeconds(30));
    assertThat(target.messages)
        .hasSize(CAPACITY + 2)
        .startsWith("first", "log events dropped because standard error is blocked count=100")
        .endsWith("event 7");
  }

  private static final class Blockable extends AppenderBase<ILoggingEvent> {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var pairs = event.getKeyValuePairs();
      messages.add(
          event.getFormattedMessage()
              + (pairs == null ? "" : " " + pairs.get(0).key + "=" + pairs.get(0).value));
    }
  }
}
