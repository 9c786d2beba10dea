package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static io.eksnet.probe.net.Bench.await;
import static io.eksnet.probe.net.Bench.failure;
import static io.eksnet.probe.net.Bench.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Outcome;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String UP = "{\"status\":\"UP\"}";
  private static final Bench bench = Bench.with(Map.of());

  @AfterAll
  static void close() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", "raw deflate", "gzip, identity"})
  void decompressesBeforeItMatches(String coding) throws IOException {
    var body =
        coding.toLowerCase(java.util.Locale.ROOT).contains("gzip") ? gzip(UP) : zlib(UP, coding);
    try (var server = server(coding.replace("raw ", ""), body)) {
      success(run(get().bodyMatches("\"UP\""), server));
      assertThat(run(get().bodyLacks("\"UP\""), server).label()).isEqualTo("http_body");
      success(run(get(), server));
    }
  }

  @Test
  void decompressesInTheOppositeOrderOfTheCodings() throws IOException {
    var body = gzip(new String(zlib(UP, ""), StandardCharsets.ISO_8859_1));
    try (var server = server("deflate, gzip", body)) {
      success(run(get().bodyMatches("\"UP\""), server));
    }
  }

  @Test
  void saysThatItDoesNotKnowTheCoding() throws IOException {
    try (var server = server("br", new byte[] {1, 2, 3})) {
      assertThat(failure(run(get().bodyMatches("UP"), server)).detail())
          .isEqualTo("no match of \"UP\" in the body of 3 bytes, which is encoded as br");
      success(run(get(), server));
    }
  }

  @ParameterizedTest
  @CsvSource({"plain", "cut"})
  void reportsWhatIsNotCompressedAsItsHeaderHasIt(String kind) throws IOException {
    var zipped = gzip(UP);
    var body =
        kind.equals("cut")
            ? Arrays.copyOf(zipped, zipped.length - 9)
            : UP.getBytes(StandardCharsets.UTF_8);
    try (var server = server("gzip", body)) {
      var failure = failure(run(get().bodyMatches("UP"), server));

      assertThat(failure.cause()).isEqualTo(Cause.HTTP_BODY);
      assertThat(failure.detail()).startsWith("the body is not valid gzip");
    }
  }

  @Test
  void boundsTheDecompressedSize() throws IOException {
    var bomb = gzip("0".repeat(100_000_000));
    try (var server = server("gzip", bomb)) {
      var failure = failure(run(get().bodyMatches("1"), server));

      assertThat(failure.cause()).isEqualTo(Cause.TOO_LARGE);
      assertThat(failure.detail()).isEqualTo("the decompressed body is longer than 1048576 bytes");
      success(run(get(), server));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GZIP, gzip, success",
    "DEFLATE, deflate, success",
    "GZIP, '', http_body",
    "GZIP, identity, http_body",
    "GZIP, deflate, http_body",
    "DEFLATE, gzip, http_body"
  })
  void requiresTheCompression(Compression required, String coding, String label)
      throws IOException {
    var body = coding.equals("deflate") ? zlib(UP, "") : gzip(UP);
    try (var server = server(coding, body)) {
      assertThat(run(get().with(s -> s.compression(required)), server).label()).isEqualTo(label);
    }
  }

  @Test
  void asksForTheCompression() throws IOException {
    try (var server = server("gzip", gzip(UP))) {
      run(get().with(s -> s.compression(Compression.GZIP)), server);
      run(get(), server);
      run(get().headers(Map.of("accept-encoding", "gzip, br")), server);

      assertThat(server.requests())
          .extracting(
              request -> request.replaceAll("(?is).*\r\naccept-encoding: (.*?)\r\n.*", "$1"))
          .containsExactly("gzip", "identity", "gzip, br");
    }
  }

  @Test
  void requiresNoCompressionOfAnEmptyBody() throws IOException {
    try (var server = server("gzip", new byte[0])) {
      success(run(get().bodyMatches("^$"), server));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    return written(text, bytes, new GZIPOutputStream(bytes));
  }

  private static byte[] zlib(String text, String coding) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, coding.startsWith("raw"));
    return written(text, bytes, new DeflaterOutputStream(bytes, deflater));
  }

  private static byte[] written(String text, ByteArrayOutputStream bytes, OutputStream to)
      throws IOException {
    try (to) {
      to.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  private static RawServer server(String coding, byte[] body) {
    var server = new RawServer[1];
    server[0] =
        RawServer.of(
            socket -> {
              server[0].record(RawServer.request(socket.getInputStream()));
              RawServer.say(
                  socket,
                  "HTTP/1.1 200 OK\r\nContent-Encoding: "
                      + coding
                      + "\r\nContent-Length: "
                      + body.length
                      + "\r\n\r\n");
              socket.getOutputStream().write(body);
            });
    return server[0];
  }

  private static Outcome run(TestHttpSettings given, RawServer server) {
    return await(
        TestHttpSettings.probe(given.settings(), bench)
            .run(TestHttpSettings.target("http://127.0.0.1:" + server.port() + "/"), TIMEOUT));
  }
}
