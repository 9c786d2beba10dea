package io.eksnet.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Function;

/** The bounds of a setting in words. */
final class Bounds {
  private Bounds() {}

  /** Such as {@code 1 to 10}, {@code at least 1} or {@code at most 10}. */
  static String text(Setting setting, Function<Double, String> unit) {
    var hasMin = Double.isFinite(setting.min());
    var hasMax = Double.isFinite(setting.max());
    if (hasMin && hasMax) {
      return unit.apply(setting.min()).split(" ", 2)[0] + " to " + unit.apply(setting.max());
    }
    return hasMin
        ? "at least " + unit.apply(setting.min())
        : "at most " + unit.apply(setting.max());
  }

  static boolean exist(Setting setting) {
    return Double.isFinite(setting.min()) || Double.isFinite(setting.max());
  }

  static String number(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  static String duration(double seconds) {
    return Durations.text(Duration.ofMillis(Math.round(seconds * 1e3)));
  }

  /** A whole number where it is one. */
  static Number json(double value) {
    return value == Math.rint(value) ? (Number) (long) value : (Number) value;
  }
}
