package io.eksnet.model;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The outcome of one run: it succeeded, it failed for a cause, it could not run, or each of several
 * addresses has an outcome of its own.
 */
public sealed interface Outcome {
  /** The value of the metric label {@code outcome} of a success. */
  String SUCCESS = "success";

  /** The value of the metric label {@code outcome} when the prober itself could not run. */
  String NOT_RUN = "not_run";

  /** The target behaved as expected. */
  record Success(Timings timings, List<Note> notes) implements Outcome {
    public Success {
      notes = List.copyOf(notes);
    }

    public Success(Timings timings) {
      this(timings, List.of());
    }

    @Override
    public <T> T match(
        Function<Success, T> success,
        Function<Failure, T> failure,
        Function<NotRun, T> notRun,
        Function<Several, T> several) {
      return success.apply(this);
    }
  }

  /**
   * The target did not behave as expected; {@code detail} is for people and never a metric label.
   */
  record Failure(Phase phase, Cause cause, String detail, Timings timings, List<Note> notes)
      implements Outcome {
    public Failure {
      notes = List.copyOf(notes);
    }

    public Failure(Phase phase, Cause cause, String detail) {
      this(phase, cause, detail, Timings.NONE, List.of());
    }

    @Override
    public <T> T match(
        Function<Success, T> success,
        Function<Failure, T> failure,
        Function<NotRun, T> notRun,
        Function<Several, T> several) {
      return failure.apply(this);
    }
  }

  /**
   * The prober could not run the probe; the target was not tested.
   *
   * @param detail for people and never a metric label; empty if the reason is enough
   * @param ticks how many ticks of the schedule passed without a run, at least 1
   */
  record NotRun(Reason reason, String detail, long ticks) implements Outcome {
    public NotRun {
      if (ticks < 1) {
        throw new IllegalArgumentException("a run that did not happen has at least one tick");
      }
    }

    public NotRun(Reason reason) {
      this(reason, "", 1);
    }

    /** The reason and, if there is one, the detail. */
    public String text() {
      return detail.isEmpty() ? reason.label() : reason.label() + ": " + detail;
    }

    @Override
    public <T> T match(
        Function<Success, T> success,
        Function<Failure, T> failure,
        Function<NotRun, T> notRun,
        Function<Several, T> several) {
      return notRun.apply(this);
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

    @Override
    public <T> T match(
        Function<Success, T> success,
        Function<Failure, T> failure,
        Function<NotRun, T> notRun,
        Function<Several, T> several) {
      return several.apply(this);
    }
  }

  /** The outcome at one address. */
  record Part(String address, Outcome outcome) {
    public Part {
      if (outcome instanceof Several) {
        throw new IllegalArgumentException("the outcome at one address cannot be several");
      }
    }
  }

  /** Why the prober did not run. */
  enum Reason implements Labelled {
    /** The previous run of the same task was still in flight. */
    OVERLAP,
    /** The event loop was blocked for so long that the run could not start or send. */
    STALL,
    /** As many runs were in flight as are allowed in all. */
    CAPACITY,
    /** The program is stopping. */
    SHUTDOWN,
    /** The prober lacks what it needs (a file, a socket, memory), or has a bug. */
    PROBER
  }

  /** The result of the function for this case. */
  <T> T match(
      Function<Success, T> success,
      Function<Failure, T> failure,
      Function<NotRun, T> notRun,
      Function<Several, T> several);

  /** As {@link #match}; several outcomes fold to their worst. */
  default <T> T fold(
      Function<Success, T> success, Function<Failure, T> failure, Function<NotRun, T> notRun) {
    return match(
        success, failure, notRun, several -> several.worst().fold(success, failure, notRun));
  }

  /** The value of the metric label {@code outcome}. */
  default String label() {
    return fold(s -> SUCCESS, f -> f.cause().label(), n -> NOT_RUN);
  }

  /** How many ticks of the schedule it stands for: one, or those that passed without a run. */
  default long ticks() {
    return fold(s -> 1L, f -> 1L, NotRun::ticks);
  }

  /** Whether every address succeeded. */
  default boolean succeeded() {
    return fold(s -> true, f -> false, n -> false);
  }

  /** Whether it failed at an address. */
  default boolean failed() {
    return fold(s -> false, f -> true, n -> false);
  }

  /** Whether the target was tested. */
  default boolean ran() {
    return fold(s -> true, f -> true, n -> false);
  }

  /** The outcomes that are counted: one for each address. */
  default List<Outcome> leaves() {
    return match(
        List::of,
        List::of,
        List::of,
        several -> several.parts().stream().map(Part::outcome).toList());
  }

  /** The first failure, else the first run that did not happen, else the first success. */
  default Outcome worst() {
    return leaves().stream()
        .min(comparing(leaf -> leaf.match(s -> 2, f -> 0, n -> 1, several -> 0)))
        .orElseThrow();
  }

  /** The same outcome of a run whose durations are unknown. */
  default Outcome withoutTimings() {
    return match(
        success -> new Success(Timings.NONE, success.notes()),
        failure ->
            new Failure(
                failure.phase(), failure.cause(), failure.detail(), Timings.NONE, failure.notes()),
        notRun -> notRun,
        several ->
            new Several(
                several.parts().stream()
                    .map(part -> new Part(part.address(), part.outcome().withoutTimings()))
                    .toList()));
  }

  /** The notes of all addresses. */
  default List<Note> notes() {
    return leaves().stream()
        .flatMap(
            leaf ->
                leaf.match(
                    s -> s.notes().stream(),
                    f -> f.notes().stream(),
                    n -> Stream.<Note>empty(),
                    several -> several.notes().stream()))
        .toList();
  }

  /** The notes of one type, of all addresses. */
  default <N extends Note> Stream<N> notes(Class<N> type) {
    return notes().stream().filter(type::isInstance).map(type::cast);
  }
}
