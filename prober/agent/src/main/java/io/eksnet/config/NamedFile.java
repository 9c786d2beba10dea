package io.eksnet.config;

import java.nio.file.Path;
import java.util.Objects;

/** A file that the config names, and where. */
public record NamedFile(int line, int column, String path, Path file) {
  public NamedFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(file);
  }
}
