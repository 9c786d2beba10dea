package io.eksnet.bench;

import io.eksnet.bench.Measurements.Who;

/**
 * A line of the table: what is measured, and what is aimed at.
 *
 * @param name the name of its readings
 * @param limit what the bound is about; for {@link Bound#NONE} nothing
 */
record Goal(String what, String name, Bound bound, double limit) {
  /** How a reading is compared with its goal. */
  enum Bound {
    AT_MOST,
    AT_LEAST,
    /** The limit is a share of what blackbox_exporter takes. */
    AT_MOST_OF_BLACKBOX,
    /** The limit is a multiple of what blackbox_exporter reaches. */
    AT_LEAST_OF_BLACKBOX,
    NONE
  }

  static Goal shown(String what, String name) {
    return new Goal(what, name, Bound.NONE, 0);
  }

  String aim() {
    return switch (bound) {
      case AT_MOST -> "<= " + Table.number(limit);
      case AT_LEAST -> ">= " + Table.number(limit);
      case AT_MOST_OF_BLACKBOX -> "<= " + Table.number(limit) + " B";
      case AT_LEAST_OF_BLACKBOX -> ">= " + Table.number(limit) + " B";
      case NONE -> "";
    };
  }

  /** {@code met}, by how much it falls short, or nothing where nothing was measured. */
  String verdict(Measurements readings) {
    var value = readings.median(name, Who.EKSNET);
    var aim =
        switch (bound) {
          case AT_MOST, AT_LEAST -> limit;
          case AT_MOST_OF_BLACKBOX, AT_LEAST_OF_BLACKBOX ->
              limit * readings.median(name, Who.BLACKBOX);
          case NONE -> Double.NaN;
        };
    if (Double.isNaN(value) || Double.isNaN(aim)) {
      return "";
    }
    var over = most() ? value - aim : aim - value;
    if (over <= 0) {
      return "met";
    }
    return aim == 0 ? "not met" : "short by " + Math.max(1, Math.round(100 * over / aim)) + " %";
  }

  private boolean most() {
    return bound == Bound.AT_MOST || bound == Bound.AT_MOST_OF_BLACKBOX;
  }
}
