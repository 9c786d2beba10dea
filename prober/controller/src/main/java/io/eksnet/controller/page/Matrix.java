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
 * How the paths stand from each node and zone.
 *
 * @param nodes those to look at, the worst first; all of them where they are few
 * @param domain what the names of all nodes end with
 * @param left how many not to look at are left out, and how many others beyond the most
 */
record Matrix(List<Path> paths, List<Row> nodes, List<Row> zones, String domain, Left left) {
  private static final int FEW = 20;
  private static final int MOST = 20;
  private static final int MOST_PATHS = 24;

  /** A node or a zone. */
  record Row(String name, String zone, int nodes, Map<Path, HealthCounts> cells) {
    HealthCounts all() {
      return cells.values().stream().reduce(HealthCounts.NONE, HealthCounts::plus);
    }

    HealthCounts at(Path path) {
      return cells.getOrDefault(path, HealthCounts.NONE);
    }

    /** A node of which nothing is heard is as little known as one whose results are old. */
    HealthState standing() {
      return cells.isEmpty() ? HealthState.UNKNOWN : all().standing();
    }

    private static Row both(Row one, Row other) {
      var cells = new TreeMap<>(one.cells);
      other.cells.forEach((path, tally) -> cells.merge(path, tally, HealthCounts::plus));
      return new Row(one.zone, one.zone, one.nodes + other.nodes, cells);
    }
  }

  /** What is not shown. */
  record Left(int clear, int others) {}

  static Matrix of(ClusterView view) {
    var rows =
        Stream.concat(
                view.agents().stream().map(agent -> row(agent, view)),
                view.silent().stream()
                    .map(agent -> new Row(agent.node(), agent.zone(), 1, Map.of())))
            .sorted(
                Comparator.comparing(Row::standing)
                    .thenComparing(row -> -row.all().counted())
                    .thenComparing(Row::name))
            .toList();
    var paths = new TreeSet<Path>();
    rows.forEach(row -> paths.addAll(row.cells().keySet()));
    var worth = rows.size() <= FEW ? rows : rows.stream().filter(Matrix::worthALook).toList();
    var shown = worth.stream().limit(MOST).toList();
    return new Matrix(
        paths.stream().limit(MOST_PATHS).toList(),
        shown,
        zones(rows),
        domain(rows),
        new Left(rows.size() - worth.size(), worth.size() - shown.size()));
  }

  /** A node's name without what all have. */
  String brief(String name) {
    return !domain.isEmpty() && name.endsWith(domain)
        ? name.substring(0, name.length() - domain.length())
        : name;
  }

  private static String domain(List<Row> nodes) {
    if (nodes.isEmpty() || nodes.get(0).name().indexOf('.') < 1) {
      return "";
    }
    var first = nodes.get(0).name();
    var domain = first.substring(first.indexOf('.'));
    return nodes.stream().allMatch(node -> node.name().endsWith(domain)) ? domain : "";
  }

  private static boolean worthALook(Row row) {
    return row.standing() != HealthState.CLEAR;
  }

  private static Row row(AgentReport agent, ClusterView view) {
    var cells = new TreeMap<Path, HealthCounts>();
    for (var track : agent.tracks()) {
      if (HealthCounts.judged(track.subject())) {
        cells.merge(
            Path.of(track.subject()), HealthCounts.of(track, view.now()), HealthCounts::plus);
      }
    }
    return new Row(agent.node(), agent.zone(), 1, cells);
  }

  private static List<Row> zones(List<Row> nodes) {
    var zones = new TreeMap<String, Row>();
    nodes.forEach(
        node ->
            zones.merge(
                node.zone(), new Row(node.zone(), node.zone(), 1, node.cells()), Row::both));
    return new ArrayList<>(zones.values());
  }
}
