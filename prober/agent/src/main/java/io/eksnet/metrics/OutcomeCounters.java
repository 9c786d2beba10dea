package io.eksnet.metrics;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Task;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The outcome counters of one subject; an outcome without an initial series appears when it first
 * occurs. Those of TLS appear at 0 with the first success over TLS, to which a redirect may lead a
 * target without.
 */
final class OutcomeCounters implements OutcomeCounter {
  private static final String OUTCOME = "outcome";
  private static final Cause[] CAUSES = Cause.values();
  private static final int SUCCESS = CAUSES.length;
  private static final int NOT_RUN = CAUSES.length + 1;
  private static final byte[][] LABELS =
      IntStream.rangeClosed(0, NOT_RUN)
          .mapToObj(index -> label(index).getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);

  private final CounterFamily counters;
  private final Function<String, Labels> labels;
  private final AtomicLongArray counts = new AtomicLongArray(CAUSES.length + 2);
  private final CounterFamily.Cell cell;
  private final AtomicLong shown = new AtomicLong();
  private volatile long tlsCauses;

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
    causes(kind, task).forEach(this::show);
    tlsCauses = Stage.TLS.causes(kind).stream().mapToLong(OutcomeCounters::bit).sum();
    if (task.expectBlocked()) {
      show(Cause.WRONG_ANSWER);
    }
  }

  private static <S extends Record> Set<Cause> causes(KindSpec<S> kind, Task task) {
    return kind.settings().isInstance(task.settings())
        ? kind.causes(kind.settings().cast(task.settings()), task.target())
        : kind.causes();
  }

  private void show(Cause cause) {
    show(cause.ordinal());
  }

  @Override
  public void count(Outcome leaf) {
    int index = leaf.fold(success -> SUCCESS, failure -> failure.cause().ordinal(), n -> NOT_RUN);
    show(index);
    if (passedTls(leaf)) {
      shown.accumulateAndGet(tlsCauses, (before, bits) -> before | bits);
    }
    counts.addAndGet(index, leaf.ticks());
  }

  @Override
  public void close() {
    counters.remove(cell);
  }

  private boolean passedTls(Outcome leaf) {
    return (shown.get() & tlsCauses) != tlsCauses
        && leaf instanceof Outcome.Success success
        && success.timings().nanos(Phase.TLS) >= 0;
  }

  private static long bit(Cause cause) {
    return 1L << cause.ordinal();
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

  /** The label block is encoded once for all outcomes of the subject. */
  private final class OutcomesCell extends CounterFamily.Cell {
    private final LabelBlock block;

    OutcomesCell(Labels withoutOutcome) {
      super(withoutOutcome);
      block = LabelBlock.without(OUTCOME, withoutOutcome);
    }

    @Override
    void write(SampleWriter samples) throws IOException {
      for (var index = 0; index < counts.length(); index++) {
        if (isShown(index)) {
          samples.sample(block, LABELS[index], (double) counts.get(index));
        }
      }
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
