package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.RawServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadBalancerAnswerTest {
  private static final Bench bench =
      Bench.with(Map.of("lb.test", List.of("127.0.0.1", "127.0.0.2")));

  @AfterAll
  static void close() {
    bench.close();
  }

  /** As captured from an ALB without registered targets. */
  private static final String UNAVAILABLE =
      """
      HTTP/1.1 503 Service Temporarily Unavailable
      Server: awselb/2.0
      Date: Thu, 26 Feb 2026 22:49:53 GMT
      Content-Type: text/html
      Content-Length: 162
      Connection: keep-alive

      <html>
      <head><title>503 Service Temporarily Unavailable</title></head>
      <body>
      <center><h1>503 Service Temporarily Unavailable</h1></center>
      </body>
      </html>
      """
          .replace("\n", "\r\n");

  @Test
  void rejects5xxFromTheLoadBalancerItself() throws IOException {
    try (var server = RawServer.of(answer(UNAVAILABLE))) {
      var outcome = failure(run(served(), url(server, "127.0.0.1")));

      assertThat(outcome.cause()).isEqualTo(Cause.HTTP_STATUS);
      assertThat(outcome.detail())
          .isEqualTo("status 503 from the load balancer itself, expected served");
      assertThat(outcome.notes()).contains(new Note.Answered(503, true));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503|nginx|Content-Length: 0|false|success",
        "200|nginx|Content-Length: 0|false|success",
        "404|awselb/2.0|Content-Length: 0|true|success",
        "301|awselb/2.0|Location: https://lb.test/|true|success",
        "502|awselb/2.0|Content-Length: 0|true|http_status",
        "502|awselb/2.0|Transfer-Encoding: chunked|false|success",
        "502|awselb/2.0|Content-Length: 1025|false|success",
        "599|nginx|Content-Length: 0|false|success",
      })
  void acceptsServedResponses(
      int code, String serverName, String header, boolean byLoadBalancer, String outcome)
      throws IOException {
    var body = header.contains("chunked") ? "0\r\n\r\n" : header.endsWith("25") ? BODY : "";
    var text = "HTTP/1.1 " + code + " X\r\nServer: " + serverName + "\r\n" + header + "\r\n\r\n";
    try (var server = RawServer.of(answer(text + body))) {
      var seen = run(served(), url(server, "127.0.0.1"));

      assertThat(seen.label()).isEqualTo(outcome);
      assertThat(seen.notes()).contains(new Note.Answered(code, byLoadBalancer));
    }
  }

  private static final String BODY = "x".repeat(1025);

  @Test
  void notesOnlyTheFinalResponse() throws IOException {
    try (var server =
        RawServer.of(
            socket -> {
              var path = RawServer.request(socket.getInputStream()).split(" ")[1];
              RawServer.say(
                  socket,
                  path.equals("/")
                      ? "HTTP/1.1 302 X\r\nLocation: /in\r\nContent-Length: 0\r\n\r\n"
                      : "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n");
            })) {
      var seen = run(HttpSettings.DEFAULT, url(server, "127.0.0.1"));

      assertThat(answers(seen)).containsExactly(new Note.Answered(200, false));
    }
  }

  @Test
  void notesTheRedirectAboveTheLimit() throws IOException {
    try (var server =
        RawServer.of(answer("HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"))) {
      var seen = run(get().maxRedirects(2).settings(), url(server, "127.0.0.1"));

      assertThat(seen.label()).isEqualTo("redirect_limit");
      assertThat(answers(seen)).containsExactly(new Note.Answered(302, false));
    }
  }

  @Test
  void notesNothingWithoutResponse() throws IOException {
    try (var server = RawServer.of(RawServer::reset)) {
      var seen = failure(run(served(), url(server, "127.0.0.1")));

      assertThat(seen.phase()).isIn(Phase.CONNECT, Phase.PROCESSING);
      assertThat(answers(seen)).isEmpty();
    }
  }

  @Test
  void notesAllAddressesInEachPart() throws IOException {
    try (var server = RawServer.of(answer("HTTP/1.1 204 X\r\n\r\n"))) {
      var seen = run(get().addresses(AddressSelection.ALL).settings(), url(server, "lb.test"));

      var all =
          new Note.Resolved(
              List.of(
                  InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                  InetAddress.getByAddress(new byte[] {127, 0, 0, 2})));
      assertThat(seen.leaves())
          .hasSize(2)
          .allSatisfy(leaf -> assertThat(leaf.notes()).contains(all));
    }
  }

  private static List<Note> answers(Outcome outcome) {
    return outcome.notes().stream().filter(Note.Answered.class::isInstance).toList();
  }

  private static HttpSettings served() {
    return get().status("served").maxRedirects(0).settings();
  }

  private static String url(RawServer server, String host) {
    return "http://" + host + ":" + server.port() + "/";
  }

  private static Outcome run(HttpSettings settings, String url) {
    return Bench.await(
        TestHttpSettings.probe(settings, bench)
            .run(TestHttpSettings.target(url), Duration.ofSeconds(10)));
  }
}
