package io.eksnet.controller.page;

import java.time.Duration;
import java.util.List;

/** When a subnet runs out of addresses if it goes on as it did. */
public sealed interface Forecast {
  /** Too few samples to say. */
  record TooLittle(int samples, Duration span) implements Forecast {}

  /** None are left. */
  record Exhausted() implements Forecast {}

  /** It neither falls nor rises in a line. */
  record Steady() implements Forecast {}

  /** More become free. */
  record Rising(double perHour) implements Forecast {}

  /** Fewer are free each hour, but to say when none are left would be a guess. */
  record Falling(double perHour) implements Forecast {}

  /** None are left after this time. */
  record RunsOut(double perHour, Duration after) implements Forecast {}

  /** Fewest samples, and over how long, that make a line. */
  int ENOUGH = 5;

  Duration LONG_ENOUGH = Duration.ofMinutes(10);

  /** A line is not drawn further than this many times the span that it was fitted to. */
  int FORESIGHT = 8;

  /** The share of the variance that a line must explain to be one. */
  double LINEAR = 0.5;

  /** By the line of least squares through the samples, which are in the order of their time. */
  static Forecast of(List<FreeAddresses.Sample> samples) {
    if (samples.isEmpty()) {
      return new TooLittle(0, Duration.ZERO);
    }
    var last = samples.get(samples.size() - 1);
    if (last.available() <= 0) {
      return new Exhausted();
    }
    var span = Duration.between(samples.get(0).at(), last.at());
    if (samples.size() < ENOUGH || span.compareTo(LONG_ENOUGH) < 0) {
      return new TooLittle(samples.size(), span);
    }
    var line = Line.through(samples);
    var overSpan = line.perSecond() * span.toSeconds();
    if (Math.abs(overSpan) < 1 || line.explains() < LINEAR) {
      return new Steady();
    }
    var perHour = line.perSecond() * 3600;
    if (perHour > 0) {
      return new Rising(perHour);
    }
    var left = Duration.ofSeconds(Math.round(last.available() / -line.perSecond()));
    return left.compareTo(span.multipliedBy(FORESIGHT)) > 0
        ? new Falling(-perHour)
        : new RunsOut(-perHour, left);
  }

  /** For a reader. */
  default String text() {
    if (this instanceof TooLittle little) {
      return "too little data: "
          + PageText.count(little.samples(), "sample")
          + (little.samples() > 1 ? " over " + PageText.duration(little.span()) : "");
    }
    if (this instanceof Exhausted) {
      return "none left";
    }
    if (this instanceof Rising rising) {
      return "rising by " + PageText.rate(rising.perHour()) + "/h";
    }
    if (this instanceof Falling falling) {
      return "falling by " + PageText.rate(falling.perHour()) + "/h";
    }
    return this instanceof RunsOut out
        ? "none left in about "
            + PageText.duration(out.after())
            + " at "
            + PageText.rate(out.perHour())
            + "/h"
        : "steady";
  }
}
