package io.eksnet.docs.dashboards;

import java.util.List;

/**
 * A picture of some queries.
 *
 * @param description what is shown and how to read it, full sentences
 * @param none what is said where there are no data
 * @param columns of tables
 */
record Panel(
    Look look,
    String title,
    String description,
    Unit unit,
    Size size,
    List<Query> queries,
    Steps steps,
    List<Said> said,
    String none,
    List<Link> links,
    List<Column> columns) {
  /** In units of the grid, which is 24 wide. */
  record Size(int width, int height) {}

  Panel {
    queries = List.copyOf(queries);
    said = List.copyOf(said);
    links = List.copyOf(links);
    columns = List.copyOf(columns);
    if (!description.endsWith(".")) {
      throw new IllegalArgumentException("the description of " + title + " needs a full stop");
    }
  }

  static Panel of(Look look, String title, String description, Unit unit, Query... queries) {
    return new Panel(
        look,
        title,
        description,
        unit,
        look.size(),
        List.of(queries),
        Steps.PLAIN,
        List.of(),
        "no data",
        List.of(),
        List.of());
  }

  Panel sized(int width, int height) {
    return new Panel(
        look,
        title,
        description,
        unit,
        new Size(width, height),
        queries,
        steps,
        said,
        none,
        links,
        columns);
  }

  Panel colored(Steps colors) {
    return new Panel(
        look, title, description, unit, size, queries, colors, said, none, links, columns);
  }

  Panel saying(List<Said> words) {
    return new Panel(
        look, title, description, unit, size, queries, steps, words, none, links, columns);
  }

  Panel orElse(String words) {
    return new Panel(
        look, title, description, unit, size, queries, steps, said, words, links, columns);
  }

  Panel leadingTo(Link... to) {
    return new Panel(
        look, title, description, unit, size, queries, steps, said, none, List.of(to), columns);
  }

  Panel with(Column... shown) {
    return new Panel(
        look, title, description, unit, size, queries, steps, said, none, links, List.of(shown));
  }
}
