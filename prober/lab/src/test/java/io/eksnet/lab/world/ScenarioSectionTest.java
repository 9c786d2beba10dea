package io.eksnet.lab.world;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.ControlPage;
import io.eksnet.lab.Lab;
import io.eksnet.lab.cluster.AwsResource.FargateProfile;
import io.eksnet.lab.cluster.AwsResource.PodIdentity;
import io.eksnet.lab.cluster.AwsResource.Subnet;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.YamlNode;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScenarioSectionTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Lab services;
  private static ClusterLab cluster;
  private static ControlPage page;
  private static ClusterState healthy;

  @BeforeAll
  static void start() {
    services = Lab.start();
    cluster = ClusterLab.start(100);
    healthy = cluster.state();
    page =
        ControlPage.start(
            services,
            0,
            List.of(),
            new ScenarioSection(
                cluster.scenarios(),
                Optional.of(
                    scenario(
                        """
                        name: mine
                        tells: A & B.
                        stages: [{change: [{remove: PodIdentity}], finds: [a_cause]}]
                        """))));
  }

  @AfterAll
  static void stop() {
    page.close();
    cluster.close();
    services.close();
  }

  @AfterEach
  void repair() throws Exception {
    post("/repair");
    assertThat(cluster.state()).isSameAs(healthy);
  }

  @Test
  void coreDnsOnFargateRepairedLeavesTheSubnetTagsAndThenNothing() throws Exception {
    assertThat(post("/scenario/coredns-fargate").statusCode()).isEqualTo(303);
    assertThat(profiles()).isEqualTo(1);
    assertThat(untagged()).isEqualTo(2);
    assertThat(get("/").body())
        .contains("coredns-fargate, stage 1 of 2: CoreDNS runs on Fargate only")
        .contains("Next: CoreDNS runs again; the subnet tags are still missing.")
        .contains("Current stage. Expected: <code>coredns_fargate_not_admitted</code>");

    post("/next");
    assertThat(profiles()).isZero();
    assertThat(untagged()).isEqualTo(2);
    assertThat(shown().getString("now")).isEqualTo("coredns-fargate");
    assertThat(shown().getInteger("stage")).isEqualTo(2);

    post("/next");
    assertThat(cluster.state()).isSameAs(healthy);
    assertThat(shown().getString("now")).isNull();
  }

  @Test
  void anotherScenarioBeginsWithTheRepairOfTheOneBefore() throws Exception {
    post("/scenario/subnet-tags");
    post("/scenario/mine");

    assertThat(untagged()).isZero();
    assertThat(cluster.state().all(PodIdentity.class)).isEmpty();
    assertThat(get("/").body()).contains("<p>A &amp; B.</p>").contains("<code>a_cause</code>");
  }

  @Test
  void thePageListsAllScenariosWithWhatTheyTellAndWhatToExpect() throws Exception {
    var html = get("/").body();
    var json = shown().getJsonArray("scenarios");

    for (var scenario : Scenarios.all()) {
      assertThat(html)
          .contains("<h2>" + scenario.name() + "</h2>")
          .contains("action=\"/scenario/" + scenario.name() + "\"");
      scenario.allowed().forEach(cause -> assertThat(html).contains("<code>" + cause + "</code>"));
    }
    assertThat(json).hasSize(Scenarios.all().size() + 1);
    assertThat(json.getJsonObject(4).encode())
        .contains("\"name\":\"subnet-tags\"")
        .contains("\"finds\":[\"lb_subnets_not_discoverable\"]");
  }

  @Test
  void anUnknownScenarioChangesNothing() throws Exception {
    var answer = post("/scenario/subnet-tag");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("did you mean \"subnet-tags\"?");
  }

  @Test
  void anotherSiteSwitchesNothing() throws Exception {
    var foreign = post("/scenario/subnet-tags", "Origin", "http://evil.example");
    var crossSite = post("/scenario/subnet-tags", "Sec-Fetch-Site", "cross-site");

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(crossSite.statusCode()).isEqualTo(403);
    assertThat(rebound()).startsWith("HTTP/1.1 403");
    assertThat(cluster.state()).isSameAs(healthy);
  }

  /** A name of somebody else that leads here, as after DNS rebinding. */
  private static String rebound() throws Exception {
    var port = URI.create(page.url()).getPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("POST /scenario/subnet-tags HTTP/1.1\r\nHost: evil.example:"
                      + port
                      + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                  .getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static LabScenario scenario(String text) {
    return Scenarios.check(YamlNode.parse("test.yaml", text));
  }

  private static long untagged() {
    return cluster.state().all(Subnet.class).stream()
        .filter(subnet -> subnet.tags().getOrDefault("Name", "").startsWith("lab-public"))
        .filter(subnet -> !subnet.tags().containsKey("kubernetes.io/role/elb"))
        .count();
  }

  private static int profiles() {
    return cluster.state().all(FargateProfile.class).size();
  }

  private static JsonObject shown() throws Exception {
    return new JsonObject(get("/api/scenarios").body());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(page.url() + path)).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(page.url() + path)).POST(BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
