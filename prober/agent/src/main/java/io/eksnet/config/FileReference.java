package io.eksnet.config;

import java.nio.file.Path;
import java.util.Objects;

/** A file that the config names. */
public record FileReference(Location location, Path file) {
  public FileReference {
    Objects.requireNonNull(location);
    Objects.requireNonNull(file);
  }
}
