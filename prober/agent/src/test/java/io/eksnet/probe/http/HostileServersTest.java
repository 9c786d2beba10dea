package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.http.TestHttpSettings.probe;
import static io.eksnet.probe.http.TestHttpSettings.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Outcome;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that never stop: the run ends with its timeout, has a cause, and keeps next to nothing.
 */
@Timeout(60)
class HostileServersTest {
  private static final Duration SHORT_TIMEOUT = Duration.ofMillis(700);
  private static final long LATEST_NANOS = 10_000_000_000L;
  private static final long MOST_KEPT = 64_000_000;
  private static final Bench bench =
      Bench.with(Map.of("shop.test", java.util.List.of("127.0.0.1")));

  @AfterAll
  static void close() {
    bench.close();
  }

  /** What a server sends first, and then again and again. */
  enum Flood {
    INTERIM("", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"),
    HEADERS("HTTP/1.1 200 OK\r\n", "A: b\r\n"),
    ONE_HEADER("HTTP/1.1 200 OK\r\nX: ", "aaaaaaaaaaaaaaaa"),
    STATUS_LINE("HTTP/1.1 200 ", "OK OK OK OK OK OK "),
    CHUNK_EXTENSION("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=", "bbbbbbbb"),
    CHUNK_EXTENSIONS(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1;" + "a".repeat(4_000) + "\r\nx\r\n"),
    TRAILERS("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"),
    BODY("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(1_000)),
    BLANK_LINES("", "\r\n"),
    TLS_GARBAGE("\u0016\u0003\u0003@\0\u0002\u00ff\u00ff\u00ff", "\u0016\u0003\u0003@\0aaaa"),
    TLS_WARNINGS("", "\u0015\u0003\u0003\0\2\1\0");

    private final String first;
    private final String again;

    Flood(String first, String again) {
      this.first = first;
      this.again = again;
    }

    void pour(Socket socket) throws IOException {
      RawServer.say(socket, first);
      var much = again.repeat(Math.max(1, 60_000 / again.length()));
      while (true) {
        RawServer.say(socket, much);
      }
    }

    String scheme() {
      return name().startsWith("TLS") ? "https" : "http";
    }
  }

  @ParameterizedTest
  @EnumSource(Flood.class)
  void endsFloodWithTheRun(Flood flood) throws IOException {
    try (var server = RawServer.of(flood::pour)) {
      var url = flood.scheme() + "://shop.test:" + server.port() + "/";
      var probe = probe(get().settings(), bench);
      var before = used();
      var began = System.nanoTime();

      var outcome = Bench.await(probe.run(target(url), SHORT_TIMEOUT));
      while (outcome instanceof Outcome.NotRun) { // on a busy machine
        began = System.nanoTime();
        outcome = Bench.await(probe.run(target(url), SHORT_TIMEOUT));
      }

      assertThat(outcome).isInstanceOf(Outcome.Failure.class);
      assertThat(System.nanoTime() - began).isLessThan(LATEST_NANOS);
      assertThat(outcome.toString()).hasSizeLessThan(5_000);
      assertThat(used() - before).isLessThan(MOST_KEPT);
    }
  }

  /** A bomb stays packed: requests accept no gzip, and responses are not unpacked. */
  @Test
  void doesNotDecompressBodies() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[100_000_000]);
    }
    try (var server =
        RawServer.of(
            socket -> {
              var request = RawServer.request(socket.getInputStream());
              assertThat(request.toLowerCase(java.util.Locale.ROOT))
                  .contains("accept-encoding: identity\r\n");
              RawServer.say(
                  socket,
                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                      + packed.size()
                      + "\r\n\r\n");
              socket.getOutputStream().write(packed.toByteArray());
            })) {
      var url = "http://shop.test:" + server.port() + "/";

      var outcome =
          Bench.await(probe(get().settings(), bench).run(target(url), Duration.ofSeconds(20)));

      assertThat(outcome.succeeded()).isTrue();
      assertThat(Bench.attributes(outcome, "body")).containsExactly(packed.size() + " bytes");
    }
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
