package io.eksnet.agent;

import io.eksnet.config.BoundedFile;
import io.eksnet.config.ControllerSettings;
import io.eksnet.web.PeerClient;
import io.eksnet.web.SharedToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests between agents and controllers: the shared token, and a client with the current CA. */
public final class PeerConnections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerConnections.class);
  private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  /** The compressed state of a leader: that of 5,000 nodes fits. */
  private static final int MAX_STATE_BYTES = 64 * 1024 * 1024;

  private static final Duration STATE_TIMEOUT = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final ControllerSettings settings;
  private final SharedToken token;
  private final Optional<BoundedFile> caFile;
  private volatile Connection connection;
  private String lastError = "";

  private record Connection(
      Optional<Buffer> authorities, PeerClient client, PeerClient stateClient) {
    void close() {
      client.close();
      stateClient.close();
    }
  }

  /** Reads the files; blocks. */
  public PeerConnections(Vertx vertx, ControllerSettings settings, InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    caFile = settings.caFile().map(path -> new BoundedFile(path, MAX_BODY_BYTES));
    token = new SharedToken(settings.tokenFile(), clock);
    token.reload();
    connection =
        connection(settings.caFile().isEmpty() ? Optional.empty() : Optional.of(authorities()));
  }

  public SharedToken token() {
    return token;
  }

  /** Sends a request; see {@link PeerClient#get}. */
  public Future<PeerClient.Response> get(
      String host, int port, String path, Optional<String> etag) {
    return connection.client().get(host, port, path, etag);
  }

  /** Sends a request whose response may be large: the state of a leader. */
  public Future<PeerClient.Response> state(String host, int port, String path) {
    return connection.stateClient().get(host, port, path, Optional.empty());
  }

  /** Reads the files again; blocks. A file that cannot be read changes nothing. */
  public synchronized void refresh() {
    token.reload();
    var now = settings.caFile().isEmpty() ? connection.authorities() : Optional.of(authorities());
    if (!now.equals(connection.authorities()) && now.filter(pem -> pem.length() > 0).isPresent()) {
      var before = connection;
      connection = connection(now);
      before.close();
      log.atInfo()
          .addKeyValue("file", settings.caFile().orElseThrow())
          .log("controller.ca_file reloaded");
    }
  }

  /** Empty if the file cannot be read: then no certificate is trusted, but TLS stays on. */
  private Buffer authorities() {
    try {
      var read = Buffer.buffer(caFile.orElseThrow().read());
      lastError = "";
      return read;
    } catch (IOException e) {
      if (!lastError.equals(e.toString())) {
        lastError = e.toString();
        log.atWarn().addKeyValue("error", lastError).log("cannot read controller.ca_file");
      }
      return Buffer.buffer();
    }
  }

  private Connection connection(Optional<Buffer> authorities) {
    return new Connection(
        authorities,
        client(authorities, MAX_BODY_BYTES, REQUEST_TIMEOUT),
        client(authorities, MAX_STATE_BYTES, STATE_TIMEOUT));
  }

  private PeerClient client(Optional<Buffer> authorities, int maxBytes, Duration timeout) {
    return new PeerClient(vertx, token, authorities, settings.serverName(), maxBytes, timeout);
  }

  @Override
  public void close() {
    connection.close();
  }
}
