package io.eksnet.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config file with errors. */
public final class InvalidConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  InvalidConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All errors in the order of the file; at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
