package io.eksnet.metrics;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import java.util.ArrayList;
import java.util.List;

/** How a counter of a suite separates outcomes: its last labels. */
enum LabelScheme {
  /** By {@code outcome} alone. */
  OUTCOME {
    @Override
    List<List<String>> initialLabels(Task task, KindSpec<?> kind) {
      return STAGE.initialLabels(task, kind).stream()
          .map(staged -> List.of(staged.get(1)))
          .toList();
    }

    @Override
    List<String> of(Outcome leaf) {
      return List.of(leaf.label());
    }
  },

  /** By {@code stage} and {@code outcome}; what did not run has no stage. */
  STAGE {
    @Override
    List<List<String>> initialLabels(Task task, KindSpec<?> kind) {
      var stages = Stage.of(task, kind);
      var all = new ArrayList<List<String>>();
      all.add(List.of("", Outcome.NOT_RUN));
      all.add(List.of(stages.get(stages.size() - 1).label(), Outcome.SUCCESS));
      for (var stage : stages) {
        stage.causes(kind).forEach(cause -> all.add(List.of(stage.label(), cause.label())));
      }
      return all;
    }

    @Override
    List<String> of(Outcome leaf) {
      return List.of(Stage.labelOf(leaf), leaf.label());
    }
  },

  /**
   * By {@code stage}, {@code code}, {@code source} and {@code outcome}. Series of error codes and
   * of 200 exist from the start; those of other codes appear when they occur.
   */
  ANSWER {
    @Override
    List<List<String>> initialLabels(Task task, KindSpec<?> kind) {
      var all = new ArrayList<List<String>>();
      for (var staged : STAGE.initialLabels(task, kind)) {
        if (!staged.get(0).equals(Stage.HTTP.label())) {
          all.add(unanswered(staged));
        } else if (!isOfCodes(staged.get(1))) {
          all.add(unanswered(staged));
        } else {
          all.addAll(answered(staged.get(1)));
        }
      }
      return all;
    }

    @Override
    List<String> of(Outcome leaf) {
      var stage = Stage.labelOf(leaf);
      var answer =
          leaf.notes().stream()
              .filter(Note.Answered.class::isInstance)
              .map(Note.Answered.class::cast)
              .reduce((former, later) -> later);
      return answer
          .filter(given -> stage.equals(Stage.HTTP.label()))
          .map(given -> List.of(stage, code(given), source(given), leaf.label()))
          .orElseGet(() -> unanswered(List.of(stage, leaf.label())));
    }

    @Override
    List<String> coarsened(List<String> labels) {
      return List.of(labels.get(0), "", labels.get(2), labels.get(3));
    }
  };

  /** The 5xx that an ALB makes itself for want of a target, and applications most often make. */
  private static final List<String> ERRORS = List.of("500", "502", "503", "504");

  /** What the task can report. */
  abstract List<List<String>> initialLabels(Task task, KindSpec<?> kind);

  /** What it reported. */
  abstract List<String> of(Outcome leaf);

  /** The same with fewer values to choose from, for when there are too many. */
  List<String> coarsened(List<String> labels) {
    return labels;
  }

  private static boolean isOfCodes(String outcome) {
    return outcome.equals(Outcome.SUCCESS) || outcome.equals(Cause.HTTP_STATUS.label());
  }

  private static List<String> unanswered(List<String> staged) {
    return List.of(staged.get(0), "", "none", staged.get(1));
  }

  /** A 5xx of a target is a success unless the codes that are expected say otherwise. */
  private static List<List<String>> answered(String outcome) {
    var stage = Stage.HTTP.label();
    var all = new ArrayList<List<String>>();
    ERRORS.forEach(code -> all.add(List.of(stage, code, "target", outcome)));
    if (outcome.equals(Outcome.SUCCESS)) {
      all.add(List.of(stage, "200", "target", outcome));
    } else {
      ERRORS.forEach(code -> all.add(List.of(stage, code, "elb", outcome)));
    }
    return all;
  }

  /** Three digits, or nothing. */
  private static String code(Note.Answered answer) {
    return answer.code() >= 100 && answer.code() <= 999 ? Integer.toString(answer.code()) : "";
  }

  private static String source(Note.Answered answer) {
    return answer.byLoadBalancer() ? "elb" : "target";
  }
}
