package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.agent.StartException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import picocli.CommandLine.Option;

/** Reads from a controller, for commands that end. */
final class ControllerClient {
  private static final int TIMEOUT_MILLIS = 10_000;

  /** 200 incidents in a list, or one incident with everything that is kept of it. */
  private static final int MAX_BYTES = 16 << 20;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:9853",
      description = "Where the controller serves its endpoints (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://localhost:9853");

  /**
   * @throws StartException that names what is wrong and the remedy
   */
  JsonObject json(String path) {
    try {
      return new JsonObject(text(path));
    } catch (DecodeException e) {
      throw new StartException(
          url + " does not respond as a controller of eksnet: " + e.getMessage());
    }
  }

  /**
   * @throws StartException that names what is wrong and the remedy
   */
  String text(String path) {
    try {
      var target = URI.create(url.toString().replaceAll("/+$", "") + path).toURL();
      if (!(target.openConnection() instanceof HttpURLConnection connection)) {
        throw new StartException("--url must begin with http:// or https://");
      }
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      var status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new StartException(target + " responded with status " + status + remedy(status));
      }
      try (var in = connection.getInputStream()) {
        return new String(in.readNBytes(MAX_BYTES), UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "cannot read " + url + path + ": " + e + "; is the port-forward running?");
    }
  }

  private static String remedy(int status) {
    return switch (status) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "; the controller requires a user, which this command cannot send: use the status page"
              + " or kubectl exec";
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "; it does not know this, or is an agent: use the address of a controller";
      case HttpURLConnection.HTTP_UNAVAILABLE -> "; it has no data yet, retry";
      default -> "";
    };
  }
}
