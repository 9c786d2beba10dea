package io.eksnet.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The content of one config file.
 *
 * @param name the file in messages
 * @param directory where relative paths in the file start
 */
public record ConfigSource(String name, String yaml, Path directory) {
  public ConfigSource {
    Objects.requireNonNull(name);
    Objects.requireNonNull(yaml);
    Objects.requireNonNull(directory);
  }
}
