package io.eksnet.agent;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.HostReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Summarises the last ten minutes of a node's own suites. Any thread may call it. */
public final class NodeWatch {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration FRESH = Duration.ofMinutes(3);

  /** Of an instance; with IPv6 ipamd counts those of a whole /80. */
  private static final int MAX_ADDRESSES = 65_536;

  /** Before the name of an AWS service. */
  private static final String ENDPOINT = "endpoint/";

  private static final String ADDRESSES = "eksnet_ipamd_addresses";
  private static final String ENIS = "eksnet_ipamd_enis";

  /** Values are immutable, so that a report never delays the probe loop. */
  private final Map<String, LastRun> latest = new ConcurrentHashMap<>();

  private final Map<String, List<Reading>> readings = new ConcurrentHashMap<>();
  private volatile Optional<Boolean> nameserversOk = Optional.empty();

  /**
   * The last run of a suite.
   *
   * @param before the outcome of the run before it; empty without one in the window
   */
  private record LastRun(Observation observation, Optional<Outcome> before) {
    static LastRun of(Observation observation, @Nullable LastRun previous) {
      return new LastRun(
          observation,
          Optional.ofNullable(previous)
              .map(LastRun::observation)
              .filter(seen -> seen.at().plus(WINDOW).isAfter(observation.at()))
              .map(Observation::outcome));
    }

    /**
     * Whether the component responds. One failed run proves nothing: a busy host can miss a
     * response.
     */
    Optional<Boolean> responds() {
      return observation.outcome().succeeded() ? Optional.of(true) : before.map(Outcome::succeeded);
    }

    /** The addresses that failed in both runs, while others respond. */
    List<String> failingAddresses() {
      if (!(observation.outcome() instanceof Outcome.Several several)
          || several.leaves().stream().noneMatch(Outcome::succeeded)) {
        return List.of();
      }
      var failedBefore = before.map(LastRun::failed).orElse(List.of());
      return failed(several).stream().filter(failedBefore::contains).toList();
    }

    private static List<String> failed(Outcome outcome) {
      return outcome instanceof Outcome.Several several
          ? several.parts().stream()
              .filter(part -> part.outcome().failed())
              .map(Outcome.Part::address)
              .toList()
          : List.of();
    }

    boolean isFresh(Instant now) {
      return NodeWatch.isFresh(observation.at(), now);
    }
  }

  private record Reading(Instant at, List<ScrapedSample> samples) {}

  /** Whether every name server of resolv.conf is one of the cluster; empty if unknown. */
  public void nameservers(Optional<Boolean> ok) {
    nameserversOk = ok;
  }

  /** A run of a suite ended; others are ignored. */
  public void onObservation(Observation observation) {
    suite(observation.task().key()).ifPresent(suite -> keep(suite, observation));
  }

  /** What the suites measured of this node by {@code now}. */
  public HostReport report(Instant now) {
    return new HostReport(
        nameserversOk,
        up("identity", now),
        up("ipamd", now),
        pool(now),
        grown("ena", now, sample -> sample.labels().getOrDefault("kind", "")),
        privateEndpoints(now),
        failingAddresses(now));
  }

  private static Optional<String> suite(SeriesKey key) {
    return key.fold(
        new SeriesKey.Cases<>(
            userProbe -> Optional.empty(),
            dns -> Optional.empty(),
            service -> Optional.empty(),
            pod -> Optional.empty(),
            target -> Optional.empty(),
            lb -> Optional.empty(),
            component -> Optional.of(component.suite()),
            sts -> Optional.of(ENDPOINT + "sts"),
            endpoint -> Optional.of(ENDPOINT + endpoint.service())));
  }

  private void keep(String suite, Observation observation) {
    if (!observation.outcome().ran()) {
      return;
    }
    latest.compute(suite, (key, previous) -> LastRun.of(observation, previous));
    observation
        .outcome()
        .notes(Note.Read.class)
        .forEach(
            read -> {
              var added = new Reading(observation.at(), read.samples());
              readings.merge(
                  suite,
                  List.of(added),
                  (kept, one) ->
                      Stream.concat(
                              kept.stream()
                                  .filter(old -> !old.at().plus(WINDOW).isBefore(observation.at())),
                              one.stream())
                          .toList());
            });
  }

  private Optional<LastRun> fresh(String suite, Instant now) {
    return Optional.ofNullable(latest.get(suite)).filter(run -> run.isFresh(now));
  }

  private static boolean isFresh(Instant at, Instant now) {
    return at.plus(FRESH).isAfter(now);
  }

  private Optional<Boolean> up(String suite, Instant now) {
    return fresh(suite, now).flatMap(LastRun::responds);
  }

  private Optional<AddressPool> pool(Instant now) {
    var last = Optional.ofNullable(readings.get("ipamd")).map(kept -> kept.get(kept.size() - 1));
    return last.filter(reading -> isFresh(reading.at(), now))
        .filter(
            reading ->
                value(reading, ADDRESSES, "total").filter(n -> n <= MAX_ADDRESSES).isPresent())
        .map(
            reading ->
                new AddressPool(
                    value(reading, ADDRESSES, "total").orElse(0),
                    value(reading, ADDRESSES, "assigned").orElse(0),
                    value(reading, ENIS, "allocated").orElse(0),
                    value(reading, ENIS, "max").orElse(0),
                    grown("ipamd", now, NodeWatch::refusal).getOrDefault("refused", 0L),
                    errors(now)));
  }

  private Map<String, Long> errors(Instant now) {
    return grown("ipamd", now, NodeWatch::error);
  }

  private static String refusal(ScrapedSample sample) {
    return sample.name().equals("eksnet_ipamd_no_ip_total") ? "refused" : "";
  }

  private static String error(ScrapedSample sample) {
    return sample.name().equals("eksnet_ipamd_aws_api_error_total")
        ? sample.labels().getOrDefault("api", "") + "/" + sample.labels().getOrDefault("error", "")
        : "";
  }

  private static Optional<Integer> value(Reading reading, String name, String state) {
    return reading.samples().stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> state.equals(sample.labels().get("state")))
        .findFirst()
        .map(sample -> (int) sample.value());
  }

  /** Increase of counters; one that decreased was reset. An empty key is passed over. */
  private Map<String, Long> grown(String suite, Instant now, Function<ScrapedSample, String> key) {
    var growth = new HashMap<String, Double>();
    Map<ScrapedSample, Double> before = null;
    for (var reading : readings.getOrDefault(suite, List.of())) {
      if (reading.at().plus(WINDOW).isBefore(now)) {
        continue;
      }
      var values =
          reading.samples().stream()
              .filter(sample -> !key.apply(sample).isEmpty())
              .collect(Collectors.toMap(NodeWatch::series, ScrapedSample::value, Double::sum));
      for (var entry : values.entrySet()) {
        var last = before == null ? entry.getValue() : before.getOrDefault(entry.getKey(), 0.0);
        var more = entry.getValue() >= last ? entry.getValue() - last : entry.getValue();
        growth.merge(key.apply(entry.getKey()), more, Double::sum);
      }
      before = values;
    }
    return growth.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Math.round(entry.getValue())));
  }

  private static ScrapedSample series(ScrapedSample sample) {
    return new ScrapedSample(sample.name(), sample.labels(), 0);
  }

  private Map<String, Boolean> privateEndpoints(Instant now) {
    var all = new HashMap<String, Boolean>();
    endpoints(now)
        .forEach(
            (service, run) ->
                run.observation()
                    .outcome()
                    .notes(Note.Resolved.class)
                    .filter(resolved -> !resolved.addresses().isEmpty())
                    .findFirst()
                    .ifPresent(
                        resolved ->
                            all.put(
                                service,
                                resolved.addresses().stream()
                                    .allMatch(AddressLiteral::isPrivate))));
    return all;
  }

  private Map<String, List<String>> failingAddresses(Instant now) {
    return endpoints(now).entrySet().stream()
        .filter(entry -> !entry.getValue().failingAddresses().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().failingAddresses()));
  }

  /** The last run of each AWS endpoint, by service. */
  private Map<String, LastRun> endpoints(Instant now) {
    return latest.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(ENDPOINT) && entry.getValue().isFresh(now))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().substring(ENDPOINT.length()), Map.Entry::getValue));
  }
}
