package io.eksnet.model;

import java.util.List;
import java.util.Optional;
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

  /**
   * What is wrong with the content of files that the settings name, with the remedy; empty also
   * when they cannot be read. Reads files.
   */
  default Optional<String> fileProblem(S settings) {
    return Optional.empty();
  }

  /** A target as a user would write it, for the reference; empty: none is shown. */
  default String exampleTarget() {
    return "";
  }

  /** The phases a run can pass. */
  List<Phase> phases();

  /** The causes a run can report. */
  Set<Cause> causes();

  /**
   * Those of runs with these settings against this target; their series exist at 0 from the first
   * moment. A cause that is missing here is counted from its first occurrence.
   */
  default Set<Cause> causes(S settings, Target target) {
    return causes();
  }
}
