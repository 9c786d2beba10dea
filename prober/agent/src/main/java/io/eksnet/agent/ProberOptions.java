package io.eksnet.agent;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flags of a running process.
 *
 * @param configFile the YAML file to read; null: all settings have their defaults
 * @param autoReloadInterval how often the config file is checked for changes; zero: never
 * @param listenAddress {@code HOST:PORT} or {@code :PORT}
 * @param webConfigFile TLS and basic auth in the format of the Prometheus exporter toolkit
 * @param externalUrl the URL under which users reach the endpoints
 * @param enableLifecycle whether {@code /-/reload} is open
 */
public record ProberOptions(
    @Nullable Path configFile,
    Duration autoReloadInterval,
    String listenAddress,
    @Nullable Path webConfigFile,
    Optional<URI> externalUrl,
    boolean enableLifecycle) {}
