package io.eksnet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** Asks a program on a port of 127.0.0.1 as a scraper would. */
final class ScrapeClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String origin;

  ScrapeClient(int port) {
    this.origin = "http://127.0.0.1:" + port;
  }

  /** A page, compressed on its way as Prometheus asks for it. */
  String page(String path) {
    return text(fetch(path, true));
  }

  /** Fetches a page and throws it away. */
  void fetchOnly(String path, boolean compressed) {
    fetch(path, compressed);
  }

  /** Waits until a path answers 200, while {@code child} runs. */
  void await(String path, BenchProcess child, long everyMillis) throws InterruptedException {
    var end = System.nanoTime() + TIMEOUT.toNanos();
    while (!answers(path)) {
      child.mustRun();
      if (System.nanoTime() > end) {
        throw new IllegalStateException(origin + path + " did not answer 200 in " + TIMEOUT);
      }
      Thread.sleep(everyMillis);
    }
  }

  /** Posts nothing; the answer must be 200. */
  void post(String path) {
    var request = request(path).POST(HttpRequest.BodyPublishers.noBody()).build();
    var answer = send(request);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + text(answer));
    }
  }

  private boolean answers(String path) throws InterruptedException {
    try {
      return CLIENT.send(request(path).build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // does not listen yet
    }
  }

  private HttpResponse<byte[]> fetch(String path, boolean compressed) {
    var request =
        request(path)
            .header("Accept", "text/plain;version=0.0.4")
            .header("Accept-Encoding", compressed ? "gzip" : "identity")
            .build();
    var answer = send(request);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.statusCode());
    }
    return answer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(origin + path)).timeout(TIMEOUT);
  }

  private static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from " + request.uri(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    var gzip = answer.headers().firstValue("Content-Encoding").orElse("").equals("gzip");
    try (InputStream in = new ByteArrayInputStream(answer.body());
        var out = gzip ? new GZIPInputStream(in, 1 << 16) : in) {
      return new String(out.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
