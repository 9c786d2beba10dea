package io.eksnet.metrics;

import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.SeriesKey.NodeComponentKey;
import io.eksnet.model.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the built-in suites {@code identity}, {@code ipamd} and {@code ena}: whether a
 * part of the node answers, and what it counts itself.
 */
final class NodeComponentMetrics {
  /** The largest number of series exported of one component, whatever its page holds. */
  private static final int MAX_SERIES = 256;

  /** A value that is older than this many intervals is no longer known. */
  private static final int INTERVALS_KEPT = 3;

  private static final Map<String, MetricSpec> UP =
      Map.of("identity", Catalogue.POD_IDENTITY_AGENT_UP, "ipamd", Catalogue.IPAMD_UP);

  private final FixedLabels fixed;
  private final Map<String, GaugeFamily> up;
  private final Map<MetricSpec, GaugeFamily> gauges;
  private final Map<MetricSpec, CounterFamily> counters;

  private record Key(MetricSpec spec, List<String> labels) {
    static Key of(MetricSpec spec, ScrapedSample sample) {
      return new Key(
          spec,
          spec.labels().stream().map(name -> sample.labels().getOrDefault(name, "")).toList());
    }
  }

  NodeComponentMetrics(MetricFactory instruments) {
    fixed = instruments.fixed();
    up =
        UP.entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getKey,
                    suite -> instruments.register(new GaugeFamily(suite.getValue()))));
    gauges =
        Stream.of(Catalogue.IPAMD_ADDRESSES, Catalogue.IPAMD_ENIS)
            .collect(
                toUnmodifiableMap(identity(), spec -> instruments.register(new GaugeFamily(spec))));
    counters =
        Stream.of(Catalogue.IPAMD_NO_IP, Catalogue.IPAMD_AWS_API_ERROR, Catalogue.ENA_EXCEEDED)
            .collect(
                toUnmodifiableMap(
                    identity(), spec -> instruments.register(new CounterFamily(spec))));
  }

  SubjectSeries series(NodeComponentKey of) {
    return new Series(of.suite());
  }

  private final class Series extends SubjectSeries {
    private final @Nullable GaugeFamily ups;
    private final GaugeFamily.@Nullable Cell answers;
    private final Map<Key, GaugeFamily.Cell> measured = new HashMap<>();
    private final Map<Key, ForwardedCounter> counted = new HashMap<>();
    private Instant read = Instant.MIN;

    Series(String suite) {
      super(NOOP);
      ups = up.get(suite);
      answers = ups == null ? null : ups.add(fixed.alone());
    }

    @Override
    synchronized void finished(Observation observation) {
      var outcome = observation.outcome();
      if (answers != null && outcome.ran()) {
        answers.set(outcome.succeeded() ? 1 : 0);
      }
      var samples =
          outcome.notes(Note.Read.class).flatMap(note -> note.samples().stream()).toList();
      if (!samples.isEmpty()) {
        read = observation.at();
        expire(update(samples));
      } else if (read.isBefore(observation.at().minus(keptFor(observation.task())))) {
        expire(Set.of());
      }
    }

    /** Returns what was measured. */
    private Set<Key> update(List<ScrapedSample> samples) {
      var seen = new HashSet<Key>();
      for (var sample : samples) {
        for (var spec : counters.keySet()) {
          if (spec.name().equals(sample.name())) {
            count(Key.of(spec, sample), sample.value());
          }
        }
        for (var spec : gauges.keySet()) {
          if (spec.name().equals(sample.name())) {
            var key = Key.of(spec, sample);
            seen.add(key);
            measured.computeIfAbsent(key, this::gauge).set(sample.value());
          }
        }
      }
      return seen;
    }

    private void count(Key key, double value) {
      var before = counted.get(key);
      if (before != null) {
        before.update(value);
      } else if (counted.size() < MAX_SERIES) {
        var labels = fixed.with(key.spec().labels(), key.labels().toArray(String[]::new));
        counted.put(
            key, new ForwardedCounter(requireNonNull(counters.get(key.spec())), labels, value));
      }
    }

    private GaugeFamily.Cell gauge(Key key) {
      return gauges(key).add(fixed.with(key.spec().labels(), key.labels().toArray(String[]::new)));
    }

    /** Removes the gauges of which nothing is known any more. */
    private void expire(Set<Key> but) {
      measured
          .entrySet()
          .removeIf(
              entry -> {
                var gone = !but.contains(entry.getKey());
                if (gone) {
                  gauges(entry.getKey()).remove(entry.getValue());
                }
                return gone;
              });
    }

    @Override
    synchronized void close() {
      expire(Set.of());
      counted.values().forEach(ForwardedCounter::remove);
      counted.clear();
      if (ups != null && answers != null) {
        ups.remove(answers);
      }
    }
  }

  private static Duration keptFor(Task task) {
    return task.interval().multipliedBy(INTERVALS_KEPT);
  }

  private GaugeFamily gauges(Key key) {
    return requireNonNull(gauges.get(key.spec()));
  }

  /** How runs end is not counted: the part answers or it does not. */
  private static final OutcomeCounter NOOP =
      new OutcomeCounter() {
        @Override
        public void initSeries(Task task, KindSpec<?> kind) {}

        @Override
        public void count(Outcome leaf) {}

        @Override
        public void close() {}
      };
}
