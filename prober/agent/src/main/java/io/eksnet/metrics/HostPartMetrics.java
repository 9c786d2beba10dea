package io.eksnet.metrics;

import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.SeriesKey.HostPart;
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
final class HostPartMetrics {
  /** Of what a part counts no more series are told on, whatever its page says. */
  private static final int MOST = 256;

  /** A value that is older than this many intervals is no longer known. */
  private static final int KEPT = 3;

  private static final Map<String, MetricSpec> UP =
      Map.of("identity", Catalogue.POD_IDENTITY_AGENT_UP, "ipamd", Catalogue.IPAMD_UP);

  private final FixedLabels fixed;
  private final Map<String, Gauges> up;
  private final Map<MetricSpec, Gauges> gauges;
  private final Map<MetricSpec, Counters> counters;

  private record Key(MetricSpec spec, List<String> labels) {
    static Key of(MetricSpec spec, ScrapedSample sample) {
      return new Key(
          spec,
          spec.labels().stream().map(name -> sample.labels().getOrDefault(name, "")).toList());
    }
  }

  HostPartMetrics(Instruments instruments) {
    fixed = instruments.fixed();
    up =
        UP.entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getKey,
                    suite -> instruments.register(new Gauges(suite.getValue()))));
    gauges =
        Stream.of(Catalogue.IPAMD_ADDRESSES, Catalogue.IPAMD_ENIS)
            .collect(toUnmodifiableMap(identity(), spec -> instruments.register(new Gauges(spec))));
    counters =
        Stream.of(Catalogue.IPAMD_NO_IP, Catalogue.IPAMD_AWS_API_ERROR, Catalogue.ENA_EXCEEDED)
            .collect(
                toUnmodifiableMap(identity(), spec -> instruments.register(new Counters(spec))));
  }

  SubjectSeries series(HostPart of) {
    return new Series(of.suite());
  }

  private final class Series extends SubjectSeries {
    private final @Nullable Gauges ups;
    private final Gauges.@Nullable Cell answers;
    private final Map<Key, Gauges.Cell> measured = new HashMap<>();
    private final Map<Key, TakenOver> counted = new HashMap<>();
    private Instant read = Instant.MIN;

    Series(String suite) {
      super(UNCOUNTED);
      ups = up.get(suite);
      answers = ups == null ? null : ups.add(fixed.alone());
    }

    @Override
    synchronized void finished(Observation observation) {
      var outcome = observation.outcome();
      if (answers != null && !(outcome.worst() instanceof NotRun)) {
        answers.set(outcome.succeeded() ? 1 : 0);
      }
      var samples =
          outcome.notes().stream()
              .filter(Note.Read.class::isInstance)
              .flatMap(note -> ((Note.Read) note).samples().stream())
              .toList();
      if (!samples.isEmpty()) {
        read = observation.at();
        forget(take(samples));
      } else if (read.isBefore(observation.at().minus(keptFor(observation.task())))) {
        forget(Set.of());
      }
    }

    /** Returns what was measured. */
    private Set<Key> take(List<ScrapedSample> samples) {
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
        before.saw(value);
      } else if (counted.size() < MOST) {
        var labels = fixed.with(key.spec().labels(), key.labels().toArray(String[]::new));
        counted.put(key, new TakenOver(requireNonNull(counters.get(key.spec())), labels, value));
      }
    }

    private Gauges.Cell gauge(Key key) {
      return gauges(key).add(fixed.with(key.spec().labels(), key.labels().toArray(String[]::new)));
    }

    /** Removes the gauges of which nothing is known any more. */
    private void forget(Set<Key> but) {
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
      forget(Set.of());
      counted.values().forEach(TakenOver::remove);
      counted.clear();
      if (ups != null && answers != null) {
        ups.remove(answers);
      }
    }
  }

  private static Duration keptFor(Task task) {
    return task.every().multipliedBy(KEPT);
  }

  private Gauges gauges(Key key) {
    return requireNonNull(gauges.get(key.spec()));
  }

  /** How runs end is not counted: the part answers or it does not. */
  private static final Tally UNCOUNTED =
      new Tally() {
        @Override
        public void foresee(Task task, KindSpec<?> kind) {}

        @Override
        public void count(Outcome leaf) {}

        @Override
        public void close() {}
      };
}
