package io.eksnet.model;

import java.util.List;
import java.util.Set;

/**
 * What is known of a probe kind without running it: its name, its settings and what it can report.
 *
 * @param <S> its settings, a record with {@code @Setting} components
 */
public interface KindSpec<S extends Record> {
  /** As in the config, and the metric label {@code kind}. */
  String name();

  /** One sentence for the reference. */
  String summary();

  /** The type of its settings; the config binder and the reference read its components. */
  Class<S> settings();

  /**
   * A target from the user's words.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  Target target(String text, S settings);

  /**
   * Checks what holds between settings and no single one can say.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  default void check(S settings) {}

  /** A target as a user would write it, for the reference; empty: none is shown. */
  default String exampleTarget() {
    return "";
  }

  /** The phases a run can pass. */
  List<Phase> phases();

  /** The causes a run can report; their series exist at 0 from the first moment. */
  Set<Cause> causes();
}
