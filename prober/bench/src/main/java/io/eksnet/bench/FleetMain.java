package io.eksnet.bench;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Settings;
import io.eksnet.probe.ProbeKinds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make bench-fleet}: what a controller costs with few agents and with many. */
@Command(
    name = "bench-fleet",
    description = "Measures what a controller and simulated agents cost, on loopback.")
final class FleetMain implements Callable<Integer> {
  @Option(names = "--eksnet", required = true, description = "The program, bin/eksnet.")
  Path eksnet = Path.of("eksnet");

  @Option(names = "--agents", split = ",", description = "How many (${DEFAULT-VALUE}).")
  List<Integer> agents = List.of(10, 100, 1_000, 5_000);

  @Option(names = "--seconds", description = "The length of a window (${DEFAULT-VALUE}).")
  double seconds = 30;

  public static void main(String[] args) {
    System.exit(new CommandLine(new FleetMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    var costs = new ArrayList<FleetCost>();
    for (var count : agents) {
      var began = System.nanoTime();
      var work = Files.createTempDirectory("eksnet-fleet");
      var cluster = new FleetCluster(count);
      costs.add(new FleetRun(eksnet.toAbsolutePath(), work, usual(), cluster, seconds).measure());
      var took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      System.err.println(count + " agents took " + took + " s");
    }
    System.out.print(FleetCost.table(costs));
    System.out.printf(
        "Each agent has about %d tasks; %d load balancers, %d target groups and %d pods a node do"
            + " not change.%n",
        costs.get(0).tasks(), FleetCluster.BALANCERS, FleetCluster.GROUPS, 1 + FleetCluster.OTHERS);
    System.out.println("Requests to the API server: " + costs.get(0).apiCalls());
    System.out.println("Calls to AWS: " + costs.get(costs.size() - 1).awsCalls());
    return 0;
  }

  /** The settings of a cluster without a config. */
  private static Settings usual() {
    return ((ConfigResult.Valid) ConfigReader.read("{}", ProbeKinds.byName())).settings();
  }
}
