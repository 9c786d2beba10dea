package io.eksnet.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.config.BoundedFile;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.InvalidConfigException;
import io.eksnet.web.WebConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of {@code --web.config.file}, as it was read last. Its methods may block. */
public final class WebConfigFile {
  private static final int MAX_BYTES = 1 << 20;

  private final @Nullable Path path;
  private final @Nullable BoundedFile file;
  private WebConfig last;

  WebConfigFile(@Nullable Path path, WebConfig last) {
    this.path = path;
    file = path == null ? null : new BoundedFile(path, MAX_BYTES);
    this.last = last;
  }

  /** The content of the file; without a file, plain HTTP without authentication. */
  public static WebConfig read(@Nullable Path path) {
    return path == null ? WebConfig.OPEN : read(path, new BoundedFile(path, MAX_BYTES));
  }

  private static WebConfig read(Path path, BoundedFile file) {
    var directory = path.toAbsolutePath().getParent();
    try {
      return ConfigReader.readRecord(
          new ConfigSource(
              path.toString(),
              new String(file.read(), UTF_8),
              directory == null ? Path.of("") : directory),
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
   * @throws StartException if it is invalid, changes more than that, or removes all users
   */
  Optional<WebConfig> changed() {
    if (path == null || file == null) {
      return Optional.empty();
    }
    var now = read(path, file);
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
    if (now.basicAuthUsers().isEmpty() && !last.basicAuthUsers().isEmpty()) {
      throw new StartException(
          "the web config "
              + path
              + " has no basic_auth_users any more, which would open the endpoints without a"
              + " password; add a user, or restart the process to turn passwords off");
    }
    last = now;
    return Optional.of(now);
  }
}
