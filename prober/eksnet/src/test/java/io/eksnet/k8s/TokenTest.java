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
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token of agents and controller, where helm can ask a cluster and where it cannot. */
class TokenTest {
  private static final String SECRET = "/api/v1/namespaces/eksnet/secrets/eksnet-token";
  private static final String DEPLOYMENT =
      "/apis/apps/v1/namespaces/eksnet/deployments/eksnet-controller";

  @TempDir Path directory;

  private HttpServer cluster;
  private Optional<String> there = Optional.empty();
  private Optional<String> deployedBy = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.createContext("/", this::answer);
    cluster.start();
  }

  @AfterEach
  void stop() {
    cluster.stop(0);
  }

  @Test
  void anUpgradeKeepsTheTokenOfTheCluster() throws IOException {
    there = Optional.of("the token of the first installation");

    assertThat(inCluster()).isEqualTo(there.get());
  }

  /** Chart 0.1.0 named its objects eksnet-… whatever the name of the release. */
  @Test
  void refusesAnUpgradeThatWouldRenameTheTokenOfTheRelease() throws IOException {
    deployedBy = Optional.of("prober");
    there = Optional.of("the token of the first installation");

    assertThat(run("prober", "--is-upgrade").err())
        .contains("release prober was installed", "--set fullnameOverride=eksnet");
    assertThat(token(run("prober", "--is-upgrade", "--set=fullnameOverride=eksnet").text()))
        .isEqualTo(there.get());
  }

  @Test
  void allowsAnUpgradeBesideAnotherRelease() throws IOException {
    deployedBy = Optional.of("eksnet");

    assertThat(run("prober", "--is-upgrade").exit()).isZero();
  }

  @Test
  void theFirstInstallationMakesOne() throws IOException {
    assertThat(inCluster()).matches("[A-Za-z0-9]{48}").isNotEqualTo(inCluster());
  }

  @Test
  void theTokenOfTheValuesGoesBeforeThatOfTheCluster() throws IOException {
    there = Optional.of("the token of the first installation");

    assertThat(inCluster("--set", "token.value=0123456789abcdef")).isEqualTo("0123456789abcdef");
  }

  @Test
  void aSecretOfTheUsersOwnIsNotTouched() {
    var objects = Helm.objects(Helm.CHART.resolve("ci/pod-identity-values.yaml"));

    assertThat(objects).noneMatch(object -> object.kind().equals("Secret"));
    assertThat(objects)
        .filteredOn(object -> object.json().toString().contains("\"eksnet-shared-token\""))
        .extracting(Manifest::kind)
        .containsExactly("DaemonSet", "Deployment");
  }

  private String inCluster(String... more) throws IOException {
    return token(run("eksnet", more).text());
  }

  private static String token(String rendered) {
    var data =
        Helm.parse(rendered).stream()
            .filter(object -> object.kind().equals("Secret"))
            .findFirst()
            .orElseThrow()
            .at("/data/token")
            .asText();
    return new String(Base64.getDecoder().decode(data), UTF_8);
  }

  private Helm.Run run(String release, String... more) throws IOException {
    var config = directory.resolve("kubeconfig");
    Files.writeString(
        config,
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {}}]
        """
            .formatted(cluster.getAddress().getPort()));
    var command = new ArrayList<>(List.of("template", release, Helm.CHART.toString()));
    command.addAll(List.of("--namespace", "eksnet", "--dry-run=server"));
    command.addAll(List.of("--disable-openapi-validation"));
    command.addAll(List.of("--show-only", "templates/token.yaml"));
    command.addAll(List.of("--set", "image.registry=registry.example"));
    command.addAll(List.of(more));
    var environment = Map.of("KUBECONFIG", config.toString(), "HOME", directory.toString());
    return Helm.run(environment, command.toArray(String[]::new));
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body =
        switch (exchange.getRequestURI().getPath()) {
          case "/version" -> "{\"major\":\"1\",\"minor\":\"35\",\"gitVersion\":\"v1.35.2\"}";
          case "/api" -> "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}";
          case "/apis" -> groups();
          case "/api/v1" -> resources("v1", "ConfigMap Secret Service ServiceAccount Pod");
          case "/apis/apps/v1" -> resources("apps/v1", "DaemonSet Deployment");
          case "/apis/policy/v1" -> resources("policy/v1", "PodDisruptionBudget");
          case "/apis/rbac.authorization.k8s.io/v1" ->
              resources(
                  "rbac.authorization.k8s.io/v1",
                  "ClusterRole ClusterRoleBinding Role RoleBinding");
          case "/apis/scheduling.k8s.io/v1" -> resources("scheduling.k8s.io/v1", "PriorityClass");
          case SECRET -> there.map(TokenTest::secret).orElse("");
          case DEPLOYMENT -> deployedBy.map(TokenTest::deployment).orElse("");
          default -> "";
        };
    var bytes =
        (body.isEmpty()
                ? "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}"
                : body)
            .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(body.isEmpty() ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String groups() {
    var groups =
        Stream.of("apps", "policy", "rbac.authorization.k8s.io", "scheduling.k8s.io")
            .map(
                name ->
                    "{\"name\":\"%1$s\",\"versions\":[{\"groupVersion\":\"%1$s/v1\",\"version\":\"v1\"}]}"
                        .formatted(name))
            .collect(Collectors.joining(","));
    return "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[" + groups + "]}";
  }

  private static String resources(String version, String kinds) {
    var resources =
        Stream.of(kinds.split(" ", -1))
            .map(
                kind ->
                    """
                    {"name":"%ss","singularName":"","namespaced":%s,"kind":"%s","verbs":["get"]}"""
                        .formatted(kind.toLowerCase(Locale.ROOT), isNamespaced(kind), kind))
            .collect(Collectors.joining(","));
    return "{\"kind\":\"APIResourceList\",\"groupVersion\":\"%s\",\"resources\":[%s]}"
        .formatted(version, resources);
  }

  private static boolean isNamespaced(String kind) {
    return !kind.startsWith("Cluster") && !kind.equals("PriorityClass");
  }

  private static String deployment(String release) {
    return """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"eksnet-controller",
        "namespace":"eksnet","labels":{"app.kubernetes.io/instance":"%s"}}}
        """
        .formatted(release);
  }

  /** As helm has written it into the cluster. */
  private static String secret(String token) {
    return """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"eksnet-token","namespace":"eksnet",
        "labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":{
        "meta.helm.sh/release-name":"eksnet","meta.helm.sh/release-namespace":"eksnet"}},
        "data":{"token":"%s"}}
        """
        .formatted(Base64.getEncoder().encodeToString(token.getBytes(UTF_8)));
  }
}
