package io.eksnet.controller;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.cli.Await;
import io.eksnet.cli.ChildProgram;
import io.eksnet.cli.ExpositionSamples;
import io.eksnet.cli.Options;
import io.eksnet.cli.Program;
import io.eksnet.config.Settings;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.lab.TcpServer;
import io.eksnet.model.HostPort;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.FleetPlan;
import io.eksnet.probe.tcp.TcpSettings;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A controller and an agent in one JVM, over an inventory that the test controls. */
@Timeout(120)
class ControllerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  private final AtomicBoolean leads = new AtomicBoolean(true);
  private final AtomicInteger targets = new AtomicInteger(1);
  private final AtomicBoolean broken = new AtomicBoolean();
  private final AtomicInteger plansToFail = new AtomicInteger();
  private volatile int agentPort;
  private volatile int targetPort;

  @Test
  void agentProbesItsPlanAndTheControllerCollectsTheResults() throws Exception {
    try (var target = TcpServer.start("")) {
      targetPort = target.addresses().get(0).getPort();
      var address = ChildProgram.freeAddress();
      agentPort = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      var token = directory.resolve("token");
      Files.writeString(token, "0123456789abcdef0123");
      try (var controller = controller("token_file: token")) {
        try (var agent = agent(controller.port(), address, "token_file: token")) {
          Await.until("a task", TIMEOUT, () -> tasks(agent), tasks -> tasks == 1);
          assertThat(page(agent).sum("eksnet_plan_age_seconds", Map.of())).isLessThan(30);

          Await.until(
              "an agent that reports",
              TIMEOUT,
              () -> page(controller).sum("eksnet_agents_reporting", Map.of()),
              agents -> agents == 1);
          Await.until(
              "an observation",
              TIMEOUT,
              () -> agents(controller),
              seen -> !seen.isEmpty() && seen.getJsonObject(0).getString("node").equals("node-a"));
          var page = page(controller);
          assertThat(page.sum("eksnet_leader", Map.of())).isEqualTo(1);
          assertThat(page.sum("eksnet_agents_desired", Map.of())).isEqualTo(2);
          assertThat(page.sum("eksnet_controller_heartbeat_timestamp_seconds", Map.of()))
              .isGreaterThan(1.7e9);
          var poll = Map.of("poll", "agents", "service", "kubernetes");
          assertThat(page.sum("eksnet_poll_last_success_timestamp_seconds", poll))
              .isGreaterThan(1.7e9);
          assertThat(page.sum("eksnet_poll_interval_seconds", poll)).isEqualTo(1);

          var runs = runs(agent);
          targets.set(2);
          Await.until("another task", TIMEOUT, () -> tasks(agent), tasks -> tasks == 2);
          assertThat(runs(agent)).isGreaterThanOrEqualTo(runs);
        }
      }
    }
  }

  @Test
  void agentKeepsItsPlanWithoutTheControllerAndAppliesTheNextOne() throws Exception {
    try (var target = TcpServer.start("")) {
      targetPort = target.addresses().get(0).getPort();
      var agentAddress = ChildProgram.freeAddress();
      var address = ChildProgram.freeAddress();
      var port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      var first = controller(address, "");
      try (var agent = agent(port, agentAddress, "")) {
        Await.until("a task", TIMEOUT, () -> tasks(agent), tasks -> tasks == 1);
        first.close();

        var runs = runs(agent);
        Await.until("more runs", TIMEOUT, () -> runs(agent), now -> now > runs + 3);
        Await.until(
            "an ageing plan",
            TIMEOUT,
            () -> page(agent).sum("eksnet_plan_age_seconds", Map.of()),
            age -> age > 3);
        assertThat(tasks(agent)).isEqualTo(1);

        targets.set(3);
        try (var second = controller(address, "")) {
          Await.until("the tasks", TIMEOUT, () -> tasks(agent), tasks -> tasks == 3);
          assertThat(second.port()).isEqualTo(port);
        }
      }
    }
  }

  @Test
  void standbyServesNoPlanAndNoStaleData() throws Exception {
    agentPort = 9;
    try (var controller = controller("")) {
      Await.until(
          "the plan", TIMEOUT, () -> get(controller, "/api/v1/plan?node=node-a"), s -> s == 200);
      leads.set(false);

      assertThat(get(controller, "/api/v1/plan?node=node-a")).isEqualTo(503);
      assertThat(get(controller, "/api/v1/inventory")).isEqualTo(503);
      assertThat(ChildProgram.get(HTTP, uri(controller, "/")).body())
          .contains("Unknown on this replica", "the leader is pod eksnet-controller-b");
      var page = page(controller);
      assertThat(page.sum("eksnet_leader", Map.of())).isZero();
      assertThat(page.of("eksnet_leader", Map.of())).hasSize(1);
      assertThat(page.of("eksnet_controller_heartbeat_timestamp_seconds", Map.of())).isEmpty();
      assertThat(page.of("eksnet_agents_desired", Map.of())).isEmpty();
    }
  }

  /** Nothing else changes after the failure, so only another try can make the plan. */
  @Test
  void plansAgainAfterAFailedComputation() throws Exception {
    agentPort = 9;
    plansToFail.set(1);
    try (var controller = controller("")) {
      Await.until(
          "the plan", TIMEOUT, () -> get(controller, "/api/v1/plan?node=node-a"), s -> s == 200);
    }
    assertThat(plansToFail).hasNegativeValue();
  }

  @Test
  void unreadableResourceIsUnknownAndThePlanStays() throws Exception {
    agentPort = 9;
    try (var controller = controller("")) {
      Await.until(
          "the plan", TIMEOUT, () -> get(controller, "/api/v1/plan?node=node-a"), s -> s == 200);
      broken.set(true);
      Await.until(
          "an unknown fleet",
          TIMEOUT,
          () -> page(controller).of("eksnet_agents_desired", Map.of()),
          List::isEmpty);

      var body = ChildProgram.get(HTTP, uri(controller, "/api/v1/inventory?part=agents")).body();
      var agents = new JsonObject(body).getJsonObject("parts").getJsonObject("agents");
      assertThat(agents.containsKey("value")).isFalse();
      assertThat(agents.getJsonObject("lack").getString("why")).isEqualTo("throttled");
      assertThat(get(controller, "/api/v1/plan?node=node-a")).isEqualTo(200);

      broken.set(false);
      Await.until(
          "a known fleet",
          TIMEOUT,
          () -> page(controller).sum("eksnet_agents_desired", Map.of()),
          agentsNow -> agentsNow == 2);
    }
  }

  @Test
  void collectsFromKnownAgentsWhileTheListOfAgentsIsUnreadable() throws Exception {
    try (var target = TcpServer.start("")) {
      targetPort = target.addresses().get(0).getPort();
      var address = ChildProgram.freeAddress();
      agentPort = Integer.parseInt(address.substring(address.indexOf(':') + 1));
      try (var controller = controller("");
          var agent = agent(controller.port(), address, "")) {
        Await.until("findings", TIMEOUT, () -> get(controller, "/api/v1/findings"), s -> s == 200);
        Await.until("a task", TIMEOUT, () -> tasks(agent), tasks -> tasks == 1);
        broken.set(true);
        Await.until(
            "an unknown fleet",
            TIMEOUT,
            () -> page(controller).of("eksnet_agents_desired", Map.of()),
            List::isEmpty);
        var lost = Instant.now();

        Await.until(
            "an observation of later",
            TIMEOUT,
            () -> agents(controller).encode(),
            seen -> times(seen).anyMatch(at -> at.isAfter(lost)));
        assertThat(page(controller).sum("eksnet_agents_reporting", Map.of())).isEqualTo(1);
      }
    }
  }

  @Test
  void diagnosesWithoutAListOfAgents() throws Exception {
    agentPort = 9;
    broken.set(true);
    try (var controller = controller("")) {
      Await.until("findings", TIMEOUT, () -> get(controller, "/api/v1/findings"), s -> s == 200);
    }
  }

  private static final Pattern AT = Pattern.compile("\"at\":\"([^\"]+)\"");

  private static Stream<Instant> times(String json) {
    return AT.matcher(json).results().map(match -> Instant.parse(match.group(1)));
  }

  @Test
  void agentWithAWrongTokenGetsNoPlan() throws Exception {
    Files.writeString(directory.resolve("token"), "0123456789abcdef0123");
    Files.writeString(directory.resolve("wrong"), "another-token-than-that");
    try (var controller = controller("token_file: token");
        var agent = agent(controller.port(), ChildProgram.freeAddress(), "token_file: wrong")) {
      Await.until(
          "the plan", TIMEOUT, () -> get(controller, "/api/v1/plan?node=node-a"), s -> s == 200);
      var refused =
          ChildProgram.get(
              HTTP,
              uri(controller, "/api/v1/plan?node=node-a"),
              "Authorization",
              "Bearer another-token-than-that");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(page(agent).of("eksnet_plan_age_seconds", Map.of())).isEmpty();
      assertThat(tasks(agent)).isZero();
    }
  }

  private Prober controller(String more) throws Exception {
    return controller("127.0.0.1:0", more);
  }

  private Prober controller(String address, String more) throws Exception {
    var yaml =
        "suites: {dns: {enabled: false}}\n"
            + "polls: {kubernetes: 1s}\n"
            + "controller: {every: 1s, agent_port: "
            + Math.max(1, agentPort)
            + (more.isEmpty() ? "" : ", " + more)
            + "}\n";
    return start(Role.CONTROLLER, "controller.yaml", yaml, address);
  }

  private Prober agent(int controller, String address, String more) throws Exception {
    var yaml =
        "suites: {dns: {enabled: false}}\ncontroller: {every: 1s, url: \"http://127.0.0.1:"
            + controller
            + "\""
            + (more.isEmpty() ? "" : ", " + more)
            + "}\n";
    return start(Role.AGENT, "agent.yaml", yaml, address);
  }

  private Prober start(Role role, String file, String yaml, String address) throws Exception {
    var options = new Options();
    options.configFiles = List.of(Files.writeString(directory.resolve(file), yaml));
    options.listenAddress = address;
    return Prober.start(
        role,
        Optional.of(
            context ->
                ControlLoop.create(
                    context,
                    calls -> new TestAccess(),
                    (settings, inventory) -> planOrFail(inventory))),
        this::tasks,
        options.prober(),
        Program.environment(directory),
        Duration.ofMinutes(1));
  }

  private static URI uri(Prober prober, String path) {
    return URI.create("http://127.0.0.1:" + prober.port() + path);
  }

  private static int get(Prober prober, String path) throws Exception {
    return ChildProgram.get(HTTP, uri(prober, path)).statusCode();
  }

  private static ExpositionSamples page(Prober prober) throws Exception {
    return ExpositionSamples.parse(ChildProgram.get(HTTP, uri(prober, "/metrics")).body());
  }

  private static double tasks(Prober prober) throws Exception {
    return page(prober).sum("eksnet_tasks", Map.of("kind", "tcp"));
  }

  private static double runs(Prober prober) throws Exception {
    return page(prober).sum("eksnet_probe_total", Map.of("target", "target-0"));
  }

  private static JsonArray agents(Prober controller) throws Exception {
    var body = ChildProgram.get(HTTP, uri(controller, "/api/v1/observations")).body();
    return new JsonObject(body).getJsonArray("agents");
  }

  /** One agent, which the test controls. */
  private final class TestAccess implements ClusterAccess {
    private volatile boolean closed;

    @Override
    public List<InventorySource<?>> sources() {
      return List.of(
          new InventorySource<AgentFleet>() {
            @Override
            public Resource<AgentFleet> resource() {
              return Resources.AGENTS;
            }

            @Override
            public Duration minInterval() {
              return Duration.ofSeconds(1);
            }

            @Override
            public List<Permission> permissions() {
              return List.of();
            }

            @Override
            public Future<AgentFleet> read(Inventory known) {
              if (broken.get()) {
                return Future.failedFuture(
                    new SourceException(Unavailable.Reason.THROTTLED, "too often"));
              }
              return Future.succeededFuture(
                  new AgentFleet(
                      2, List.of(new Agent("node-a", "zone-" + targets.get(), "127.0.0.1", true))));
            }
          });
    }

    @Override
    public void elect(Optional<HostPort> address, ElectionListener listener) {
      listener.onChange(true);
    }

    @Override
    public boolean stillLeading() {
      return !closed && leads.get();
    }

    @Override
    public Optional<HostPort> leaderAddress() {
      return Optional.empty();
    }

    @Override
    public String pod() {
      return "eksnet-controller-a";
    }

    @Override
    public Optional<String> leader() {
      return Optional.of("eksnet-controller-b");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private FleetPlan planOrFail(Inventory inventory) {
    if (inventory.get(Resources.AGENTS).isPresent() && plansToFail.getAndDecrement() > 0) {
      throw new IllegalStateException("planted");
    }
    return plan(inventory);
  }

  private static FleetPlan plan(Inventory inventory) {
    var agents = inventory.get(Resources.AGENTS).map(AgentFleet::agents).orElse(List.of());
    return new FleetPlan(
        agents.stream()
            .collect(
                toMap(
                    Agent::node,
                    agent ->
                        new AgentPlan(
                            agent.node(), agent.zone(), List.of(new DnsBackend("10.0.0.1"))))),
        List.of(),
        Map.of());
  }

  /** As many tasks as the zone has records, each a connection to the same server. */
  private List<Task> tasks(AgentPlan plan, Settings settings, boolean agentsServeTls) {
    var count = Integer.parseInt(plan.zone().substring("zone-".length()));
    return IntStream.range(0, count).mapToObj(this::task).toList();
  }

  private Task task(int number) {
    var name = "target-" + number;
    return new Task(
        "node-a/tcp/plan/" + name,
        new SeriesKey.UserProbeKey("plan", "tcp", name),
        "tcp",
        TcpSettings.DEFAULT,
        Target.of(name, "127.0.0.1", targetPort),
        Duration.ofMillis(500),
        Duration.ofMillis(400),
        false);
  }
}
