package io.eksnet.controller.page;

import static java.util.stream.Collectors.joining;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The path of a request from a client to a pod, drawn as boxes below each other, and where the
 * first cause breaks it. All lengths are in units of the drawing.
 *
 * @param boxes from the client to the pod
 * @param broken the finding that breaks it; empty: none does
 * @param bypass whether agents reach pods although the path is broken before them
 */
record RequestPath(List<Box> boxes, Optional<Finding> broken, boolean bypass, int height) {
  private static final int LINE = 18;
  private static final int BREAK = 62;
  private static final int MAX_LINES = 2;
  private static final int MAX_NAME = 38;

  /**
   * How boxes are drawn: a path that works needs less room.
   *
   * @param head the height of a box without lines
   * @param firstLine from the top of a box to its first line
   * @param gap between boxes
   * @param left where lines begin
   * @param characters how many a line has room for
   */
  record Layout(int head, int firstLine, int gap, int left, int characters) {
    static final Layout COMPACT = new Layout(10, 13, 10, 118, 27);
    static final Layout WIDE = new Layout(29, 29, 22, 10, MAX_NAME);
  }

  /** They stop requests to some names, replicas or nodes only, or no request at all. */
  private static final Set<RootCause> BESIDE_THE_PATH =
      EnumSet.of(
          RootCause.COREDNS_REPLICA_SICK,
          RootCause.INGRESS_DNS_MISMATCH,
          RootCause.DNS_PORT_BLOCKED,
          RootCause.NODELOCAL_DNS_DOWN,
          RootCause.LINKLOCAL_THROTTLED,
          RootCause.DNS_PACKET_LOSS,
          RootCause.DNS_TCP_BLOCKED,
          RootCause.ENDPOINT_PRIVATE_DNS_BROKEN);

  /** The stations of a request. */
  enum Hop {
    CLIENT("Client"),
    DNS("DNS"),
    LOAD_BALANCER("Load balancer"),
    TARGET_GROUP("Target group"),
    NODE("Node"),
    POD("Pod");

    private final String title;

    Hop(String title) {
      this.title = title;
    }

    /** Where a finding breaks the path; empty: beside it, as credentials do. */
    static Optional<Hop> of(Finding finding) {
      if (finding.cause() == RootCause.APPLICATION_ERROR) {
        return Optional.of(POD);
      }
      if (BESIDE_THE_PATH.contains(finding.cause())) {
        return Optional.empty();
      }
      var kind = finding.scope().replaceFirst("/.*", "");
      return switch (finding.cause().layer()) {
        case DNS -> Optional.of(DNS);
        case CREDENTIALS, PROBER -> Optional.empty();
        case L3, L4, L7, CLUSTER ->
            switch (kind) {
              case "lb", "ingress", "service", "gateway", "gatewayclass" ->
                  Optional.of(LOAD_BALANCER);
              case "targetgroupbinding", "target_group" -> Optional.of(TARGET_GROUP);
              case "zone", "route_table" -> Optional.of(NODE);
              default ->
                  finding.cause().layer() == Layer.L7
                      ? Optional.of(TARGET_GROUP)
                      : Optional.empty();
            };
      };
    }
  }

  /** A line in a box. */
  record Line(HealthState state, String text, String note, int y) {}

  /**
   * A station.
   *
   * @param reached whether requests come this far
   */
  record Box(
      Hop hop,
      HealthState state,
      boolean reached,
      boolean breaks,
      List<Line> lines,
      int y,
      int height) {
    String title() {
      return hop.title;
    }

    boolean last() {
      return hop == Hop.POD;
    }

    /** Whether requests leave it. */
    boolean onward() {
      return reached && !breaks;
    }

    int end() {
      return y + height;
    }
  }

  static RequestPath of(ClusterView view) {
    var broken = view.causes().stream().filter(finding -> Hop.of(finding).isPresent()).findFirst();
    var at = broken.flatMap(Hop::of);
    var layout = layout(broken.isPresent());
    var boxes = new ArrayList<Box>();
    var y = 1;
    for (var hop : Hop.values()) {
      var lines = lines(hop, view);
      var breaks = at.isPresent() && at.get() == hop;
      var reached = at.isEmpty() || hop.compareTo(at.get()) <= 0;
      var height = layout.head() + LINE * lines.size();
      var placed = new ArrayList<Line>();
      for (var line : lines) {
        placed.add(
            new Line(
                line.state,
                shortened(line.text, layout.characters() - line.note.length()),
                line.note,
                y + layout.firstLine() + LINE * placed.size()));
      }
      boxes.add(new Box(hop, worst(lines), reached, breaks, placed, y, height));
      y += height + (breaks ? BREAK : layout.gap());
    }
    var bypass =
        at.isPresent()
            && at.get() != Hop.DNS
            && at.get() != Hop.POD
            && boxes.get(boxes.size() - 1).state() == HealthState.HEALTHY;
    return new RequestPath(List.copyOf(boxes), broken, bypass, y - layout.gap() + 1);
  }

  Layout layout() {
    return layout(broken.isPresent());
  }

  private static Layout layout(boolean broken) {
    return broken ? Layout.WIDE : Layout.COMPACT;
  }

  /** The object where it breaks, or empty. */
  String brokenAt() {
    return broken.map(finding -> shortened(finding.scope(), MAX_NAME - 4)).orElse("");
  }

  /** The same in words, for those who do not see it. */
  String description() {
    return boxes.stream()
        .map(
            box ->
                box.title()
                    + ": "
                    + (box.lines().isEmpty()
                        ? "unknown"
                        : box.lines().stream()
                            .map(line -> (line.text + " " + line.note).strip())
                            .collect(joining(", ")))
                    + (box.breaks() ? ". Broken here" : "")
                    + ".")
        .collect(joining(" "));
  }

  private static HealthState worst(List<Line> lines) {
    return lines.stream().map(Line::state).min(HealthState::compareTo).orElse(HealthState.UNKNOWN);
  }

  private static List<Line> lines(Hop hop, ClusterView view) {
    return switch (hop) {
      case CLIENT -> List.of(agents(view));
      case DNS -> dns(view);
      case LOAD_BALANCER -> loadBalancers(view);
      case TARGET_GROUP -> targetGroups(view);
      case NODE -> List.of(nodes(view));
      case POD -> List.of(probes(view, "agents to pods", RequestPath::isOfPod));
    };
  }

  private static Line agents(ClusterView view) {
    var count = view.agents().size();
    return count == 0
        ? line(HealthState.UNKNOWN, "no agent reports", "")
        : line(HealthState.HEALTHY, "agents on " + PageText.count(count, "node"), "");
  }

  private static List<Line> dns(ClusterView view) {
    var pods = view.known().get(Resources.DNS_PODS);
    var ready = pods.map(list -> list.stream().filter(DnsPod::ready).count()).orElse(0L);
    var queries = probes(view, "queries", key -> Layer.of(key) == Layer.DNS);
    return pods.filter(list -> !list.isEmpty())
        .map(
            list ->
                List.of(
                    line(
                        ready == 0
                            ? HealthState.FAILING
                            : ready < list.size() ? HealthState.DEGRADED : HealthState.HEALTHY,
                        "CoreDNS",
                        ready + " of " + list.size() + " ready"),
                    queries))
        .orElse(List.of(queries));
  }

  private static List<Line> loadBalancers(ClusterView view) {
    var list = LoadBalancerList.of(view);
    if (!list.unavailable().isEmpty()) {
      return List.of(line(HealthState.UNKNOWN, "not known", ""));
    }
    var items = list.items().shown();
    return items.isEmpty()
        ? List.of(line(HealthState.NONE, "none exists", ""))
        : limited(
            items.stream().map(item -> line(item.own(), item.name(), "")), list.items().total());
  }

  private static List<Line> targetGroups(ClusterView view) {
    var groups =
        LoadBalancerList.of(view).items().shown().stream()
            .flatMap(item -> item.groups().stream())
            .distinct()
            .sorted((one, other) -> one.state().compareTo(other.state()))
            .toList();
    return groups.isEmpty()
        ? List.of(
            line(
                view.isUnavailable(Resources.TARGET_GROUPS)
                    ? HealthState.UNKNOWN
                    : HealthState.NONE,
                "none known",
                ""))
        : limited(
            groups.stream().map(group -> line(group.state(), group.name(), group.ratio())),
            groups.size());
  }

  private static Line nodes(ClusterView view) {
    var nodes = view.known().get(Resources.NODES).filter(list -> !list.isEmpty());
    if (nodes.isEmpty()) {
      return line(HealthState.UNKNOWN, "not known", "");
    }
    var ready = nodes.get().stream().filter(KubeNode::ready).count();
    var zones = nodes.get().stream().map(KubeNode::zone).distinct().count();
    return line(
        ready < nodes.get().size() ? HealthState.DEGRADED : HealthState.HEALTHY,
        ready + " of " + nodes.get().size() + " ready, " + PageText.count(zones, "zone"),
        "");
  }

  private static boolean isOfPod(SeriesKey key) {
    return key instanceof SeriesKey.TargetKey || key instanceof SeriesKey.PodKey;
  }

  private static Line probes(ClusterView view, String text, Predicate<SeriesKey> wanted) {
    var cell =
        view.agents().stream()
            .flatMap(agent -> agent.windows().stream())
            .filter(window -> HealthCounts.isCounted(window.key()) && wanted.test(window.key()))
            .map(window -> Cell.of(window, view.now()))
            .reduce(Cell.NONE, Cell::plus);
    return line(
        cell.state() == HealthState.NONE ? HealthState.UNKNOWN : cell.state(), text, cell.text());
  }

  /** The first lines, and how many more there are. */
  private static List<Line> limited(Stream<Line> lines, int total) {
    var shown = lines.limit(MAX_LINES).toList();
    if (total <= MAX_LINES) {
      return shown;
    }
    return Stream.concat(
            shown.stream(),
            Stream.of(line(HealthState.NONE, "and " + (total - MAX_LINES) + " more", "")))
        .toList();
  }

  private static Line line(HealthState state, String text, String note) {
    return new Line(state, text, note, 0);
  }

  private static String shortened(String text, int max) {
    return text.length() > max ? text.substring(0, Math.max(0, max - 1)) + "…" : text;
  }
}
