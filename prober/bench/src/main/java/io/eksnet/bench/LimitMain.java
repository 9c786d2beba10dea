package io.eksnet.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code make bench-limit}: an agent with many HTTP targets of which one in a hundred is dead,
 * under the memory limit of the chart, scraped in all formats. Fails if the agent ends, a scrape
 * fails, a dead target succeeds or a good one fails.
 */
@Command(
    name = "bench-limit",
    description = "Runs an agent with many targets under the memory limit of the chart.")
final class LimitMain implements Callable<Integer> {
  /** One in a hundred targets is dead: half of them refuse connections, half never answer. */
  private static final int DEAD_EVERY = 100;

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final Duration SCRAPE_INTERVAL = Duration.ofSeconds(5);
  private static final int CLOSED_PORT = 9;

  private static final List<Format> FORMATS =
      List.of(
          new Format("text", "text/plain;version=0.0.4", "identity"),
          new Format("text, gzip", "text/plain;version=0.0.4", "gzip"),
          new Format("OpenMetrics", "application/openmetrics-text;version=1.0.0", "identity"),
          new Format("OpenMetrics, gzip", "application/openmetrics-text;version=1.0.0", "gzip"),
          new Format("protobuf", protobuf(), "identity"),
          new Format("protobuf, gzip", protobuf(), "gzip"));

  @Option(names = "--eksnet", required = true, description = "The program, bin/eksnet.")
  Path eksnet = Path.of("eksnet");

  @Option(names = "--targets", description = "How many (${DEFAULT-VALUE}).")
  int targets = 10_000;

  @Option(names = "--seconds", description = "How long (${DEFAULT-VALUE}).")
  int seconds = 600;

  @Option(names = "--mebibytes", description = "The limit (${DEFAULT-VALUE}, as in the chart).")
  int mebibytes = 192;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Format, Scrapes> scrapes = new LinkedHashMap<>();

  private record Format(String name, String accept, String encoding) {}

  /** What the scrapes of one format cost. */
  private static final class Scrapes {
    private int count;
    private int failed;
    private long bytes;
    private double maxSeconds;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new LimitMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    var work = Files.createTempDirectory("eksnet-limit");
    try (var bed = TestBed.set(eksnet.toAbsolutePath(), work);
        var limit = MemoryLimit.of(mebibytes * 1_048_576L)) {
      var port = TestBed.freePort();
      var config = Files.writeString(work.resolve("eksnet.yaml"), config(bed.ports()));
      var command =
          limit.apply(
              List.of(
                  bed.eksnet().toString(),
                  "agent",
                  "--config.file=" + config,
                  "--web.listen-address=127.0.0.1:" + port));
      // Half of the limit is heap, as in the image; the compiler option is the chart's default.
      var environment =
          Map.of("EKSNET_HEAP", mebibytes / 2 + "m", "EKSNET_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
      try (var agent = BenchProcess.start(work, "eksnet", environment, command)) {
        var web = new ScrapeClient(port);
        web.await("/-/ready", agent, 100);
        return run(agent, web, port, limit);
      }
    }
  }

  private int run(BenchProcess agent, ScrapeClient web, int port, MemoryLimit limit)
      throws Exception {
    var cpu = Proc.cpu(agent.pid());
    var machine = Proc.machine();
    var start = System.nanoTime();
    var peak = 0L;
    for (var n = 0; seconds(start) < seconds; n++) {
      scrape(port, FORMATS.get(n % FORMATS.size()));
      peak = Math.max(peak, limit.used());
      agent.mustRun();
      var due = start + SCRAPE_INTERVAL.multipliedBy(n + 1L).toNanos();
      Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    }
    var took = seconds(start);
    var cores = (Proc.cpu(agent.pid()) - cpu) / 1e3 / took;
    var others = (Proc.machine() - machine) / 1e3 / took - cores;
    var page = web.page("/metrics");
    System.out.printf(
        "%d targets, %d of them dead, every %d s; limit %d MiB, heap %d MiB; %.0f s%n",
        targets, targets / DEAD_EVERY, INTERVAL.toSeconds(), mebibytes, mebibytes / 2, took);
    System.out.printf(
        "peak of RSS %.0f MB, of the cgroup %.0f MB; killed %d times; %.2f cores, all else %.2f%n",
        Proc.peakRss(agent.pid()) * 1.048576, peak / 1e6, limit.kills(), cores, others);
    System.out.printf(
        "%d series; missed ticks %.0f, stalls %.0f%n",
        MetricsText.series(page),
        MetricsText.sum(page, "eksnet_probe_missed_total", labels -> true),
        MetricsText.value(page, "eksnet_event_loop_stall_seconds_count"));
    printScrapes();
    var failed = scrapes.values().stream().mapToInt(scraped -> scraped.failed).sum();
    return verify(page) && limit.kills() == 0 && failed == 0 ? 0 : 1;
  }

  private void printScrapes() {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("format", "scrapes", "failed", "MB", "slowest, s", ""));
    scrapes.forEach(
        (format, scraped) ->
            rows.add(
                List.of(
                    format.name(),
                    Integer.toString(scraped.count),
                    Integer.toString(scraped.failed),
                    Table.number(scraped.bytes / 1e6),
                    Table.number(scraped.maxSeconds),
                    "")));
    System.out.print(Table.align(rows));
  }

  /** Whether each target was reported as what it is, and none is missing. */
  private boolean verify(String page) {
    var right = true;
    for (var probe : List.of("good", "refusing", "silent")) {
      var labels = "probe=\"" + probe + "\"";
      var expected =
          switch (probe) {
            case "good" -> "success";
            case "refusing" -> "conn_refused";
            default -> "timeout";
          };
      var name = "eksnet_probe_total";
      var all = MetricsText.sum(page, name, written -> written.contains(labels));
      var fine = runs(page, labels, expected);
      var notRun = runs(page, labels, "not_run");
      var gauges =
          MetricsText.count(page, "eksnet_probe_success", written -> written.contains(labels));
      var up = MetricsText.sum(page, "eksnet_probe_success", written -> written.contains(labels));
      System.out.printf(
          "%s: %.0f runs, %.0f of them %s, %.0f not run, %.0f others; %d gauges, sum %.0f%n",
          probe, all, fine, expected, notRun, all - fine - notRun, gauges, up);
      var count = count(probe);
      right &= all - fine - notRun == 0 && fine > 0 && gauges == count;
      right &= up == (probe.equals("good") ? count : 0);
    }
    System.out.println(right ? "every target is reported as what it is" : "WRONG");
    return right;
  }

  private static double runs(String page, String labels, String outcome) {
    return MetricsText.sum(
        page,
        "eksnet_probe_total",
        written -> written.contains(labels) && written.contains("outcome=\"" + outcome + "\""));
  }

  private int count(String probe) {
    var dead = targets / DEAD_EVERY;
    return switch (probe) {
      case "good" -> targets - dead;
      case "refusing" -> dead / 2;
      default -> dead - dead / 2;
    };
  }

  private void scrape(int port, Format format) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(Duration.ofSeconds(10)) // the scrape timeout of the chart's monitors
            .header("Accept", format.accept())
            .header("Accept-Encoding", format.encoding())
            .build();
    var scraped = scrapes.computeIfAbsent(format, first -> new Scrapes());
    scraped.count++;
    var start = System.nanoTime();
    try {
      var response = client.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      scraped.bytes = Math.max(scraped.bytes, response.body().length);
    } catch (IOException e) {
      scraped.failed++;
      System.err.println("scrape failed, format " + format.name() + ": " + e);
    }
    scraped.maxSeconds = Math.max(scraped.maxSeconds, seconds(start));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private String config(Ports ports) {
    var text = new StringBuilder();
    text.append("limits: {targets: ").append(targets).append("}\n");
    text.append(
        "suites: {dns: {enabled: false}, sts: {enabled: false}, identity: {enabled: false},"
            + " ipamd: {enabled: false}, ena: {enabled: false}}\n");
    text.append("probes:\n");
    probe(text, "good", ports.http(), 0);
    probe(text, "refusing", CLOSED_PORT, 0);
    probe(text, "silent", ports.http(), 2 * TIMEOUT.toMillis());
    return text.toString();
  }

  private void probe(StringBuilder text, String name, int port, long delay) {
    text.append("  - name: ").append(name).append("\n    kind: http\n");
    text.append("    interval: ").append(INTERVAL.toSeconds()).append("s\n");
    text.append("    timeout: ").append(TIMEOUT.toSeconds()).append("s\n    targets:\n");
    var addresses = Ports.addresses(TestBed.ADDRESSES);
    for (var n = 0; n < count(name); n++) {
      text.append(
          "      - \"http://%s:%d/delay/%d?%d\"\n"
              .formatted(addresses.get(n % addresses.size()), port, delay, n));
    }
  }

  private static String protobuf() {
    return "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily"
        + ";encoding=delimited";
  }
}
