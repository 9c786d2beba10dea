package io.eksnet.config;

import java.util.List;
import java.util.Objects;

/** The result of reading a config. */
public sealed interface ConfigResult {
  /**
   * The config is valid.
   *
   * @param files the files that it names; {@link FileCheck} checks whether they can be read
   */
  record Valid(Settings settings, List<FileReference> files) implements ConfigResult {
    public Valid {
      Objects.requireNonNull(settings);
      files = List.copyOf(files);
    }
  }

  /**
   * The config has errors.
   *
   * @param problems in the order of the file; at least one
   */
  record Invalid(List<Problem> problems) implements ConfigResult {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid config has at least one problem");
      }
    }
  }
}
