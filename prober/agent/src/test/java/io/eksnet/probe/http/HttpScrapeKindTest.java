package io.eksnet.probe.http;

import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static io.eksnet.probe.net.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.ScrapedSample;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpScrapeKindTest {
  private static final Bench bench = Bench.with(Map.of());

  @AfterAll
  static void close() {
    bench.close();
  }

  @Test
  void notesSamplesOfSuccess() throws IOException {
    try (var server =
        RawServer.of(
            answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"))) {
      assertThat(success(run(server)).notes())
          .contains(new Note.Read(List.of(new ScrapedSample("length", Map.of(), 4))));
    }
  }

  @Test
  void rejectsPageWithoutSamples() throws IOException {
    try (var server = RawServer.of(answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))) {
      var outcome = failure(run(server));

      assertThat(outcome.cause()).isEqualTo(Cause.HTTP_BODY);
      assertThat(outcome.detail()).isEqualTo("the page has none of the expected samples");
    }
  }

  @Test
  void doesNotParseErrorPages() throws IOException {
    try (var server = RawServer.of(answer("HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nabcd"))) {
      var outcome = failure(run(server));

      assertThat(outcome.cause()).isEqualTo(Cause.HTTP_STATUS);
      assertThat(outcome.notes()).noneMatch(Note.Read.class::isInstance);
    }
  }

  @Test
  void boundsPageSize() throws IOException {
    try (var server = RawServer.of(answer("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1_048_577)))) {
      assertThat(failure(run(server)).cause()).isEqualTo(Cause.TOO_LARGE);
    }
  }

  private static Outcome run(RawServer server) {
    var kind =
        new HttpScrapeKind(
            "page",
            body ->
                body.isEmpty()
                    ? List.of()
                    : List.of(new ScrapedSample("length", Map.of(), body.length())));
    return Bench.await(
        kind.create(HttpSettings.DEFAULT, bench.network())
            .run(
                kind.target("http://127.0.0.1:" + server.port() + "/metrics", HttpSettings.DEFAULT),
                Duration.ofSeconds(10)));
  }
}
