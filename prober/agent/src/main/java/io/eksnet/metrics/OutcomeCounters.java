package io.eksnet.metrics;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The outcome counters of one subject; an outcome without an initial series appears when it first
 * occurs.
 */
final class OutcomeCounters implements OutcomeCounter {
  private static final Cause[] CAUSES = Cause.values();
  private static final int SUCCESS = CAUSES.length;
  private static final int NOT_RUN = CAUSES.length + 1;

  private final CounterFamily counters;
  private final Function<String, Labels> labels;
  private final AtomicLongArray counts = new AtomicLongArray(CAUSES.length + 2);
  private final CounterFamily.Cell cell;
  private final AtomicLong shown = new AtomicLong();

  /**
   * @param labels from the value of the label {@code outcome} to all labels
   */
  OutcomeCounters(CounterFamily counters, Function<String, Labels> labels) {
    this.counters = counters;
    this.labels = labels;
    show(SUCCESS);
    show(NOT_RUN);
    cell = counters.add(new OutcomesCell(labels.apply("")));
  }

  /** A negative task reports an open path as a wrong answer. */
  @Override
  public void initSeries(Task task, KindSpec<?> kind) {
    causes(kind, task.settings()).forEach(this::show);
    if (task.expectBlocked()) {
      show(Cause.WRONG_ANSWER);
    }
  }

  private static <S extends Record> Set<Cause> causes(KindSpec<S> kind, Record settings) {
    return kind.settings().isInstance(settings)
        ? kind.causes(kind.settings().cast(settings))
        : kind.causes();
  }

  private void show(Cause cause) {
    show(cause.ordinal());
  }

  @Override
  public void count(Outcome leaf) {
    int index = leaf.fold(success -> SUCCESS, failure -> failure.cause().ordinal(), n -> NOT_RUN);
    show(index);
    counts.addAndGet(index, leaf.ticks());
  }

  @Override
  public void close() {
    counters.remove(cell);
  }

  private boolean isShown(int index) {
    return (shown.get() & 1L << index) != 0;
  }

  private void show(int index) {
    if (!isShown(index)) {
      shown.accumulateAndGet(1L << index, (before, bit) -> before | bit);
    }
  }

  private static String label(int index) {
    return switch (index - SUCCESS) {
      case 0 -> Outcome.SUCCESS;
      case 1 -> Outcome.NOT_RUN;
      default -> CAUSES[index].label();
    };
  }

  /** Labels are created when they are exposed: there are twenty outcomes to each target. */
  private final class OutcomesCell extends CounterFamily.Cell {
    OutcomesCell(Labels withoutOutcome) {
      super(withoutOutcome);
    }

    @Override
    void collect(Consumer<CounterDataPointSnapshot> points) {
      for (var index = 0; index < counts.length(); index++) {
        if (isShown(index)) {
          points.accept(
              CounterFamily.point(
                  counts.get(index), OutcomeCounters.this.labels.apply(label(index))));
        }
      }
    }
  }
}
