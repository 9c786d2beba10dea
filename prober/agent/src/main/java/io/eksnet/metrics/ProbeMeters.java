package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Observation;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Task;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What runs came to, by subject. One loop records, any thread scrapes. The series of a subject
 * exist from {@link #add} until a grace after its last task was retired, so that the last failure
 * is still scraped; a subject that comes back within the grace goes on counting.
 */
public final class ProbeMeters {
  private final Duration grace;
  private final UserProbeMetrics own;
  private final DnsMetrics dns;
  private final PathMetrics paths;
  private final LbMetrics lbs;
  private final NodeComponentMetrics hostParts;
  private final Counter dropped;
  private final Map<SeriesId, SubjectSeries> subjects = new ConcurrentHashMap<>();

  /** Series differ in their labels, too, if the user chose other ones. */
  private record SeriesId(SeriesKey key, Map<String, String> labels) {
    static SeriesId of(Task task) {
      return new SeriesId(task.key(), task.labels());
    }
  }

  ProbeMeters(MetricFactory instruments, Collection<String> kinds, Duration grace) {
    this.grace = grace;
    var expiries = new CertificateExpiryGauges(instruments);
    own = new UserProbeMetrics(instruments, expiries);
    dns = new DnsMetrics(instruments);
    paths = new PathMetrics(instruments);
    lbs = new LbMetrics(instruments, expiries);
    hostParts = new NodeComponentMetrics(instruments);
    dropped = instruments.counter(Catalogue.TARGETS_DROPPED);
    kinds.forEach(dropped::initLabelValues);
  }

  /** The series of a task exist from now on, its counters at 0 or where they were. */
  public synchronized void add(Task task, KindSpec<?> kind) {
    subjects.computeIfAbsent(SeriesId.of(task), id -> seriesOf(id, kind)).use(task, kind);
  }

  /** The task was removed; series that no other task uses are removed after the grace period. */
  public synchronized void retire(Task task, Instant now) {
    var series = subjects.get(SeriesId.of(task));
    if (series != null) {
      series.release(now);
    }
  }

  /** Removes the series whose grace is over, and the states of targets that are not probed. */
  public synchronized void sweep(Instant now) {
    subjects.values().forEach(series -> series.expire(now));
    subjects
        .values()
        .removeIf(
            series -> {
              var over = series.unusedSince(now.minus(grace));
              if (over) {
                series.close();
              }
              return over;
            });
  }

  /** Counts a finished run; one of a subject that is gone is not counted. */
  public void record(Observation observation) {
    var series = subjects.get(SeriesId.of(observation.task()));
    if (series != null) {
      series.expire(observation.at());
      series.record(observation);
    }
  }

  /** Counts targets that the limit keeps from being probed. */
  public void dropped(String kind, int targets) {
    dropped.labelValues(kind).inc(targets);
  }

  private SubjectSeries seriesOf(SeriesId id, KindSpec<?> kind) {
    return id.key()
        .fold(
            new SeriesKey.Cases<SubjectSeries>(
                probe -> own.series(probe, kind, id.labels()),
                dns::series,
                paths::series,
                paths::series,
                paths::series,
                lbs::series,
                hostParts::series,
                sts -> paths.sts(),
                paths::series));
  }
}
