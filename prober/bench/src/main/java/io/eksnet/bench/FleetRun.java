package io.eksnet.bench;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.config.Settings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.plan.FleetPlan;
import io.eksnet.web.PlanJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** One size: the real controller, as a user starts it, between stubs that count. */
final class FleetRun {
  private static final String TOKEN = "a-token-of-the-bench";
  private static final double WARM_UP_SECONDS = 20;
  private static final double PERIOD_SECONDS = 10;
  private static final int PLANNINGS = 15;

  private final Path eksnet;
  private final Path work;
  private final Settings settings;
  private final FleetCluster cluster;
  private final double seconds;

  /**
   * @param seconds of a window; best a multiple of 30, in which all that repeats is seen equally
   */
  FleetRun(Path eksnet, Path work, Settings settings, FleetCluster cluster, double seconds) {
    this.eksnet = eksnet;
    this.work = work;
    this.settings = settings;
    this.cluster = cluster;
    this.seconds = seconds;
  }

  FleetCost measure() throws IOException, InterruptedException {
    var token = Files.writeString(work.resolve("token"), TOKEN);
    try (var api = new KubeStub(cluster);
        var aws = new AwsStub();
        var agents = new SimulatedAgents(settings.suites(), token)) {
      try (var controller = start(api, aws, agents)) {
        return measure(api, aws, agents, controller);
      }
    }
  }

  private FleetCost measure(KubeStub api, AwsStub aws, SimulatedAgents agents, Started started)
      throws InterruptedException {
    var controller = started.child;
    var lists = api.counts().getOrDefault("list", 0L);
    agents.ask(0, cluster.nodes());
    Scenario.settle(WARM_UP_SECONDS);

    var apiBefore = api.counts();
    var before = agents.count();
    var meter = new Meter(controller.pid(), List.of());
    Scenario.settle(seconds);
    var usage = meter.stop();
    var window = agents.count().since(before);
    var apiCalls = perHour(apiBefore, api.counts());
    var watches = api.standing();
    double response;
    double slowest;
    try (var responses = new ResponseTimes(started.port)) {
      Scenario.settle(seconds);
      slowest = responses.quantile(1);
      response = responses.quantile(0.99);
    }

    var calm = agents.count();
    var stirred = System.nanoTime();
    api.grow();
    try (var hour = new SimulatedHour(api, aws, settings.polls())) {
      var calls = hour.calls();
      Scenario.settle(Math.max(0, 2 * PERIOD_SECONDS - (System.nanoTime() - stirred) / 1e9));
      var stir = agents.count().since(calm);
      var rss = Proc.rss(controller.pid());
      var peak = Proc.peakRss(controller.pid());
      controller.mustRun();
      controller.close();
      var hours = 3_600 / seconds / cluster.nodes();
      var usual = (double) window.planBytes() / Math.max(1, window.same());
      return new FleetCost(
          cluster.nodes(),
          agents.tasks(),
          calls,
          watches,
          apiCalls,
          lists,
          window.planBytes() * hours,
          window.reportBytes() * hours,
          window.reports() / (cluster.nodes() * seconds / PERIOD_SECONDS),
          usage.cpuMillis() / 1e3 * 3_600 / (usage.millis() / 1e3),
          rss,
          peak,
          planMillis(hour.inventory()),
          stir.others(),
          Math.round(stir.planBytes() - usual * stir.same()),
          window.failures() + stir.failures(),
          response,
          slowest,
          usage.foreignCores());
    }
  }

  private Map<String, Long> perHour(Map<String, Long> before, Map<String, Long> after) {
    var calls = new TreeMap<String, Long>();
    after.forEach(
        (what, count) ->
            calls.put(what, Math.round((count - before.getOrDefault(what, 0L)) * 3_600 / seconds)));
    return calls;
  }

  /** The middle of some, most of them after the compiler did its work. */
  private double planMillis(Inventory inventory) {
    var times =
        IntStream.range(0, PLANNINGS)
            .mapToDouble(
                n -> {
                  var began = System.nanoTime();
                  var plan =
                      FleetPlan.of(
                          settings.suites(),
                          inventory,
                          AllowedTargets.THIS_HOST,
                          FleetPlan.AGENT_PORT);
                  var written =
                      plan.byNode().values().stream()
                          .map(PlanJson::write)
                          .mapToInt(String::length)
                          .sum();
                  if (written == 0) {
                    throw new IllegalStateException("there are no plans");
                  }
                  return (System.nanoTime() - began) / 1e6;
                })
            .sorted()
            .toArray();
    return times[PLANNINGS / 2];
  }

  /** A controller and the port of its web server. */
  private record Started(BenchProcess child, int port) implements AutoCloseable {
    @Override
    public void close() {
      child.close();
    }
  }

  private Started start(KubeStub api, AwsStub aws, SimulatedAgents agents)
      throws IOException, InterruptedException {
    var config = Files.writeString(work.resolve("controller.yaml"), yaml(agents.port()));
    var port = TestBed.freePort();
    var environment = new TreeMap<String, String>();
    environment.put("KUBERNETES_MASTER", api.url());
    environment.put("KUBECONFIG", work.resolve("none").toString());
    environment.put("POD_NAMESPACE", FleetCluster.NAMESPACE);
    environment.put("POD_NAME", "eksnet-controller-0");
    environment.put("AWS_ENDPOINT_URL", aws.uri().toString());
    environment.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "not-a-secret");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    var child =
        BenchProcess.start(
            work,
            "controller-" + cluster.nodes(),
            environment,
            List.of(
                eksnet.toString(),
                "controller",
                "--config.file=" + config,
                "--web.listen-address=127.0.0.1:" + port));
    try {
      new ScrapeClient(port).await("/-/ready", child, 50);
      agents.learn(port);
      return new Started(child, port);
    } catch (IllegalStateException e) {
      child.close();
      throw e;
    }
  }

  private static String yaml(int agentPort) {
    return """
        cluster: %s
        region: %s
        controller:
          token_file: token
          agent_port: %d
          loopback: true
          resolver: "127.0.0.1:53"
        """
        .formatted(FleetCluster.NAME, FleetCluster.REGION, agentPort);
  }
}
