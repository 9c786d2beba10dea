package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Outcome;
import io.eksnet.model.Task;
import java.util.ArrayList;
import java.util.List;

/** One counter metric of a suite; subjects with the same first labels count together. */
final class SuiteCounter {
  private final FixedLabels fixed;
  private final MetricSpec spec;
  private final LabelScheme scheme;
  private final CounterFamily counters;
  private final RefCountedMap<List<String>, LabelledCounter> counts =
      new RefCountedMap<>((key, thing) -> thing.close());

  SuiteCounter(MetricFactory instruments, MetricSpec spec, LabelScheme scheme) {
    this.fixed = instruments.fixed();
    this.spec = spec;
    this.scheme = scheme;
    this.counters = instruments.register(new CounterFamily(spec));
  }

  /** The counters under these first labels, which the caller closes. */
  OutcomeCounter of(String... first) {
    var key = List.of(first);
    var shared =
        counts.acquire(
            key,
            () ->
                new LabelledCounter(
                    counters,
                    last -> {
                      var all = new ArrayList<>(key);
                      all.addAll(last);
                      return fixed.with(spec.labels(), all.toArray(String[]::new));
                    },
                    scheme));
    return new OutcomeCounter() {
      @Override
      public void initSeries(Task task, KindSpec<?> kind) {
        shared.initSeries(task, kind);
      }

      @Override
      public void count(Outcome leaf) {
        shared.count(leaf);
      }

      @Override
      public void close() {
        counts.release(key);
      }
    };
  }
}
