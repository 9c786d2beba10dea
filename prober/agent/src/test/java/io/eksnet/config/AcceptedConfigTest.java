package io.eksnet.config;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.eksnet.config.SampleKinds.Expect;
import io.eksnet.config.SampleKinds.PageSettings;
import io.eksnet.config.SampleKinds.PortSettings;
import io.eksnet.config.SampleKinds.Step;
import io.eksnet.config.SampleKinds.Version;
import io.eksnet.model.PlainKind;
import io.eksnet.model.Target;
import io.eksnet.model.diagnosis.RootCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedConfigTest {
  private static final Polls POLLS =
      new Polls(
          ofSeconds(5),
          ofMinutes(1),
          ofMinutes(1),
          ofMinutes(10),
          ofMinutes(5),
          ofMinutes(5),
          ofMinutes(10),
          ofMinutes(5),
          ofMinutes(1),
          ofMinutes(1),
          ofSeconds(30),
          ofMinutes(10),
          ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(1),
          ofMinutes(5));
  private static final ControllerSettings CONTROLLER =
      new ControllerSettings(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "eksnet",
          ofSeconds(10),
          9853,
          "eksnet-controller",
          false,
          Optional.empty());

  private static final Settings DEFAULTS =
      new Settings(
          "",
          "",
          Map.of(),
          new Defaults(ofSeconds(15), ofSeconds(5)),
          new Limits(1000, 10_000, ofMillis(100)),
          List.of(),
          ProbeResourceSettings.NONE,
          suites(
              new DnsSuite(
                  new SuiteSchedule(true, ofSeconds(15), ofSeconds(5)),
                  Optional.of("cluster.local"),
                  Optional.of("example.com"),
                  Optional.empty(),
                  true)),
          POLLS,
          CONTROLLER,
          new DiagnosisSettings(Set.of(), List.of()),
          new Web(20, true));

  private static Suites suites(DnsSuite dns) {
    return new Suites(
        dns,
        new ServiceSuite(
            new SuiteSchedule(true, ofSeconds(30), ofSeconds(5)), List.of("default/kubernetes")),
        new PodSuite(new SuiteSchedule(true, ofSeconds(15), ofSeconds(2)), 3),
        new TargetSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5))),
        new LbSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(10)), 3),
        new StsSuite(new SuiteSchedule(true, ofMinutes(1), ofSeconds(5)), Optional.empty()),
        new EndpointsSuite(
            new SuiteSchedule(true, ofMinutes(1), ofSeconds(5)), List.of(), Optional.empty()),
        new IdentitySuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(2)), Optional.empty()),
        new IpamdSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5))),
        new EnaSuite(new SuiteSchedule(true, ofSeconds(30), ofSeconds(5)), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "# only a comment\n",
        "---\n",
        "{}",
        "\uFEFF# a byte order mark\n",
        "probes:\nlabels:\ndefaults:\nsuites:\n  dns:\n"
      })
  void readsAnEmptyFileAsTheDefaults(String yaml) {
    assertThat(accepted(yaml)).isEqualTo(DEFAULTS);
  }

  @Test
  void readsEverySetting() {
    var settings =
        accepted(
            """
            cluster: demo
            region: eu-central-1
            labels: {env: prod, build: 0123}
            defaults: {interval: 1m30s, timeout: 250ms}
            limits: {runs_in_flight: 5, targets: 7, stall: 1s}
            suites:
              dns: {enabled: false, interval: 1h, timeout: 1m, cluster_domain: null, external: a.test.}
            diagnosis:
              disabled: [leaked_enis]
              ignore:
              - {cause: ingress_dns_mismatch, scope: ingress/shop/*, reason: weighted}
              - {cause: nacl_or_route, reason: known}
            web: {observations: 3}
            """);

    assertThat(settings)
        .isEqualTo(
            new Settings(
                "demo",
                "eu-central-1",
                Map.of("env", "prod", "build", "0123"),
                new Defaults(ofSeconds(90), ofMillis(250)),
                new Limits(5, 7, ofSeconds(1)),
                List.of(),
                ProbeResourceSettings.NONE,
                suites(
                    new DnsSuite(
                        new SuiteSchedule(false, Duration.ofHours(1), ofMinutes(1)),
                        Optional.empty(),
                        Optional.of("a.test."),
                        Optional.empty(),
                        true)),
                POLLS,
                CONTROLLER,
                new DiagnosisSettings(
                    Set.of(RootCause.LEAKED_ENIS),
                    List.of(
                        new IgnoredFinding(
                            RootCause.INGRESS_DNS_MISMATCH, "ingress/shop/*", "weighted"),
                        new IgnoredFinding(RootCause.NACL_OR_ROUTE, "*", "known"))),
                new Web(3, true)));
  }

  @Test
  void readsTheSettingsOfAKindBesideTheCommonOnes() {
    var settings =
        accepted(
            """
            probes:
              - name: shop
                kind: page
                targets: [https://shop]
                interval: 10s
                timeout: 3s
                method: HEAD
                headers: {X-Number: 5, X-Flag: true}
                cookies: {sid: abc}
                token: hunter2
                password_file: /etc/secret
                expect: {status: [2xx, 301], within: 1s}
                version: http_2
                redirects: 0
                max_body: 10000000000
                share: 1e-1
                alpn: [h2]
                steps: [{send: a, answer: "b+"}, {send: ~0}]
            """);

    assertThat(settings.probes())
        .containsExactly(
            new ProbeSettings(
                "shop",
                "page",
                List.of(TargetSettings.of("https://shop")),
                ofSeconds(10),
                ofSeconds(3),
                false,
                Map.of(),
                new PageSettings(
                    "HEAD",
                    Map.of("X-Number", "5", "X-Flag", "true"),
                    Map.of("sid", "abc"),
                    Optional.of("hunter2"),
                    Optional.of(Path.of("/etc/secret")),
                    new Expect(List.of("2xx", "301"), List.of(), Optional.of(ofSeconds(1))),
                    Version.HTTP_2,
                    0,
                    10_000_000_000L,
                    0.1,
                    Set.of("h2"),
                    List.of(
                        new Step("a", Optional.of(Pattern.compile("b+"))),
                        new Step("~0", Optional.empty()))),
                List.of(new Target("https://shop", "shop", 443, "/", true))));
  }

  @Test
  void usesTheDefaultsOfTheFileAndOfTheKind() {
    var settings =
        accepted(
            """
            probes:
              - {name: db, kind: port, targets: ["1.1.1.1:53", 10:5432], negative: true}
            defaults: {interval: 30s, timeout: 2s}
            """);

    assertThat(settings.probes())
        .containsExactly(
            new ProbeSettings(
                "db",
                "port",
                List.of(TargetSettings.of("1.1.1.1:53"), TargetSettings.of("10:5432")),
                ofSeconds(30),
                ofSeconds(2),
                true,
                Map.of(),
                new PortSettings(false, Optional.empty()),
                List.of(Target.of("1.1.1.1:53", "1.1.1.1", 53), Target.of("10:5432", "10", 5432))));
  }

  @Test
  void readsLabelsOfProbesAndTargets() {
    var probe =
        accepted(
                """
                probes:
                  - name: db
                    kind: port
                    labels: {team: shop, tier: "1"}
                    targets:
                      - db-1:5432
                      - {address: db-2:5432, labels: {tier: "2", role: replica}}
                """)
            .probes()
            .get(0);

    assertThat(probe.targets())
        .containsExactly(
            TargetSettings.of("db-1:5432"),
            new TargetSettings("db-2:5432", Map.of("tier", "2", "role", "replica")));
    assertThat(probe.parsedTargets()).extracting(Target::host).containsExactly("db-1", "db-2");
    assertThat(probe.labels(probe.targets().get(0))).isEqualTo(Map.of("team", "shop", "tier", "1"));
    assertThat(probe.labels(probe.targets().get(1)))
        .isEqualTo(Map.of("team", "shop", "tier", "2", "role", "replica"));
  }

  @Test
  void readsAnUnquotedAddressWithPortAsTarget() {
    var settings = accepted("probes: [{name: d, kind: port, targets: [1.1.1.1:53, fd00::a:53]}]");

    assertThat(settings.probes().get(0).parsedTargets())
        .containsExactly(
            Target.of("1.1.1.1:53", "1.1.1.1", 53), Target.of("fd00::a:53", "fd00::a", 53));
  }

  @Test
  void resolvesAliases() {
    var settings =
        accepted(
            """
            probes:
              - {name: a, kind: port, targets: &both ["x:1", "y:2"]}
              - {name: b, kind: port, targets: *both}
            """);

    assertThat(settings.probes().get(1).targets())
        .extracting(TargetSettings::address)
        .containsExactly("x:1", "y:2");
  }

  @Test
  void acceptsNamesOfAnyAlphabet() {
    var settings =
        accepted(
            "probes: [{name: \"a\\\"\\\\ \u00fc\\U0001F600\", kind: port, targets: [\"x:1\"]}]");

    assertThat(settings.probes().get(0).name()).isEqualTo("a\"\\ \u00fc\uD83D\uDE00");
  }

  @Test
  void readsTenThousandProbesWithinSeconds() {
    var yaml =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "  - {name: p%d, kind: page, targets: [https://a%d]}\n".formatted(i, i))
            .collect(Collectors.joining("", "probes:\n", ""));

    var begin = System.nanoTime();
    var settings = accepted(yaml);
    var took = ofMillis((System.nanoTime() - begin) / 1_000_000);

    assertThat(settings.probes()).hasSize(10_000);
    assertThat(took).isLessThan(ofSeconds(10));
  }

  @Test
  void rejectsAliasesThatExpandToTooManyValues() {
    var many = IntStream.range(0, 2_000).mapToObj(i -> "a" + i + ":1").toList();
    var yaml = new StringBuilder("probes:\n- {name: p, kind: port, targets: &t " + many + "}\n");
    for (var i = 0; i < 900; i++) {
      yaml.append("- {name: p").append(i).append(", kind: port, targets: *t}\n");
    }

    assertThat(rejected(yaml.toString()))
        .containsExactly(
            problem(1, 1, "", "the aliases (*) expand to more than 1000000 values; use fewer"));
  }

  @Test
  void rejectsNestedAliases() {
    var laughs = new StringBuilder("l0: &l0 [x, x]\n");
    for (var i = 1; i < 2_000; i++) {
      laughs.append("l%d: &l%d [*l%d, *l%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertThat(rejected(laughs.toString()))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("aliases");
  }

  @Test
  void rejectsAnAliasToItself() {
    assertThat(rejected("probes: &p [*p]"))
        .containsExactly(
            problem(1, 9, "probes[0]", "a list is not a mapping; write keys with values here"));
  }

  @Test
  void rejectsAnOversizedFile() {
    assertThat(rejected("#".repeat(8 * 1024 * 1024 + 1)))
        .containsExactly(
            problem(
                1,
                1,
                "",
                "the file is longer than 8388608 characters; split it over several agents"));
  }

  @Test
  void reportsTheFirstProblemsAndTheNumberOfTheOthers() {
    var yaml =
        IntStream.range(0, 250)
            .mapToObj(i -> "unknown_" + i + ": 1\n")
            .collect(Collectors.joining());

    assertThat(rejected(yaml))
        .hasSize(101)
        .last()
        .hasToString(problem(100, 1, "", "and 150 more problems").toString());
  }

  @Test
  void resolvesFilesFromTheDirectoryOfTheConfig(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("there"), "secret");
    var yaml =
        """
        probes:
          - {name: a, kind: page, targets: [https://a], password_file: there}
          - {name: b, kind: page, targets: [https://a], password_file: not-there}
          - {name: c, kind: page, targets: [https://a], password_file: .}
        """;

    var source = new ConfigSource("eksnet.yaml", yaml, directory);
    var result =
        (ConfigResult.Valid) ConfigReader.read(List.of(source), SampleKinds.map(), Map.of());

    assertThat(FileCheck.unreadable(result.files()))
        .containsExactly(
            problem(
                3,
                64,
                "probes[1].password_file",
                "\""
                    + directory.resolve("not-there")
                    + "\" does not exist; create it or correct the path"),
            problem(
                4,
                64,
                "probes[2].password_file",
                "\"" + directory.resolve(".") + "\" is a directory; name a file in it"));
  }

  @Test
  void rejectsAKindWithAKeyOfEveryProbe() {
    var yaml = "probes: [{name: a, kind: greedy, targets: [b]}]";
    var greedy = new PlainKind<>("greedy", GreedySettings.class, List.of(), Set.of());

    assertThatThrownBy(() -> ConfigReader.read(yaml, Map.of("greedy", greedy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "kind greedy must rename its setting \"timeout\": every probe has a key of this"
                + " name");
  }

  record GreedySettings(@Setting(value = "Mine.", fallback = "1s") Duration timeout) {}

  private static Problem problem(int line, int column, String path, String message) {
    return new Problem(new Location("eksnet.yaml", line, column, path), message);
  }

  private static Settings accepted(String yaml) {
    var result = ConfigReader.read(yaml, SampleKinds.map());
    assertThat(result).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) result).settings();
  }

  private static List<Problem> rejected(String yaml) {
    var result = ConfigReader.read(yaml, SampleKinds.map());
    assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
    return ((ConfigResult.Invalid) result).problems();
  }
}
