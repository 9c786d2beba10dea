package io.eksnet.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configures logging: one line per event, on standard error. */
final class Logs {
  enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  enum Format {
    LOGFMT,
    JSON
  }

  private Logs() {}

  /** Writes events at once, for commands that end. */
  static void configure(Level level, Format format) {
    var context = context();
    configure(context, level, console(context, format));
  }

  /** Writes events on a thread of its own, for processes that must never wait for a log line. */
  static QueueAppender configureQueued(Level level, Format format) {
    var context = context();
    var queue = new QueueAppender(console(context, format));
    queue.setContext(context);
    queue.start();
    configure(context, level, queue);
    return queue;
  }

  private static LoggerContext context() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    return context;
  }

  private static Appender<ILoggingEvent> console(LoggerContext context, Format format) {
    Encoder<ILoggingEvent> lines = format == Format.JSON ? new JsonEncoder() : new Logfmt();
    var encoder = new RedactingEncoder(lines);
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setTarget("System.err");
    console.setEncoder(encoder);
    for (ContextAware part : new ContextAware[] {lines, encoder, console}) {
      part.setContext(context);
    }
    lines.start();
    encoder.start();
    console.start();
    return console;
  }

  private static void configure(
      LoggerContext context, Level level, Appender<ILoggingEvent> appender) {
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(ch.qos.logback.classic.Level.WARN);
    root.addAppender(appender);
    // The informers report a broken connection once, as the reason why a resource is unavailable.
    context
        .getLogger("io.fabric8.kubernetes.client.jdkhttp")
        .setLevel(ch.qos.logback.classic.Level.ERROR);
    context
        .getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
        .setLevel(ch.qos.logback.classic.Level.OFF);
    context.getLogger("io.eksnet").setLevel(ch.qos.logback.classic.Level.toLevel(level.name()));
  }
}
