package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plugin with the real kubectl, which calls it, and an API server that proxies to pods. */
class KubectlPluginTest {
  private static final Path TOOLS = Path.of("../../target/tools").toAbsolutePath();
  private static final String BROKEN =
      """
      # CoreDNS is down

      prod-1, failing for 3 min. 27 probes from 3 nodes.

      ## `coredns_not_ready` at `cluster`
      """;
  private static final String CONTROLLER =
      "/api/v1/namespaces/net/pods/http:eksnet-controller-1:9853/proxy";
  private static final String AGENT = "/api/v1/namespaces/net/pods/http:eksnet-b:9853/proxy";

  @TempDir private Path directory;

  private final Map<String, String> responses = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
    Files.writeString(
        directory.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: lab, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: lab, context: {cluster: lab, user: me}}]
        users: [{name: me, user: {token: secret}}]
        current-context: lab
        """
            .formatted(server.getAddress().getPort()));
    responses.put("/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
    responses.put("/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}");
    responses.put(
        "/api/v1",
        """
        {"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods",
        "singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list"]}]}""");
    responses.put(CONTROLLER + "/api/v1/findings.md", BROKEN);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void respond(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    requests.add(uri.toString());
    var isList = uri.getPath().endsWith("/pods");
    var isProxied = uri.getPath().contains("/proxy/");
    var body =
        isList ? pods(uri.getQuery()) : responses.get(isProxied ? uri.toString() : uri.getPath());
    exchange
        .getResponseHeaders()
        .set("Content-Type", isProxied ? "text/plain" : "application/json");
    var bytes = (body == null ? "404 not found" : body).getBytes(UTF_8);
    exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Two controllers, and an agent on node-b. */
  private static String pods(String query) {
    var names = new ArrayList<String>();
    if (query.contains("component=controller")) {
      names.addAll(List.of("eksnet-controller-1", "eksnet-controller-2"));
    } else if (query.contains("spec.nodeName=node-b")) {
      names.add("eksnet-b");
    }
    return "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":["
        + String.join(
            ",",
            names.stream()
                .map(
                    name ->
                        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"net\",\"name\":\""
                            + name
                            + "\"}}")
                .toList())
        + "]}";
  }

  @Test
  void statusIsTheVerdictAndItsExitCode() throws Exception {
    assertThat(run("status"))
        .isEqualTo(
            new Helm.Run(
                1, "CoreDNS is down\nprod-1, failing for 3 min. 27 probes from 3 nodes.\n", ""));

    responses.put(
        CONTROLLER + "/api/v1/findings.md", "# All clear\n\nprod-1, healthy. 27 probes.\n");
    assertThat(run("status"))
        .isEqualTo(new Helm.Run(0, "All clear\nprod-1, healthy. 27 probes.\n", ""));

    for (var headline : List.of("Failing, no cause found", "No probe fails", "No verdict yet")) {
      responses.put(CONTROLLER + "/api/v1/findings.md", "# " + headline + "\n\nprod-1.\n");
      assertThat(run("status")).isEqualTo(new Helm.Run(1, headline + "\nprod-1.\n", ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "findings --json, /api/v1/findings",
    "incidents, /api/v1/incidents",
    "incidents inc-20261129-0258-1f3a, /api/v1/incidents/inc-20261129-0258-1f3a.md",
  })
  void readsFromAController(String arguments, String path) throws Exception {
    responses.put(CONTROLLER + path, "what " + path + " has");

    assertThat(run(arguments.split(" ")).text()).isEqualTo("what " + path + " has");
    assertThat(run(("-n net " + arguments).split(" ")).text()).isNotEmpty();
    assertThat(requests).anyMatch(uri -> uri.startsWith("/api/v1/namespaces/net/pods?"));
  }

  @Test
  void probesFromTheAgentOfANode() throws Exception {
    responses.put(AGENT + "/probe?target=https%3A%2F%2Fa%2F%3Fx%3D1%26y", "traced");

    assertThat(run("probe", "node-b", "https://a/?x=1&y").text()).isEqualTo("traced");
    assertThat(run("probe", "node-x", "a"))
        .isEqualTo(
            new Helm.Run(
                2, "", "kubectl eksnet: no running pod of the agent of eksnet on node node-x\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "nonsense, unknown command \"nonsense\"",
    "incidents ../plan, is not the ID of an incident",
    "incidents inc-1;x, is not the ID of an incident",
    "probe node-b, probe needs a node and a target",
    "--nonsense status, unknown option --nonsense",
    "findings --nonsense, unknown argument --nonsense",
  })
  void refusesWhatItDoesNotKnow(String arguments, String message) throws Exception {
    var run = run(arguments.split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("kubectl eksnet: ").contains(message);
    assertThat(requests).isEmpty();
  }

  @Test
  void anErrorOfTheControllerIsNoVerdict() throws Exception {
    responses.remove(CONTROLLER + "/api/v1/findings.md");

    var run = run("status");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Error from server");
  }

  private Helm.Run run(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(TOOLS.resolve("kubectl").toString(), "eksnet"));
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .put("PATH", Helm.MANIFESTS.toAbsolutePath() + ":" + TOOLS + ":" + System.getenv("PATH"));
    builder.environment().put("KUBECONFIG", directory.resolve("config").toString());
    builder.environment().put("HOME", directory.toString());
    var out = directory.resolve("out");
    var err = directory.resolve("err");
    var process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    return new Helm.Run(process.waitFor(), Files.readString(out), Files.readString(err));
  }
}
