package io.eksnet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a cluster of some size costs.
 *
 * @param agents how many
 * @param tasks of each
 * @param awsCalls in an hour, by service and operation
 * @param watches that stand at the API server
 * @param apiCalls other requests to the API server in an hour, by what they are
 * @param lists to list everything again, which happens every 30 minutes
 * @param planBytes of an agent in an hour while nothing changes, as TCP carries them
 * @param reportBytes the same of observations
 * @param reached agents that the controller asked in a period of 10 s, of all
 * @param cpuSeconds of the controller in an hour
 * @param rssMegabytes of the controller at the end
 * @param peakMegabytes the most it had, as while it listed everything
 * @param planMillis to make and write the plans of all
 * @param moved plans that changed when one agent came
 * @param movedBytes all that was sent because of it
 * @param failures failed requests for plans
 * @param responseMillis of 99 % of the small requests to the controller
 * @param slowestMillis of all of them: the longest that its event loop was busy, or the machine
 * @param foreignCores what stubs, agents and anything else took meanwhile
 */
record FleetCost(
    int agents,
    int tasks,
    Map<String, Long> awsCalls,
    int watches,
    Map<String, Long> apiCalls,
    long lists,
    double planBytes,
    double reportBytes,
    double reached,
    double cpuSeconds,
    double rssMegabytes,
    double peakMegabytes,
    double planMillis,
    long moved,
    long movedBytes,
    long failures,
    double responseMillis,
    double slowestMillis,
    double foreignCores) {

  /** One column a size, one row a figure. */
  static String table(List<FleetCost> all) {
    var rows = new ArrayList<List<String>>();
    rows.add(row("agents", all, cost -> (double) cost.agents()));
    for (var service : services(all)) {
      rows.add(row("calls to AWS in an hour: " + service, all, cost -> cost.aws(service)));
    }
    rows.add(row("watches at the API server", all, cost -> (double) cost.watches()));
    rows.add(row("other requests to it in an hour", all, FleetCost::requests));
    rows.add(row("lists at the start", all, cost -> (double) cost.lists()));
    rows.add(row("plan, nothing new: kB/h an agent", all, cost -> cost.planBytes() / 1e3));
    rows.add(row("observations: kB/h an agent", all, cost -> cost.reportBytes() / 1e3));
    rows.add(row("the same, at once: kB/s in all", all, FleetCost::kilobytesPerSecond));
    rows.add(row("agents asked in time, of all", all, FleetCost::reached));
    rows.add(row("one agent comes: plans that change", all, cost -> (double) cost.moved()));
    rows.add(row("one agent comes: kB in all", all, cost -> cost.movedBytes() / 1e3));
    rows.add(row("controller: CPU s in an hour", all, FleetCost::cpuSeconds));
    rows.add(row("controller: RSS, MB", all, FleetCost::rssMegabytes));
    rows.add(row("controller: most RSS, MB", all, FleetCost::peakMegabytes));
    rows.add(row("all plans made and written, ms", all, FleetCost::planMillis));
    rows.add(row("response of its event loop, p99, ms", all, FleetCost::responseMillis));
    rows.add(row("response of its event loop, slowest, ms", all, FleetCost::slowestMillis));
    rows.add(row("cores that all else took", all, FleetCost::foreignCores));
    rows.add(row("failed requests for plans", all, cost -> (double) cost.failures()));
    return Table.align(rows);
  }

  private static Iterable<String> services(List<FleetCost> all) {
    return all.stream()
        .flatMap(cost -> cost.awsCalls().keySet().stream())
        .map(FleetCost::service)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> row(
      String what, List<FleetCost> all, Function<FleetCost, Double> figure) {
    var row = new ArrayList<>(List.of(what));
    all.forEach(cost -> row.add(Table.number(figure.apply(cost))));
    row.add("");
    return row;
  }

  private double aws(String service) {
    return awsCalls.entrySet().stream()
        .filter(call -> service(call.getKey()).equals(service))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private double requests() {
    return apiCalls.values().stream().mapToLong(Long::longValue).sum();
  }

  private double kilobytesPerSecond() {
    return (planBytes + reportBytes) * agents / 3_600 / 1e3;
  }

  private static String service(String operation) {
    return operation.substring(0, operation.indexOf(' '));
  }
}
