package io.eksnet.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Suites;
import io.eksnet.model.Outcome;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostSuitesTest {
  private static final Optional<String> IN_CLUSTER = Optional.of("10.100.0.1");
  private static final Optional<String> HOST = Optional.of("10.0.3.4");

  @Test
  void onANodeItsPartsAreAskedAtTheirAddresses() {
    assertThat(lines("", "node-1", IN_CLUSTER, HOST))
        .containsExactly(
            "node-1/identity http 169.254.170.23:80/ 30s 2s",
            "node-1/ipamd ipamd 10.0.3.4:61678/metrics 30s 5s");
  }

  @Test
  void aClusterOfIp6HasTheOtherAddresses() {
    assertThat(lines("", "node-1", Optional.of("fd77::1"), Optional.of("2001:db8::4")))
        .containsExactly(
            "node-1/identity http fd00:ec2::23:80/ 30s 2s",
            "node-1/ipamd ipamd 2001:db8::4:61678/metrics 30s 5s");
  }

  @Test
  void outsideOfAClusterNothingIsAsked() {
    assertThat(
            lines("ena: {url: 'http://127.0.0.1:9100/metrics'}", "laptop", Optional.empty(), HOST))
        .isEmpty();
    assertThat(suites("", "laptop", Optional.empty(), HOST).metadata()).isEmpty();
  }

  @Test
  void fargateHasNoneOfTheseParts() {
    assertThat(lines("", "fargate-ip-10-0-3-4.eu-central-1.compute.internal", IN_CLUSTER, HOST))
        .isEmpty();
  }

  @Test
  void whatNeedsTheAddressOfTheNodeWaitsForIt() {
    assertThat(lines("ena: {url: 'http://{host}:9100/metrics'}", "n", IN_CLUSTER, Optional.empty()))
        .containsExactly("n/identity http 169.254.170.23:80/ 30s 2s");
  }

  @ParameterizedTest
  @CsvSource({
    "http://{host}:9100/metrics, 10.0.3.4:9100/metrics",
    "https://{host}/a?b=c, 10.0.3.4:443/a?b=c tls",
    "http://{host}, 10.0.3.4:80/",
    "http://node_exporter.test:9100/metrics, node_exporter.test:9100/metrics",
    "http://[::1]:9100/metrics, ::1:9100/metrics",
  })
  void readsAdaptersPageFromTheConfiguredAddress(String url, String target) {
    assertThat(lines("ena: {url: '" + url + "'}", "n", IN_CLUSTER, HOST))
        .contains("n/ena ena " + target + " 30s 5s");
  }

  @Test
  void eachSuiteCanBeSwitchedOff() {
    var off =
        """
          identity: {enabled: false}
          ipamd: {enabled: false}
          ena: {enabled: false, url: "http://{host}/"}
        """;

    assertThat(suites(off, "n", IN_CLUSTER, HOST).tasks()).isEmpty();
    assertThat(suites(off, "n", IN_CLUSTER, HOST).metadata()).isEmpty();
  }

  @Test
  void theMetadataAreAskedBesideTheSchedule() {
    var task = suites("", "n", IN_CLUSTER, HOST).metadata().orElseThrow();

    assertThat(line(task)).isEqualTo("n/metadata http 169.254.169.254:80/latest/api/token 4s 2s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"200 OK", "400 Bad Request", "404 Not Found", "429 Slow", "500 Oh"})
  void anyAnswerShowsThatThePodIdentityAgentIsThere(String status) throws IOException {
    try (var agent =
        RawServer.of(RawServer.answer("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(run(identity(), agent.port()).succeeded()).isTrue();
    }
  }

  @Test
  void withoutAnAnswerThePodIdentityAgentIsNotThere() throws IOException {
    int port;
    try (var agent = RawServer.of(RawServer::reset)) {
      port = agent.port();
      assertThat(run(identity(), port).label()).isEqualTo("reset");
    }
    assertThat(run(identity(), port).label()).isEqualTo("conn_refused");
  }

  @Test
  void theTokenOfTheMetadataIsNeitherKeptNorOfUse() throws IOException {
    try (var metadata =
        RawServer.of(
            socket -> {
              var request = RawServer.request(socket.getInputStream());
              var right =
                  request.startsWith("PUT /latest/api/token HTTP/1.1\r\n")
                      && request.contains("X-aws-ec2-metadata-token-ttl-seconds: 1\r\n");
              var body = right ? "AQAAAsecret" : "";
              RawServer.say(
                  socket,
                  "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            })) {
      var task = suites("", "n", IN_CLUSTER, HOST).metadata().orElseThrow();

      var outcome = run(task, metadata.port());

      assertThat(Bench.attributes(outcome, "body")).containsExactly("11 bytes");
      assertThat(outcome.toString()).doesNotContain("secret");
    }
  }

  private static Task identity() {
    return suites("", "n", IN_CLUSTER, HOST).tasks().get(0);
  }

  /** The task as it is, aimed at this machine. */
  private static Outcome run(Task task, int port) {
    var there = task.target();
    var here = new Target(there.name(), "127.0.0.1", port, there.path(), false);
    try (var bench = Bench.with(Map.of())) {
      return Bench.await(
          new HttpKind()
              .create((HttpSettings) task.settings(), bench.network())
              .run(here, Duration.ofSeconds(10)));
    }
  }

  private static List<String> lines(
      String yaml, String node, Optional<String> serviceHost, Optional<String> host) {
    return suites(yaml, node, serviceHost, host).tasks().stream()
        .map(HostSuitesTest::line)
        .toList();
  }

  private static String line(Task task) {
    var target = task.target();
    return "%s %s %s:%s%s%s %ss %ss"
        .formatted(
            task.id(),
            task.kind(),
            target.host(),
            target.port(),
            target.path(),
            target.secure() ? " tls" : "",
            task.interval().toSeconds(),
            task.timeout().toSeconds());
  }

  private static HostSuites suites(
      String yaml, String node, Optional<String> serviceHost, Optional<String> host) {
    return new HostSuites(node, settings(yaml), serviceHost, host);
  }

  private static Suites settings(String yaml) {
    var text = yaml.startsWith(" ") ? "suites:\n" + yaml : "suites:\n  " + yaml + "\n";
    var reading = ConfigReader.read(text, Map.of());
    assertThat(reading).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) reading).settings().suites();
  }
}
