package io.eksnet.agent;

import io.eksnet.config.RecordReader;
import io.eksnet.web.WebConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of {@code --web.config.file}, as it was read last. Reads from disk and may block. */
public final class WebConfigFile {
  private final @Nullable Path path;
  private WebConfig last;

  WebConfigFile(@Nullable Path path, WebConfig last) {
    this.path = path;
    this.last = last;
  }

  /** What the file says; without a file, plain HTTP for everybody. */
  public static WebConfig read(@Nullable Path path) {
    if (path == null) {
      return WebConfig.OPEN;
    }
    var directory = path.toAbsolutePath().getParent();
    try {
      return RecordReader.read(
          Files.readString(path), WebConfig.class, directory == null ? Path.of("") : directory);
    } catch (RecordReader.Refused e) {
      throw new StartException("the web config " + path + " is not valid\n" + e.getMessage());
    } catch (IOException e) {
      throw new StartException("the web config " + path + " cannot be read: " + e);
    }
  }

  /**
   * What it says now, if that is something else. Users may change; how the sockets speak may not.
   *
   * @throws StartException with what is wrong with it, as at the start
   */
  Optional<WebConfig> changed() {
    var now = read(path);
    if (now.equals(last)) {
      return Optional.empty();
    }
    if (!now.tlsServerConfig().equals(last.tlsServerConfig())
        || !now.httpServerConfig().equals(last.httpServerConfig())) {
      throw new StartException(
          "the web config "
              + path
              + ": tls_server_config and http_server_config cannot change while the process runs;"
              + " restart it");
    }
    last = now;
    return Optional.of(now);
  }
}
