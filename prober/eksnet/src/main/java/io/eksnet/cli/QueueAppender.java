package io.eksnet.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.event.KeyValuePair;

/**
 * Passes events to another appender on a thread of its own, so that no caller waits for standard
 * error: a pipe that nobody reads blocks its writers. Events that the queue has no room for are
 * dropped and counted; the count is logged when there is room again.
 */
final class QueueAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** About 2 MiB of events. */
  static final int CAPACITY = 4_096;

  private final Appender<ILoggingEvent> target;
  private final BlockingQueue<ILoggingEvent> queue;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread writer = new Thread(this::write, "log-writer");
  private final AtomicInteger pending = new AtomicInteger();
  private long reported;

  QueueAppender(Appender<ILoggingEvent> target) {
    this(target, CAPACITY);
  }

  QueueAppender(Appender<ILoggingEvent> target, int capacity) {
    this.target = target;
    queue = new ArrayBlockingQueue<>(capacity);
    writer.setDaemon(true);
  }

  @Override
  public void start() {
    super.start();
    writer.start();
  }

  /** Ends the thread; what it has not written is lost. */
  @Override
  public void stop() {
    super.stop();
    writer.interrupt();
  }

  /** The number of events that were dropped. */
  long dropped() {
    return dropped.get();
  }

  /** Waits until all events are written, for up to {@code timeout}. */
  void flush(Duration timeout) {
    var deadline = System.nanoTime() + timeout.toNanos();
    while (pending.get() > 0 && System.nanoTime() - deadline < 0) {
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    pending.incrementAndGet();
    if (!queue.offer(event)) {
      pending.decrementAndGet();
      dropped.incrementAndGet();
    }
  }

  private void write() {
    while (isStarted()) {
      try {
        var event = queue.take();
        target.doAppend(event);
        reportDropped();
        pending.decrementAndGet();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void reportDropped() {
    var count = dropped.get() - reported;
    if (count > 0) {
      reported += count;
      target.doAppend(event(count));
    }
  }

  private ILoggingEvent event(long count) {
    var logger = ((LoggerContext) getContext()).getLogger(QueueAppender.class);
    var event =
        new LoggingEvent(
            QueueAppender.class.getName(),
            logger,
            Level.WARN,
            "log events dropped because standard error is blocked",
            /* throwable= */ null,
            /* argArray= */ null);
    event.addKeyValuePair(new KeyValuePair("count", count));
    return event;
  }
}
