package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.cli.Probed.Spot;
import io.eksnet.lab.Bind;
import io.eksnet.lab.DnsFault;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.Unreachable;
import io.eksnet.lab.WebFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is well is reported as well: over both families, at each address, and after a fault. */
class HealthTest {
  private static final String QUESTION = "query: shop.lab.test.";
  private static final String BLOCKED = "negative: true, timeout: 600ms";
  private static final String TRUSTED = "ca_file: " + Probed.CA;
  private static final String TRUSTED_WEB = "tls: {" + TRUSTED + "}";
  private static final String EACH = "addresses: all";

  @TempDir static Path directory;
  private static Site site;
  private static ProbingProgram program;

  @BeforeAll
  static void start() throws Exception {
    site = new Site(directory);
    var own = Files.createDirectory(directory.resolve("program"));
    var probes = Stream.of(blocked(), families(), several()).flatMap(List::stream).toList();
    program = ProbingProgram.start(own, site, Names.UNASKED, probes);
  }

  @AfterAll
  static void stop() {
    program.close();
    site.close();
  }

  static List<Probed> blocked() {
    return List.of(
        blocked("dns", "refused", s -> server(s.dns(DnsFault.REFUSE).port()), QUESTION),
        blocked("dns", "dropped", s -> server(s.dns(DnsFault.DROP).port()), QUESTION),
        blocked("http", "refused", s -> s.http(WebFault.REFUSE).url("/ok"), ""),
        blocked("http", "dropped", s -> s.http(WebFault.DROP).url("/ok"), ""),
        blocked("tcp", "refused", s -> server(s.tcp(TcpFault.REFUSE).port()), ""),
        blocked("tcp", "dropped", s -> server(s.tcp(TcpFault.DROP).port()), ""),
        blocked("tcp", "unroutable", s -> Unreachable.IPV4 + ":5432", ""),
        blocked("tls", "refused", s -> server(s.https(WebFault.REFUSE).port()), ""),
        blocked("tls", "dropped", s -> server(s.https(WebFault.DROP).port()), ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocked")
  void aPathThatMustBeBlockedAndIsSucceedsWithoutADuration(Probed probe) throws Exception {
    var results = program.after(2, probe);

    assertThat(results.outcomes()).containsOnlyKeys("success");
    assertThat(results.success()).containsExactly(1.0);
    assertThat(results.durations()).isZero();
  }

  static List<Probed> families() {
    return Stream.of("ip4", "ip6").flatMap(HealthTest::over).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void aHealthyServiceSucceedsOverEitherFamily(Probed probe) throws Exception {
    assumeTrue(probe.name().endsWith("ip4") || Site.hasIp6(), "this machine has no ::1");

    var results = program.after(2, probe);

    assertThat(results.outcomes()).containsOnlyKeys("success");
    assertThat(results.success()).containsExactly(1.0);
    assertThat(results.durations()).isGreaterThanOrEqualTo(2);
  }

  static List<Probed> several() {
    return List.of(
        Probed.of("http", "several", s -> "https://" + oneWellOneRefused(s), each(TRUSTED_WEB)),
        Probed.of("tcp", "several", HealthTest::oneWellOneRefused, EACH),
        Probed.of("tls", "several", HealthTest::oneWellOneRefused, each(TRUSTED)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("several")
  void oneBadAddressOfSeveralIsCountedBesideTheGoodOne(Probed probe) throws Exception {
    var results = program.after(4, probe);

    assertThat(results.outcomes()).containsOnlyKeys("success", "conn_refused");
    assertThat(results.success()).containsExactly(0.0);
    assertThat(results.durations()).isGreaterThanOrEqualTo(2);
    assertThat(results.seen())
        .allSatisfy(
            seen ->
                assertThat(ProbingProgram.objects(seen.getJsonArray("parts")))
                    .extracting(
                        part -> part.getString("address"), part -> part.getString("outcome"))
                    .containsExactlyInAnyOrder(
                        tuple("127.0.0.1", "success"), tuple("127.0.0.9", "conn_refused")));
  }

  @Test
  void aServiceThatRecoversIsASuccessFromTheNextRunOn(@TempDir Path own) throws Exception {
    var dns = site.dns(DnsFault.SERVFAIL);
    var http = site.http(WebFault.ERROR);
    var tcp = site.tcp(TcpFault.REFUSE);
    var tls = site.https(WebFault.TLS_EXPIRED);
    var probes =
        List.of(
            Probed.of("dns", "patient", s -> server(dns.port()), QUESTION),
            Probed.of("http", "patient", s -> http.url("/ok"), ""),
            Probed.of("tcp", "patient", s -> server(tcp.port()), ""),
            Probed.of("tls", "patient", s -> server(tls.port()), TRUSTED));
    try (var patients = ProbingProgram.start(own, site, Names.UNASKED, probes)) {
      for (var probe : probes) {
        assertThat(patients.after(1, probe).success()).containsExactly(0.0);
      }
      dns.fault(DnsFault.NONE);
      http.fault(WebFault.NONE);
      tcp.fault(TcpFault.NONE);
      tls.fault(WebFault.NONE);
      var healed = Instant.now();

      for (var probe : probes) {
        var results = recovered(patients, probe, healed);
        assertThat(results.success()).as(probe.name()).containsExactly(1.0);
      }
    }
  }

  /** All runs that began after {@code healed} must be a success, and there must be one. */
  private static ProbingProgram.Results recovered(
      ProbingProgram patients, Probed probe, Instant healed) throws Exception {
    var after = new ArrayList<String>();
    return Await.until(
        "a run of " + probe.name() + " after its fault was over",
        Duration.ofSeconds(60),
        () -> {
          var results = patients.results(probe);
          after.clear();
          results.seen().stream()
              .filter(seen -> Instant.parse(seen.getString("at")).isAfter(healed))
              .forEach(seen -> after.add(seen.getString("outcome")));
          assertThat(after).as(probe.name()).allMatch("success"::equals);
          return results;
        },
        results -> !after.isEmpty());
  }

  @Test
  void theBuiltInSuiteAsksTheNameServerOfResolvConf(@TempDir Path own) throws Exception {
    assumeTrue(CausesTest.mayServeNames(), "only root may serve names on port 53");
    site.dns(DnsFault.NONE, Bind.on(Names.PORT, "127.0.53.100"));
    Files.writeString(own.resolve("resolv.conf"), "nameserver 127.0.53.100\n");
    var config =
        "suites: {dns: {interval: 3s, timeout: 2500ms, external: shop.lab.test}}\nprobes: []\n";

    try (var program = Program.start(own, config)) {
      for (var proto : List.of("udp", "tcp")) {
        var path =
            Map.of(
                "path", "resolvconf",
                "server", "127.0.53.100",
                "query_class", "external",
                "proto", proto);
        var results =
            Await.until(
                "two answers over " + proto,
                Duration.ofSeconds(60),
                () ->
                    program.metrics().of("eksnet_dns_probe_total", path).stream()
                        .filter(sample -> sample.value() > 0)
                        .filter(sample -> !"not_run".equals(sample.labels().get("outcome")))
                        .toList(),
                some -> some.stream().mapToDouble(ExpositionSamples.Sample::value).sum() >= 2);

        assertThat(results)
            .extracting(sample -> sample.labels().get("outcome"))
            .containsExactly("success");
      }
    }
  }

  private static Stream<Probed> over(String family) {
    var only = "family: " + family;
    return Stream.of(
        Probed.of(
            "dns", "", s -> "localhost:" + s.dns(DnsFault.NONE).port(), QUESTION + ", " + only),
        Probed.of("http", "", s -> s.http(WebFault.NONE).url("localhost", "/ok"), only),
        Probed.of(
            "http",
            "s",
            s -> s.https(WebFault.NONE).url("localhost", "/ok"),
            TRUSTED_WEB + ", " + only),
        Probed.of("tcp", "", s -> "localhost:" + s.tcp(TcpFault.NONE).port(), only),
        Probed.of(
            "tls", "", s -> "localhost:" + s.https(WebFault.NONE).port(), TRUSTED + ", " + only));
  }

  /** The name has two addresses; the port is open on the first and closed on the second. */
  private static String oneWellOneRefused(Site at) {
    var well = at.https(WebFault.NONE, Bind.on(0, "127.0.0.1"));
    at.tcp(TcpFault.REFUSE, Bind.on(well.port(), "127.0.0.9"));
    return "several.lab.test:" + well.port();
  }

  private static Probed blocked(String kind, String how, Spot spot, String settings) {
    return Probed.of(kind, how, spot, settings.isEmpty() ? BLOCKED : settings + ", " + BLOCKED);
  }

  private static String each(String settings) {
    return settings + ", " + EACH;
  }

  private static String server(int port) {
    return "127.0.0.1:" + port;
  }
}
