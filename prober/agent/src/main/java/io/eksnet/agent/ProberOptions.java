package io.eksnet.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flags of a running process.
 *
 * @param configFiles the YAML files to read, or globs; empty: all settings have their defaults
 * @param autoReloadInterval how often the config file is checked for changes; zero: never
 * @param listenAddress {@code HOST:PORT} or {@code :PORT}
 * @param webConfigFile TLS and basic auth in the format of the Prometheus exporter toolkit
 * @param externalUrl the URL under which users reach the endpoints
 * @param enableLifecycle whether {@code /-/reload} is open
 */
public record ProberOptions(
    List<Path> configFiles,
    Duration autoReloadInterval,
    String listenAddress,
    @Nullable Path webConfigFile,
    Optional<URI> externalUrl,
    boolean enableLifecycle) {
  public ProberOptions {
    configFiles = List.copyOf(configFiles);
  }
}
