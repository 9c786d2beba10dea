package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.AgentReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The state of each path from each node and zone.
 *
 * @param nodes the worst first: all nodes of a small cluster, else those that are not healthy
 * @param domain the common suffix of all node names, or empty
 */
record Matrix(
    List<MatrixPath> paths, List<Row> nodes, List<Row> zones, String domain, Omitted omitted) {
  private static final int MAX_NODES = 20;
  private static final int MAX_PATHS = 24;

  /** Nodes that are not shown. */
  record Omitted(int healthy, int others) {}

  /** A node or a zone. */
  record Row(String name, String zone, int nodes, Map<MatrixPath, Cell> cells) {
    HealthCounts all() {
      return cells.values().stream()
          .map(Cell::health)
          .reduce(HealthCounts.NONE, HealthCounts::plus);
    }

    Cell at(MatrixPath path) {
      return cells.getOrDefault(path, Cell.NONE);
    }

    HealthState state(MatrixPath path) {
      return cells.isEmpty() ? HealthState.UNKNOWN : at(path).state();
    }

    HealthState state() {
      return cells.isEmpty() ? HealthState.UNKNOWN : all().state();
    }

    String title() {
      return name.isEmpty() ? "unknown zone" : name;
    }

    String note() {
      return cells.isEmpty() ? "not reporting" : zone;
    }

    private static Row merged(Row one, Row other) {
      var cells = new TreeMap<>(one.cells);
      other.cells.forEach((path, counts) -> cells.merge(path, counts, Cell::plus));
      return new Row(one.zone, one.zone, one.nodes + other.nodes, cells);
    }
  }

  static Matrix of(ClusterView view) {
    var rows =
        Stream.concat(
                view.agents().stream().map(agent -> row(agent, view)),
                view.notReporting().stream()
                    .map(agent -> new Row(agent.node(), agent.zone(), 1, Map.of())))
            .sorted(
                Comparator.comparing((Row row) -> row.state())
                    .thenComparing(row -> -row.all().worst())
                    .thenComparing(Row::name))
            .toList();
    var paths = new TreeSet<MatrixPath>();
    rows.forEach(row -> paths.addAll(row.cells().keySet()));
    var candidates =
        rows.size() <= MAX_NODES
            ? rows
            : rows.stream().filter(row -> row.state() != HealthState.HEALTHY).toList();
    var shown = candidates.stream().limit(MAX_NODES).toList();
    return new Matrix(
        paths.stream().limit(MAX_PATHS).toList(),
        shown,
        zones(rows),
        domain(rows),
        new Omitted(rows.size() - candidates.size(), candidates.size() - shown.size()));
  }

  /** A node name without the domain that all node names share. */
  String shortName(String name) {
    return !domain.isEmpty() && name.endsWith(domain)
        ? name.substring(0, name.length() - domain.length())
        : name;
  }

  /** Sentences about the nodes that are not shown. */
  List<String> omittedText() {
    var text = new ArrayList<String>();
    if (omitted.others() > 0) {
      text.add("And " + omitted.others() + " more nodes that are not healthy.");
    }
    if (omitted.healthy() > 0) {
      text.add(
          (nodes.isEmpty() ? "All " : "The other ")
              + PageText.count(omitted.healthy(), "node")
              + (omitted.healthy() == 1 ? " is healthy." : " are healthy."));
    }
    return text;
  }

  private static String domain(List<Row> nodes) {
    if (nodes.isEmpty() || nodes.get(0).name().indexOf('.') < 1) {
      return "";
    }
    var first = nodes.get(0).name();
    var domain = first.substring(first.indexOf('.'));
    return nodes.stream().allMatch(node -> node.name().endsWith(domain)) ? domain : "";
  }

  private static Row row(AgentReport agent, ClusterView view) {
    var cells = new TreeMap<MatrixPath, Cell>();
    for (var window : agent.windows()) {
      if (HealthCounts.isCounted(window.key())) {
        cells.merge(MatrixPath.of(window.key()), Cell.of(window, view.now()), Cell::plus);
      }
    }
    return new Row(agent.node(), agent.zone(), 1, cells);
  }

  private static List<Row> zones(List<Row> nodes) {
    var zones = new TreeMap<String, Row>();
    nodes.forEach(
        node ->
            zones.merge(
                node.zone(), new Row(node.zone(), node.zone(), 1, node.cells()), Row::merged));
    return List.copyOf(zones.values());
  }
}
