package io.eksnet.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * How long a controller takes to respond to a small request, while its status page is open and its
 * findings are read. Its event loop answers, so a response waits for whatever else runs there.
 */
final class ResponseTimes implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 10;
  private static final int FINDINGS_EVERY = 100;

  private final ScrapeClient client;
  private final InputStream statusPage;
  private final DurationSamples samples = new DurationSamples();
  private final Thread pageReader;
  private final Thread requests;
  private volatile boolean closed;

  ResponseTimes(int port) {
    client = new ScrapeClient(port);
    statusPage = open("http://127.0.0.1:" + port + "/api/v1/live");
    pageReader = start("bench-page", this::readPage);
    requests = start("bench-requests", this::request);
  }

  private static InputStream open(String uri) {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofInputStream())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Thread start(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void readPage() {
    var buffer = new byte[1 << 16];
    try {
      while (statusPage.read(buffer) >= 0) {
        // as a browser does
      }
    } catch (IOException e) {
      if (!closed) {
        throw new UncheckedIOException("the status page ended", e);
      }
    }
  }

  private void request() {
    try {
      for (var i = 1; !closed; i++) {
        var start = System.nanoTime();
        client.fetchOnly("/-/healthy", false);
        samples.add(System.nanoTime() - start);
        if (i % FINDINGS_EVERY == 0) {
          client.fetchOnly("/api/v1/findings", true);
        }
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the requests; in milliseconds. */
  double quantile(double share) throws InterruptedException {
    closed = true;
    requests.join();
    return samples.quantile(share) * 1e3;
  }

  @Override
  public void close() {
    closed = true;
    try {
      statusPage.close();
      pageReader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
