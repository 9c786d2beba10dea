package io.eksnet.agent;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.InvalidConfigException;
import io.eksnet.web.WebConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of {@code --web.config.file}, as it was read last. Its methods may block. */
public final class WebConfigFile {
  private final @Nullable Path path;
  private WebConfig last;

  WebConfigFile(@Nullable Path path, WebConfig last) {
    this.path = path;
    this.last = last;
  }

  /** The content of the file; without a file, plain HTTP without authentication. */
  public static WebConfig read(@Nullable Path path) {
    if (path == null) {
      return WebConfig.OPEN;
    }
    var directory = path.toAbsolutePath().getParent();
    try {
      return ConfigReader.readRecord(
          new ConfigSource(
              path.toString(), Files.readString(path), directory == null ? Path.of("") : directory),
          WebConfig.class);
    } catch (InvalidConfigException e) {
      throw new StartException("the web config " + path + " is not valid\n" + e.getMessage());
    } catch (IOException e) {
      throw new StartException("the web config " + path + " cannot be read: " + e);
    }
  }

  /**
   * The content, if it has changed. Only users may change while the process runs.
   *
   * @throws StartException if it is invalid or changes more than that
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
