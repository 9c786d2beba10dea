package io.eksnet.docs.dashboards;

import java.util.List;

/**
 * A dashboard.
 *
 * @param from how far it looks back when it is opened
 * @param choices beside those that every dashboard has
 */
record Dashboard(
    Board board, String description, String from, List<Variable> choices, List<Row> rows) {
  Dashboard {
    choices = List.copyOf(choices);
    rows = List.copyOf(rows);
  }
}
