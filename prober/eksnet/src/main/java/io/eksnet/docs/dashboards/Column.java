package io.eksnet.docs.dashboards;

import java.util.List;

/**
 * A column of a table.
 *
 * @param field a label, or the letter of a query for its value
 */
record Column(
    String field, String title, Unit unit, Steps steps, List<Said> said, List<Link> links) {
  Column {
    said = List.copyOf(said);
    links = List.copyOf(links);
  }

  static Column label(String field, String title) {
    return new Column(field, title, Unit.TEXT, Steps.PLAIN, List.of(), List.of());
  }

  static Column value(String query, String title, Unit unit) {
    return new Column(query, title, unit, Steps.PLAIN, List.of(), List.of());
  }

  Column colored(Steps colors) {
    return new Column(field, title, unit, colors, said, links);
  }

  Column saying(List<Said> words) {
    return new Column(field, title, unit, steps, words, links);
  }

  Column leadingTo(Link... to) {
    return new Column(field, title, unit, steps, said, List.of(to));
  }

  boolean isValue() {
    return Character.isUpperCase(field.charAt(0));
  }
}
