package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogfmtTest {
  @Test
  void writesAnEventAsOneLineOfFields() {
    assertThat(line("target failed", new KeyValuePair("cause", "timeout")))
        .isEqualTo("ts=2026-11-21T03:00:00Z level=warn msg=\"target failed\" cause=timeout\n");
  }

  @Test
  void escapesLineBreaksAndQuotes() {
    assertThat(line("m", new KeyValuePair("target", "a\" level=info\nts=x\u001b[2J\\")))
        .endsWith(" target=\"a\\\" level=info\\nts=x\\u001b[2J\\\\\"\n")
        .containsOnlyOnce("\n");
  }

  private static String line(String message, KeyValuePair pair) {
    var event = new LoggingEvent();
    event.setLoggerContext(new LoggerContext());
    event.setInstant(Instant.parse("2026-11-21T03:00:00Z"));
    event.setLevel(Level.WARN);
    event.setMessage(message);
    event.addKeyValuePair(pair);
    return new String(new Logfmt().encode(event), UTF_8);
  }
}
