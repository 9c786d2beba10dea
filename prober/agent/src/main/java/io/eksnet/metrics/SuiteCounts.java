package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import java.util.ArrayList;
import java.util.List;

/** One counter metric of a suite; subjects with the same first labels count together. */
final class SuiteCounts {
  private final FixedLabels fixed;
  private final MetricSpec spec;
  private final Telling telling;
  private final Counters counters;
  private final Shared<List<String>, LabelledCounts> counts =
      new Shared<>((key, thing) -> thing.close());

  SuiteCounts(Instruments instruments, MetricSpec spec, Telling telling) {
    this.fixed = instruments.fixed();
    this.spec = spec;
    this.telling = telling;
    this.counters = instruments.register(new Counters(spec));
  }

  /** The counters under these first labels, to be closed by whoever asked. */
  Tally of(String... first) {
    var key = List.of(first);
    var shared =
        counts.take(
            key,
            () ->
                new LabelledCounts(
                    counters,
                    last -> {
                      var all = new ArrayList<>(key);
                      all.addAll(last);
                      return fixed.with(spec.labels(), all.toArray(String[]::new));
                    },
                    telling));
    return new Tally() {
      @Override
      public void foresee(Task task, KindSpec<?> kind) {
        shared.foresee(task, kind);
      }

      @Override
      public void count(Outcome leaf) {
        shared.count(leaf);
      }

      @Override
      public void close() {
        counts.giveBack(key);
      }
    };
  }
}
