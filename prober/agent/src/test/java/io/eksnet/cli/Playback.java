package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of a process once more, as they were recorded a second apart: calm for a while, over
 * and over, then the fault, whose last seconds are repeated for as long as anybody asks.
 */
final class Playback implements AutoCloseable {
  private static final int STEADY = 4;

  private final HttpServer server;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Frame> calm;
  private volatile List<Frame> fault = List.of();
  private volatile Frame now;
  private List<Frame> current = List.of();
  private int step;

  private Playback(HttpServer server, List<Frame> calm) {
    this.server = server;
    this.calm = calm;
    this.now = calm.get(0);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it runs until it is closed
  static Playback start(List<Frame> calm) throws IOException {
    var playback = new Playback(HttpServer.create(new InetSocketAddress(loopback(), 0), 16), calm);
    playback.server.createContext(
        "/metrics",
        exchange -> {
          try (exchange) {
            var body = playback.now.page().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    playback.server.start();
    playback.clock.scheduleAtFixedRate(playback::advance, 1, 1, TimeUnit.SECONDS);
    return playback;
  }

  /** From now on it goes as it went in these frames; the first is from before the fault. */
  void strike(List<Frame> frames) {
    fault = List.copyOf(frames);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    server.stop(0);
  }

  private void advance() {
    var faulty = !fault.isEmpty();
    var frames = faulty ? fault : calm;
    if (faulty && frames != current) {
      step = 0;
      current = frames;
    }
    step++;
    if (step >= frames.size()) {
      step = faulty ? Math.max(1, frames.size() - STEADY) : 1;
    }
    now = now.then(frames.get(step - 1), frames.get(step), System.currentTimeMillis());
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
