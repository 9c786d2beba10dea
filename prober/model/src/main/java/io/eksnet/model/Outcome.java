package io.eksnet.model;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * What came of one run: it succeeded, it failed for a cause, it could not run, or several parts
 * each did.
 */
public sealed interface Outcome {
  /** The value of the metric label {@code outcome} of a success. */
  String SUCCESS = "success";

  /** The value of the metric label {@code outcome} when the prober itself could not run. */
  String NOT_RUN = "not_run";

  /** The target did what was expected of it. */
  record Success(Timings timings, List<Note> notes) implements Outcome {
    public Success {
      Objects.requireNonNull(timings);
      notes = List.copyOf(notes);
    }

    public Success(Timings timings) {
      this(timings, List.of());
    }
  }

  /** The target did not; {@code detail} is for people and never a metric label. */
  record Failure(Phase phase, Cause cause, String detail, Timings timings, List<Note> notes)
      implements Outcome {
    public Failure {
      Objects.requireNonNull(phase);
      Objects.requireNonNull(cause);
      Objects.requireNonNull(detail);
      Objects.requireNonNull(timings);
      notes = List.copyOf(notes);
    }

    public Failure(Phase phase, Cause cause, String detail) {
      this(phase, cause, detail, Timings.NONE, List.of());
    }
  }

  /** The prober could not run or could not trust the run; says nothing about the target. */
  record NotRun(Reason reason) implements Outcome {
    public NotRun {
      Objects.requireNonNull(reason);
    }
  }

  /**
   * One target with several addresses, each with an outcome of its own; never empty, never nested.
   */
  record Several(List<Part> parts) implements Outcome {
    public Several {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("several outcomes need at least one part");
      }
    }
  }

  /** The outcome at one address. */
  record Part(String address, Outcome outcome) {
    public Part {
      Objects.requireNonNull(address);
      if (outcome instanceof Several) {
        throw new IllegalArgumentException("the outcome at one address cannot be several");
      }
    }
  }

  /** Why the prober did not run, or does not trust what it measured. */
  enum Reason {
    /** The previous run of the same task was still in flight. */
    OVERLAP("overlap"),
    /** The event loop stood still, so that durations and timeouts would be the prober's own. */
    STALL("stall"),
    /** As many runs were in flight as are allowed in all. */
    CAPACITY("capacity"),
    /** The program is stopping. */
    SHUTDOWN("shutdown"),
    /** The prober lacks what it needs: a file, a socket, memory. */
    PROBER("prober");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** The one place that takes an outcome apart; several parts fold to their worst. */
  default <T> T fold(
      Function<Success, T> success, Function<Failure, T> failure, Function<NotRun, T> notRun) {
    var worst = worst();
    if (worst instanceof Success s) {
      return success.apply(s);
    }
    return worst instanceof Failure f ? failure.apply(f) : notRun.apply((NotRun) worst);
  }

  /** The value of the metric label {@code outcome}. */
  default String label() {
    return fold(s -> SUCCESS, f -> f.cause().label(), n -> NOT_RUN);
  }

  /** Whether all went well. */
  default boolean succeeded() {
    return worst() instanceof Success;
  }

  /** The outcomes that are counted, one an address. */
  default List<Outcome> leaves() {
    return this instanceof Several several
        ? several.parts().stream().map(Part::outcome).toList()
        : List.of(this);
  }

  /** The first failure, else the first run that did not happen, else the first success. */
  default Outcome worst() {
    var leaves = leaves();
    return leaves.stream()
        .filter(Failure.class::isInstance)
        .findFirst()
        .or(() -> leaves.stream().filter(NotRun.class::isInstance).findFirst())
        .orElseGet(() -> leaves.get(0));
  }

  /** What all parts saw. */
  default List<Note> notes() {
    return leaves().stream()
        .<Note>mapMulti(
            (part, sink) -> {
              if (part instanceof Success s) {
                s.notes().forEach(sink);
              } else if (part instanceof Failure f) {
                f.notes().forEach(sink);
              }
            })
        .toList();
  }
}
