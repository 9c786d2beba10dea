package io.eksnet.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make bench}: eksnet, blackbox_exporter and the plain limit side by side. */
@Command(
    name = "bench",
    description = "Measures eksnet beside blackbox_exporter and a bare client, on loopback.")
final class BenchMain implements Callable<Integer> {
  private static final int MAX_MINUTES = 12;

  @Option(names = "--eksnet", required = true, description = "The program, bin/eksnet.")
  Path eksnet = Path.of("eksnet");

  @Option(
      names = "--only",
      split = ",",
      description =
          "cpu, capacity, schedule, scrape, start, overload, diagnosis, idle (not run by default).")
  List<String> only =
      List.of("cpu", "capacity", "schedule", "scrape", "start", "overload", "diagnosis");

  @Option(names = "--seconds", description = "The length of a window (${DEFAULT-VALUE}).")
  double seconds = 5;

  @Option(names = "--repeat", description = "How often; the table has medians (${DEFAULT-VALUE}).")
  int repeat = 1;

  @Option(names = "--json", description = "Where to write all readings.")
  @Nullable Path json;

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchMain()).execute(args));
  }

  private static Map<String, Scenario> scenarios() {
    var scenarios = new LinkedHashMap<String, Scenario>();
    scenarios.put("cpu", new CpuScenario());
    scenarios.put("capacity", new CapacityScenario());
    scenarios.put("schedule", new ScheduleScenario());
    scenarios.put("scrape", new ScrapeScenario());
    scenarios.put("start", new StartScenario());
    scenarios.put("overload", new OverloadScenario());
    scenarios.put("diagnosis", new DiagnosisScenario());
    scenarios.put("idle", new IdleScenario());
    return scenarios;
  }

  @Override
  public Integer call() throws Exception {
    var unknown = new ArrayList<>(only);
    unknown.removeAll(scenarios().keySet());
    if (!unknown.isEmpty()) {
      System.err.println("--only: no " + unknown + "; there are " + scenarios().keySet());
      return 2;
    }
    endInTime();
    var readings = new Measurements();
    var machine = machine();
    System.out.println(machine.encode());
    var work = Files.createTempDirectory("eksnet-bench");
    try (var stand = TestBed.set(eksnet.toAbsolutePath(), work)) {
      for (var n = 0; n < repeat; n++) {
        measure(stand, readings);
      }
    }
    print(readings, machine);
    return 0;
  }

  /** One scenario that fails does not take the others with it. */
  private void measure(TestBed stand, Measurements readings) {
    scenarios()
        .forEach(
            (name, scenario) -> {
              if (only.contains(name)) {
                var began = System.nanoTime();
                try {
                  scenario.run(stand, seconds, readings);
                } catch (Exception e) {
                  readings.note(name + ": " + e);
                }
                var took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                System.err.println(name + " took " + took + " s");
              }
            });
  }

  private void print(Measurements readings, JsonObject machine) throws IOException {
    System.out.println();
    System.out.print(Table.of(Goals.all(), readings));
    System.out.println("B: blackbox_exporter in this run. floor: a bare Netty client.");
    readings.notes().forEach(note -> System.out.println("note: " + note));
    if (json != null) {
      Files.writeString(json, Report.json(Goals.all(), readings, machine));
    }
  }

  private static JsonObject machine() throws IOException {
    return new JsonObject()
        .put("blackbox", Blackbox.version())
        .put("java", System.getProperty("java.runtime.version"))
        .put("kernel", System.getProperty("os.version"))
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("pinning", Cores.pinned());
  }

  /** Whatever hangs, the bench and its children end. */
  private void endInTime() {
    var limit = TimeUnit.MINUTES.toMillis((long) repeat * MAX_MINUTES);
    var watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(limit);
              } catch (InterruptedException e) {
                return;
              }
              System.err.println("not done after " + limit / 60_000 + " minutes; ending");
              System.exit(3);
            },
            "end in time");
    watch.setDaemon(true);
    watch.start();
  }
}
