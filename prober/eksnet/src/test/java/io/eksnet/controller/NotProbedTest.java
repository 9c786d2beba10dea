package io.eksnet.controller;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.cli.Await;
import io.eksnet.cli.ChildProgram;
import io.eksnet.cli.Options;
import io.eksnet.cli.Program;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.kube.KubeAccess;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.KubeSettings;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.KubeResource.Crd;
import io.eksnet.lab.cluster.KubeResource.KubeObject;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import io.eksnet.model.HostPort;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A controller that watches the API server of the lab. */
@Timeout(120)
class NotProbedTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final LabNetwork NETWORK =
      new LabNetwork(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);

  @TempDir Path directory;

  @Test
  void showsRefusedProbeResourcesUntilTheyAreRepairedOrDeleted() throws Exception {
    var invalid =
        HealthyCluster.load(NETWORK, Instant.now())
            .with(
                new Crd("monitoring.coreos.com/v1", "Probe", "probes", true),
                probe("params", "module: http_2xx, params: [{name: hostname, values: [a]}]", ""),
                probe("module", "module: ssh_banner", ""),
                probe("rule", "module: http_2xx", "relabelingConfigs: [{action: keep, regex: a}]"),
                probe("valid", "module: http_2xx", ""));
    var repaired =
        invalid
            .with(probe("params", "module: http_2xx", ""))
            .without(KubeObject.class, "Probe shop/module")
            .without(KubeObject.class, "Probe shop/rule");
    try (var api = KubeApi.start(0, invalid);
        var controller = controller(api)) {
      Await.until(
          "the refused Probes",
          TIMEOUT,
          () -> notProbed(controller),
          errors ->
              errors.equals(
                  Map.of(
                      "probe/shop/params", "spec.params: has no counterpart",
                      "probe/shop/module",
                          "target \"https://shop.example.com/\":"
                              + " the module \"ssh_banner\" is not one of probe_resources.modules",
                      "probe/shop/rule",
                          "spec.targets.staticConfig.relabelingConfigs[0]:"
                              + " is more than a label with a constant value")));
      assertThat(ChildProgram.get(HTTP, uri(controller, "/")).body())
          .contains("Not probed because of 3 errors", "probe/shop/params: spec.params: has no");

      api.update(repaired);
      Await.until("no errors", TIMEOUT, () -> notProbed(controller), Map::isEmpty);
      assertThat(ChildProgram.get(HTTP, uri(controller, "/")).body()).doesNotContain("Not probed");
    }
  }

  private static Item probe(String name, String spec, String config) {
    return new KubeObject(
        "Probe shop/" + name,
        """
        apiVersion: monitoring.coreos.com/v1
        kind: Probe
        metadata: {namespace: shop, name: %s}
        spec: {%s, targets: {staticConfig: {static: ['https://shop.example.com/'], %s}}}
        """
            .formatted(name, spec, config));
  }

  /** Field and problem by object. */
  private static Map<String, String> notProbed(Prober controller) throws Exception {
    var response = ChildProgram.get(HTTP, uri(controller, "/api/v1/findings"));
    if (response.statusCode() != 200) {
      return Map.of("status", String.valueOf(response.statusCode()));
    }
    return new JsonObject(response.body())
        .getJsonArray("not_probed").stream()
            .map(JsonObject.class::cast)
            .collect(
                toMap(
                    error -> error.getString("object"),
                    error -> error.getString("field") + ": " + error.getString("problem")));
  }

  private Prober controller(KubeApi api) throws Exception {
    var yaml =
        """
        suites: {dns: {enabled: false}}
        polls: {kubernetes: 1s}
        controller: {every: 1s, loopback: true}
        probe_resources:
          namespaces: [shop]
          hosts: [shop.example.com]
          modules: {http_2xx: {kind: http}}
        """;
    var options = new Options();
    options.configFiles = List.of(Files.writeString(directory.resolve("controller.yaml"), yaml));
    options.listenAddress = "127.0.0.1:0";
    return Prober.start(
        Role.CONTROLLER,
        Optional.of(
            context ->
                ControlLoop.create(
                    context,
                    calls -> new WatchedCluster(api),
                    new FleetPlanner((suite, count) -> {})::plan)),
        AssignedTasks::of,
        options.prober(),
        Program.environment(directory),
        Duration.ofMinutes(1));
  }

  private static URI uri(Prober prober, String path) {
    return URI.create("http://127.0.0.1:" + prober.port() + path);
  }

  /** The sources of Kubernetes. This process always leads. */
  private static final class WatchedCluster implements ClusterAccess {
    private final KubeAccess access;
    private final KubeFacts facts;

    WatchedCluster(KubeApi api) {
      access = KubeAccess.open(Optional.of(api.url()), "eksnet", Duration.ofSeconds(5));
      facts =
          KubeFacts.open(
              access, Clock.systemUTC(), KubeSettings.DEFAULT, Set.of("shop"), () -> true);
    }

    @Override
    public List<InventorySource<?>> sources() {
      return facts.sources();
    }

    @Override
    public void elect(Optional<HostPort> address, ElectionListener listener) {
      listener.onChange(true);
    }

    @Override
    public boolean stillLeading() {
      return true;
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
      return Optional.empty();
    }

    @Override
    public void close() {
      facts.close();
      access.close();
    }
  }
}
