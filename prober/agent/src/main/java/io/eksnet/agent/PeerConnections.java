package io.eksnet.agent;

import io.eksnet.config.Controller;
import io.eksnet.web.PeerClient;
import io.eksnet.web.SharedToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from agents to the controller and back: the token, and a client on the current files. */
public final class PeerConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerConnections.class);
  private static final int LONGEST = 2 * 1024 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Controller settings;
  private final SharedToken token;
  private volatile Line line;
  private String trouble = "";

  private record Line(Optional<Buffer> authorities, PeerClient client) {}

  /** Reads the files; not for an event loop. */
  public PeerConnections(Vertx vertx, Controller settings, InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    token = new SharedToken(settings.tokenFile(), clock);
    token.reload();
    line = line(settings.caFile().isEmpty() ? Optional.empty() : Optional.of(authorities()));
  }

  public SharedToken token() {
    return token;
  }

  /** Asks the other side; see {@link PeerClient#get}. */
  public Future<PeerClient.Response> get(
      String host, int port, String path, Optional<String> etag) {
    return line.client().get(host, port, path, etag);
  }

  /** Follows the files; not for an event loop. Files that cannot be read change nothing. */
  public synchronized void refresh() {
    token.reload();
    var now = settings.caFile().isEmpty() ? line.authorities() : Optional.of(authorities());
    if (!now.equals(line.authorities()) && now.filter(pem -> pem.length() > 0).isPresent()) {
      var before = line;
      line = line(now);
      before.client().close();
      log.info("authorities of the other side read");
    }
  }

  /** Empty bytes, which no certificate leads to, when they cannot be read: never plain text. */
  private Buffer authorities() {
    try {
      var read = Buffer.buffer(Files.readAllBytes(settings.caFile().orElseThrow()));
      trouble = "";
      return read;
    } catch (IOException e) {
      if (!trouble.equals(e.toString())) {
        trouble = e.toString();
        log.atWarn().addKeyValue("reason", trouble).log("controller.ca_file cannot be read");
      }
      return Buffer.buffer();
    }
  }

  private Line line(Optional<Buffer> authorities) {
    return new Line(
        authorities,
        new PeerClient(vertx, token, authorities, settings.serverName(), LONGEST, TIMEOUT));
  }

  @Override
  public void close() {
    line.client().close();
  }
}
