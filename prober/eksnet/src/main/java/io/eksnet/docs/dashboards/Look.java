package io.eksnet.docs.dashboards;

import io.eksnet.docs.dashboards.Panel.Size;

/** How a panel shows what its queries found. */
enum Look {
  /** The last value, large. */
  STAT("stat"),
  LINES("timeseries"),
  STACK("timeseries"),
  /** One line a series, coloured by its state. */
  STATES("state-timeline"),
  /** Buckets of a histogram over time. */
  HEAT("heatmap"),
  TABLE("table"),
  /** A table of one value by two labels: the first two columns name rows and columns. */
  MATRIX("table");

  private final String type;

  Look(String type) {
    this.type = type;
  }

  /** The name of the panel in Grafana. */
  String type() {
    return type;
  }

  /** Where a panel does not say another. */
  Size size() {
    return switch (this) {
      case STAT -> new Size(4, 4);
      case STATES -> new Size(24, 8);
      case LINES, STACK, HEAT, TABLE, MATRIX -> new Size(12, 8);
    };
  }

  /** Whether it shows one moment and no course. */
  boolean ofNow() {
    return this == STAT || isTable();
  }

  boolean isTable() {
    return this == TABLE || this == MATRIX;
  }
}
