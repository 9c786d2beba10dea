package io.eksnet.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.cli.Await;
import io.eksnet.cli.ChildProgram;
import io.eksnet.cli.Commands;
import io.eksnet.cli.Options;
import io.eksnet.cli.Program;
import io.eksnet.controller.web.EvidenceJson;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.HostPort;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.plan.FleetPlan;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two controllers of one cluster, over real sockets; the test decides which of them leads. */
@Timeout(120)
class TwoReplicasTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String TOKEN = "0123456789abcdef0123";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  private volatile String leader = "a";
  private final AtomicBoolean broken = new AtomicBoolean();
  private final Map<String, HostPort> addresses = new ConcurrentHashMap<>();
  private final Map<String, ClusterAccess.ElectionListener> listeners = new ConcurrentHashMap<>();

  @Test
  void incidentsOutliveTheirLeaderAndTheStandbyServesThroughout() throws Exception {
    Files.writeString(directory.resolve("token"), TOKEN);
    var a = controller("a");
    try (var b = controller("b")) {
      Await.until("no findings", TIMEOUT, () -> status(a, "/api/v1/findings"), s -> s == 200);
      assertThat(json(a, "/api/v1/incidents").getJsonArray("incidents")).isEmpty();
      broken.set(true);
      Await.until("an incident", TIMEOUT, () -> incident(b), id -> !id.isEmpty());
      var id = incident(b);

      assertThat(incident(a)).isEqualTo(id);
      assertThat(status(b, "/api/v1/plan?node=n")).isEqualTo(503);
      var findings = json(b, "/api/v1/findings");
      assertThat(findings.getString("leader")).isEqualTo("a");
      assertThat(findings.getInteger("age")).isBetween(0, 10);
      assertThat(findings.getJsonArray("findings")).hasSize(1);
      assertThat(EvidenceJson.read(get(b, "/api/v1/evidence").body()).inventory())
          .isNotEqualTo(Inventory.EMPTY);
      assertThat(get(b, "/").body()).contains("1 cause").doesNotContain("Unknown on this replica");
      assertThat(get(b, "/incidents/" + id).body())
          .contains(id, "template that was not rendered", "nodeclass/default: templates: ");
      assertThat(get(b, "/api/v1/incidents/" + id + ".md").body()).startsWith("# Incident " + id);
      assertThat(json(b, "/api/v1/changes").getJsonArray("changes")).hasSize(1);
      var url = "--url=" + uri(b, "/");
      assertThat(Commands.run("incidents", url)).contains(id + "  open  nodeclass_unrendered");
      assertThat(Commands.run(1, "findings", url))
          .contains("`nodeclass_unrendered_template` at `nodeclass/default`", "### Fix", "As of ");
      assertThat(Commands.run("incidents", url, id)).startsWith("# Incident " + id);

      a.close();
      leader = "b";
      Objects.requireNonNull(listeners.get("b")).onChange(true);

      var failures = new ArrayList<String>();
      Await.until(
          "a diagnosis of the other replica",
          TIMEOUT,
          () -> {
            for (var path :
                List.of("/api/v1/findings", "/api/v1/inventory", "/incidents/" + id, "/")) {
              var response = get(b, path);
              if (response.statusCode() != 200 || response.body().contains("Unknown on this")) {
                failures.add(path + " " + response.statusCode());
              }
            }
            return json(b, "/api/v1/findings");
          },
          now -> now.getString("leader").equals("b") && now.getInteger("age") == 0);
      assertThat(failures).isEmpty();
      var incident = json(b, "/api/v1/incidents/" + id);
      assertThat(incident.containsKey("closed")).isFalse();
      assertThat(incident.getJsonArray("changes")).hasSize(1);
      assertThat(json(b, "/api/v1/incidents").getJsonArray("incidents")).hasSize(1);
    }
  }

  private static String incident(Prober prober) throws Exception {
    if (status(prober, "/api/v1/incidents") != 200) {
      return "";
    }
    var incidents = json(prober, "/api/v1/incidents").getJsonArray("incidents");
    return incidents.isEmpty() ? "" : incidents.getJsonObject(0).getString("id");
  }

  private static JsonObject json(Prober prober, String path) throws Exception {
    return new JsonObject(get(prober, path).body());
  }

  private static int status(Prober prober, String path) throws Exception {
    return get(prober, path).statusCode();
  }

  private static HttpResponse<String> get(Prober prober, String path) throws Exception {
    return ChildProgram.get(HTTP, uri(prober, path), "Authorization", "Bearer " + TOKEN);
  }

  private static URI uri(Prober prober, String path) {
    return URI.create("http://127.0.0.1:" + prober.port() + path);
  }

  private Prober controller(String pod) throws Exception {
    var yaml =
        """
        suites: {dns: {enabled: false}}
        polls: {kubernetes: 1s}
        controller: {every: 1s, token_file: token}
        web: {trust_loopback: false}
        """;
    var options = new Options();
    options.configFiles = List.of(Files.writeString(directory.resolve(pod + ".yaml"), yaml));
    options.listenAddress = "127.0.0.1:0";
    return Prober.start(
        Role.CONTROLLER,
        Optional.of(
            context ->
                ControlLoop.create(
                    context, calls -> new Access(pod), (settings, known) -> FleetPlan.UNKNOWN)),
        AssignedTasks::of,
        options.prober(),
        Program.environment(directory),
        Duration.ofMinutes(1));
  }

  private static NodeClass nodeClass(boolean broken) {
    return new NodeClass(
        "karpenter.k8s.aws",
        "default",
        broken ? List.of(new Condition("SubnetsReady", "False", "SubnetsNotFound", "")) : List.of(),
        broken ? List.of("spec.role: ${role}") : List.of(),
        List.of("subnet-1"));
  }

  /** A cluster without agents, whose node class is broken on demand. */
  private final class Access implements ClusterAccess {
    private final String pod;
    private volatile boolean closed;

    Access(String pod) {
      this.pod = pod;
    }

    @Override
    public List<InventorySource<?>> sources() {
      return List.of(
          new Fixed<>(Resources.AGENTS, () -> new AgentFleet(0, List.of())),
          new Fixed<>(Resources.NODE_CLASSES, () -> List.of(nodeClass(broken.get()))));
    }

    @Override
    public void elect(Optional<HostPort> address, ElectionListener listener) {
      addresses.put(pod, address.orElseThrow());
      listeners.put(pod, listener);
      listener.onChange(stillLeading());
    }

    @Override
    public boolean stillLeading() {
      return !closed && leader.equals(pod);
    }

    @Override
    public Optional<String> leader() {
      return stillLeading() ? Optional.empty() : Optional.of(leader);
    }

    @Override
    public Optional<HostPort> leaderAddress() {
      return leader().map(name -> Objects.requireNonNull(addresses.get(name)));
    }

    @Override
    public String pod() {
      return pod;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** A source that always responds. */
  private record Fixed<T>(Resource<T> resource, Supplier<T> value) implements InventorySource<T> {
    @Override
    public Duration minInterval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public List<Permission> permissions() {
      return List.of();
    }

    @Override
    public Future<T> read(Inventory known) {
      return Future.succeededFuture(value.get());
    }
  }
}
