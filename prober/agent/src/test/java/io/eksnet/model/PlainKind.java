package io.eksnet.model;

import java.util.List;
import java.util.Set;

/** A kind of nothing but its description, for tests that run no probe. */
public record PlainKind<S extends Record>(
    String name, Class<S> settings, List<Phase> phases, Set<Cause> causes) implements KindSpec<S> {
  @Override
  public String summary() {
    return "For tests.";
  }

  @Override
  public Target target(String text, S settings) {
    return Target.of(text, text, 1);
  }
}
