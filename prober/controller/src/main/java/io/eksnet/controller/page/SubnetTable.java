package io.eksnet.controller.page;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Subnet;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The subnets, those with the smallest share of free addresses first.
 *
 * @param unavailable why the subnets are unknown, or empty
 */
record SubnetTable(String unavailable, Truncated<Row> rows) {
  private static final int MAX_ROWS = 100;
  private static final int BAR_WIDTH = 100;

  /** The share of free addresses below which a subnet is nearly full. */
  private static final double NEARLY_FULL = 0.1;

  private static final int GRAPH_HEIGHT = 24;

  /**
   * @param name its tag {@code Name}, or empty
   * @param used the percentage of used addresses
   * @param prefixes the free /28 blocks, or empty if unknown
   * @param historyPoints the points of an SVG polyline, or empty
   */
  record Row(
      String id,
      String name,
      boolean failing,
      String location,
      String roles,
      String free,
      String used,
      boolean nearlyFull,
      String prefixes,
      String historyPoints,
      String history,
      String forecast) {}

  static SubnetTable of(ClusterView view) {
    var subnets = view.known().snapshot(Resources.SUBNETS);
    if (subnets.value().isEmpty()) {
      return new SubnetTable(PageText.unavailable(subnets), new Truncated<>(List.of(), 0));
    }
    var failing =
        view.findings().stream()
            .map(Finding::scope)
            .filter(scope -> scope.startsWith("subnet/"))
            .collect(Collectors.toSet());
    var prefixes = view.known().get(Resources.FREE_PREFIXES).orElse(Map.of());
    var sorted =
        subnets.value().get().stream()
            .sorted(Comparator.comparingDouble(SubnetTable::freeRatio).thenComparing(Subnet::id));
    var rows =
        sorted
            .map(
                subnet ->
                    row(
                        subnet,
                        failing.contains("subnet/" + subnet.id()),
                        prefixes.containsKey(subnet.id())
                            ? PageText.count(prefixes.get(subnet.id()), "free /28 block")
                            : "",
                        view.freeAddresses().getOrDefault(subnet.id(), List.of())))
            .toList();
    return new SubnetTable("", Truncated.of(rows, MAX_ROWS));
  }

  private static Row row(
      Subnet subnet, boolean failing, String prefixes, List<FreeAddresses.Sample> samples) {
    return new Row(
        subnet.id(),
        subnet.name(),
        failing,
        subnet.zone() + ", " + subnet.cidr(),
        roles(subnet),
        subnet.available() + " of " + subnet.usable() + ", " + percent(subnet),
        oneDecimal((1 - freeRatio(subnet)) * BAR_WIDTH),
        freeRatio(subnet) < NEARLY_FULL,
        prefixes,
        historyPoints(samples, subnet.usable()),
        history(samples),
        PageText.capital(Forecast.of(samples).text()));
  }

  private static String roles(Subnet subnet) {
    return subnet.roles().isEmpty()
        ? "nothing"
        : subnet.roles().stream()
            .sorted()
            .map(role -> role.label().replace('_', ' '))
            .collect(Collectors.joining(", "));
  }

  private static double freeRatio(Subnet subnet) {
    return clamp((double) subnet.available() / subnet.usable());
  }

  /** Rounded down: only no free address is 0 %, only all free is 100 %. */
  private static String percent(Subnet subnet) {
    var percent = (int) Math.floor(freeRatio(subnet) * 100);
    return percent == 0 && subnet.available() > 0 ? "under 1 %" : percent + " %";
  }

  private static String history(List<FreeAddresses.Sample> samples) {
    if (samples.size() < 2) {
      return "no history yet";
    }
    var last = samples.get(samples.size() - 1);
    return samples.get(0).available()
        + " to "
        + last.available()
        + " in "
        + PageText.duration(span(samples));
  }

  /** From 0 at the bottom to all usable addresses at the top. */
  private static String historyPoints(List<FreeAddresses.Sample> samples, int usable) {
    if (samples.size() < 2) {
      return "";
    }
    var start = samples.get(0).at();
    var millis = (double) Math.max(1, span(samples).toMillis());
    return samples.stream()
        .map(
            sample -> {
              var x = Duration.between(start, sample.at()).toMillis() / millis;
              var y = 1 - clamp((double) sample.available() / usable);
              return oneDecimal(x * BAR_WIDTH) + "," + oneDecimal(1 + y * (GRAPH_HEIGHT - 2));
            })
        .collect(Collectors.joining(" "));
  }

  private static Duration span(List<FreeAddresses.Sample> samples) {
    return Duration.between(samples.get(0).at(), samples.get(samples.size() - 1).at());
  }

  private static double clamp(double ratio) {
    return Math.max(0, Math.min(1, ratio));
  }

  private static String oneDecimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
