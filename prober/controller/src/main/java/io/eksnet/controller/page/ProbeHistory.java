package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Layer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many probes failed in the last 24 hours, by quarters of an hour.
 *
 * @param quarters oldest first; one without data is missing
 */
public record ProbeHistory(List<Quarter> quarters) {
  public static final ProbeHistory NONE = new ProbeHistory(List.of());

  static final Duration SPAN = Duration.ofHours(24);
  static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration SAMPLE_INTERVAL = Duration.ofMinutes(1);

  /**
   * A quarter of an hour.
   *
   * @param sampled the time of the last sample
   * @param layers those with probes
   */
  public record Quarter(Instant start, Instant sampled, Map<Layer, Share> layers) {
    public Quarter {
      layers = Map.copyOf(layers);
    }

    /** Of all layers. */
    Share share() {
      return layers.values().stream().reduce(Share.NONE, Share::plus);
    }

    Share share(Layer layer) {
      return layers.getOrDefault(layer, Share.NONE);
    }
  }

  /**
   * Of the probes with a recent result, those whose last run failed; summed over samples.
   *
   * @param failed at most {@code probes}
   */
  public record Share(long failed, long probes) {
    static final Share NONE = new Share(0, 0);

    Share plus(Share other) {
      return new Share(failed + other.failed, probes + other.probes);
    }

    /** From 0 to 1. */
    double ratio() {
      return probes == 0 ? 0 : (double) failed / probes;
    }
  }

  public ProbeHistory {
    quarters = List.copyOf(quarters);
  }

  /** With one more sample, at most one each minute, and without what is older than 24 hours. */
  public ProbeHistory add(Instant now, Collection<AgentReport> agents) {
    var last = last();
    var isDue =
        last.map(quarter -> !now.isBefore(quarter.sampled().plus(SAMPLE_INTERVAL))).orElse(true);
    if (!isDue) {
      return this;
    }
    var layers = new EnumMap<Layer, Share>(Layer.class);
    for (var agent : agents) {
      for (var window : agent.windows()) {
        var counts =
            HealthCounts.isCounted(window.key()) ? HealthCounts.of(window, now) : HealthCounts.NONE;
        if (counts.fresh() > 0) {
          layers.merge(
              Layer.of(window.key()),
              new Share(counts.failing() + counts.degraded(), counts.fresh()),
              Share::plus);
        }
      }
    }
    if (layers.isEmpty()) {
      return this;
    }
    var start = startOfQuarter(now);
    var open = last.filter(quarter -> quarter.start().equals(start));
    open.ifPresent(
        quarter ->
            quarter.layers().forEach((layer, share) -> layers.merge(layer, share, Share::plus)));
    var oldest = startOfQuarter(now.minus(SPAN));
    return new ProbeHistory(
        Stream.concat(
                quarters.stream()
                    .filter(quarter -> !quarter.start().isBefore(oldest))
                    .filter(quarter -> quarter.start().isBefore(start)),
                Stream.of(new Quarter(start, now, layers)))
            .toList());
  }

  private Optional<Quarter> last() {
    return quarters.isEmpty() ? Optional.empty() : Optional.of(quarters.get(quarters.size() - 1));
  }

  static Instant startOfQuarter(Instant at) {
    return Instant.ofEpochSecond(
        at.getEpochSecond() - Math.floorMod(at.getEpochSecond(), QUARTER.toSeconds()));
  }
}
