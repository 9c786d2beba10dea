package io.eksnet.docs.dashboards;

import java.util.List;

/**
 * Panels under one heading, from left to right and on to the next line.
 *
 * @param title empty for what comes first and needs no heading
 */
record Row(String title, List<Panel> panels) {
  Row {
    panels = List.copyOf(panels);
  }

  static Row of(String title, Panel... panels) {
    return new Row(title, List.of(panels));
  }
}
