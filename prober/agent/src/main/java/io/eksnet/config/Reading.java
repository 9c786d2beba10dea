package io.eksnet.config;

import java.util.List;
import java.util.Objects;

/** What came of reading a config. */
public sealed interface Reading {
  /** The config is good; whether its files can be read is another question. */
  record Accepted(Settings settings, List<NamedFile> files) implements Reading {
    public Accepted {
      Objects.requireNonNull(settings);
      files = List.copyOf(files);
    }
  }

  /** The config is not; the problems stand in the order of the file. */
  record Rejected(List<Problem> problems) implements Reading {
    public Rejected {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a rejected config has at least one problem");
      }
    }
  }
}
