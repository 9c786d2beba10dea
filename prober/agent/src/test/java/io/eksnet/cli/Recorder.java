package io.eksnet.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Records the metrics of a process, by incident. */
final class Recorder implements AutoCloseable {
  /**
   * What is read every 4 s, and was on its way when the incident began, is read again by then; and
   * so is what rests on that.
   */
  private static final long UNDER_WAY = 8500;

  private static final long SHORT = 3000;

  /** Where nothing can be read. */
  private static final long LONG = 25_000;

  private static final List<String> KNOWN =
      List.of("eksnet_diagnosis_active", "eksnet_target_health", "eksnet_sg_path_permitted");

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Callable<String> page;
  private final Map<String, List<Frame>> incidents = new LinkedHashMap<>();
  private List<Frame> open = List.of();

  private Recorder(Callable<String> page) {
    this.page = page;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it runs until it is closed
  static Recorder start(Callable<String> page, Duration apart) {
    var recorder = new Recorder(page);
    recorder.clock.scheduleAtFixedRate(
        recorder::look, apart.toMillis(), apart.toMillis(), TimeUnit.MILLISECONDS);
    return recorder;
  }

  /** The first frame is from before what happens next. */
  synchronized void begin(String incident) throws Exception {
    open = new ArrayList<>();
    open.add(Frame.of(page.call(), System.currentTimeMillis()));
    incidents.put(incident, open);
  }

  synchronized boolean recording() {
    return !open.isEmpty();
  }

  /** The series that keep the incident from going on as it is; empty: it will. */
  synchronized Set<String> changing() {
    return isSteady() ? Set.of() : changedWithin(LONG);
  }

  private Set<String> changedWithin(long millis) {
    var changed = new TreeSet<String>(Set.of("recent reads"));
    var since = open.get(open.size() - 1).atMillis() - millis;
    for (var i = 1; i < open.size(); i++) {
      if (open.get(i).atMillis() >= since) {
        var before = known(open.get(i - 1)).entrySet();
        var after = known(open.get(i)).entrySet();
        Stream.concat(before.stream(), after.stream())
            .filter(sample -> !before.contains(sample) || !after.contains(sample))
            .forEach(sample -> changed.add(sample.getKey()));
      }
    }
    return changed;
  }

  /** Whether all was read since the incident began, or nothing changes any more. */
  private boolean isSteady() {
    var last = open.get(open.size() - 1);
    return isSameFor(LONG)
        || (last.isReadSince(open.get(0).atMillis() + UNDER_WAY) && isSameFor(SHORT));
  }

  private boolean isSameFor(long millis) {
    var since = open.get(open.size() - 1).atMillis() - millis;
    return open.get(0).atMillis() < since
        && open.stream()
                .filter(frame -> frame.atMillis() >= since)
                .map(Recorder::known)
                .distinct()
                .count()
            == 1;
  }

  /** Without findings of the past: their series ends some time after them. */
  private static Map<String, Double> known(Frame frame) {
    var known = new LinkedHashMap<>(frame.samples());
    known.keySet().removeIf(series -> KNOWN.stream().noneMatch(series::startsWith));
    known
        .entrySet()
        .removeIf(one -> one.getKey().startsWith("eksnet_diagnosis_active") && one.getValue() == 0);
    return known;
  }

  synchronized void end() {
    open = List.of();
  }

  synchronized List<Frame> of(String incident) {
    return List.copyOf(incidents.getOrDefault(incident, List.of()));
  }

  synchronized Map<String, List<Frame>> incidents() {
    return new LinkedHashMap<>(incidents);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private synchronized void look() {
    if (recording()) {
      try {
        open.add(Frame.of(page.call(), System.currentTimeMillis()));
      } catch (Exception e) {
        // A frame less; the next continues from the one before.
      }
    }
  }
}
