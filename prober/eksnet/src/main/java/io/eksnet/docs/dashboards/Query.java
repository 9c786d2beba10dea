package io.eksnet.docs.dashboards;

/**
 * What a panel asks of Prometheus.
 *
 * @param legend the name of each series, with labels in double braces
 */
record Query(String expr, String legend) {
  static Query of(String expr, String legend) {
    return new Query(expr, legend);
  }

  /** For panels whose columns or colours name what is shown. */
  static Query of(String expr) {
    return new Query(expr, "");
  }
}
