package io.eksnet.controller.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When a subnet runs out of addresses if the trend of its free addresses continues. */
public sealed interface Forecast {
  /** Such as "none left in about 3 h at 120/h". */
  String text();

  /** Too few samples for a trend. */
  record TooFewSamples(int samples, Duration span) implements Forecast {
    @Override
    public String text() {
      return "too little data: "
          + PageText.count(samples, "sample")
          + (samples > 1 ? " over " + PageText.duration(span) : "");
    }
  }

  /** No address is free. */
  record Exhausted() implements Forecast {
    @Override
    public String text() {
      return "none left";
    }
  }

  /** No linear trend. */
  record Steady() implements Forecast {
    @Override
    public String text() {
      return "steady";
    }
  }

  /** The number of free addresses rises. */
  record Rising(double perHour) implements Forecast {
    @Override
    public String text() {
      return "rising by " + PageText.rate(perHour) + "/h";
    }
  }

  /** The number of free addresses falls, but zero is too far away to predict. */
  record Falling(double perHour) implements Forecast {
    @Override
    public String text() {
      return "falling by " + PageText.rate(perHour) + "/h";
    }
  }

  /** No address is free after this time. */
  record RunsOut(double perHour, Duration after) implements Forecast {
    @Override
    public String text() {
      return "none left in about "
          + PageText.duration(after)
          + " at "
          + PageText.rate(perHour)
          + "/h";
    }
  }

  int MIN_SAMPLES = 5;
  Duration MIN_SPAN = Duration.ofMinutes(10);

  /** Extrapolate at most this many times the span of the samples. */
  int MAX_EXTRAPOLATION = 8;

  /** The smallest coefficient of determination (R squared) of a linear trend. */
  double MIN_R_SQUARED = 0.5;

  /** Fits a line of least squares to samples in the order of their time. */
  static Forecast of(List<FreeAddresses.Sample> samples) {
    if (samples.isEmpty()) {
      return new TooFewSamples(0, Duration.ZERO);
    }
    var last = samples.get(samples.size() - 1);
    if (last.available() <= 0) {
      return new Exhausted();
    }
    var span = Duration.between(samples.get(0).at(), last.at());
    if (samples.size() < MIN_SAMPLES || span.compareTo(MIN_SPAN) < 0) {
      return new TooFewSamples(samples.size(), span);
    }
    var trend = Trend.of(samples);
    if (Math.abs(trend.perSecond() * span.toSeconds()) < 1 || trend.rSquared() < MIN_R_SQUARED) {
      return new Steady();
    }
    var perHour = trend.perSecond() * 3600;
    if (perHour > 0) {
      return new Rising(perHour);
    }
    var left = Duration.ofSeconds(Math.round(last.available() / -trend.perSecond()));
    return left.compareTo(span.multipliedBy(MAX_EXTRAPOLATION)) > 0
        ? new Falling(-perHour)
        : new RunsOut(-perHour, left);
  }

  /** A line of least squares. */
  record Trend(double perSecond, double rSquared) {
    private static Trend of(List<FreeAddresses.Sample> samples) {
      var start = samples.get(0).at();
      var meanX =
          samples.stream().mapToDouble(sample -> seconds(start, sample)).average().orElse(0);
      var meanY = samples.stream().mapToInt(FreeAddresses.Sample::available).average().orElse(0);
      var xx = 0.0;
      var xy = 0.0;
      var yy = 0.0;
      for (var sample : samples) {
        var x = seconds(start, sample) - meanX;
        var y = sample.available() - meanY;
        xx += x * x;
        xy += x * y;
        yy += y * y;
      }
      return xx == 0 || yy == 0 ? new Trend(0, 0) : new Trend(xy / xx, xy * xy / (xx * yy));
    }

    private static double seconds(Instant start, FreeAddresses.Sample sample) {
      return Duration.between(start, sample.at()).toSeconds();
    }
  }
}
