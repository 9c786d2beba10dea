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

  private static final Settings NOTHING_SAID =
      new Settings(
          "",
          "",
          Map.of(),
          new Defaults(ofSeconds(15), ofSeconds(5)),
          new Limits(1000, 10_000, ofMillis(100)),
          List.of(),
          suites(
              new DnsSuite(
                  true,
                  ofSeconds(15),
                  ofSeconds(5),
                  Optional.of("cluster.local"),
                  Optional.of("example.com"),
                  Optional.empty(),
                  true)),
          POLLS,
          CONTROLLER,
          new Web(20));

  private static Suites suites(DnsSuite dns) {
    return new Suites(
        dns,
        new ServiceSuite(true, ofSeconds(30), ofSeconds(5), List.of("default/kubernetes")),
        new PodSuite(true, ofSeconds(15), ofSeconds(2), 3),
        new TargetSuite(true, ofSeconds(30), ofSeconds(5)),
        new LbSuite(true, ofSeconds(30), ofSeconds(10), 3),
        new StsSuite(true, ofMinutes(1), ofSeconds(5), Optional.empty()),
        new IdentitySuite(true, ofSeconds(30), ofSeconds(2), Optional.empty()),
        new IpamdSuite(true, ofSeconds(30), ofSeconds(5)),
        new EnaSuite(true, ofSeconds(30), ofSeconds(5), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "# nothing\n",
        "---\n",
        "{}",
        "\uFEFF# a byte order mark\n",
        "probes:\nlabels:\ndefaults:\nsuites:\n  dns:\n"
      })
  void aFileThatSaysNothingIsTheDefaults(String yaml) {
    assertThat(accepted(yaml)).isEqualTo(NOTHING_SAID);
  }

  @Test
  void everySettingIsRead() {
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
                suites(
                    new DnsSuite(
                        false,
                        Duration.ofHours(1),
                        ofMinutes(1),
                        Optional.empty(),
                        Optional.of("a.test."),
                        Optional.empty(),
                        true)),
                POLLS,
                CONTROLLER,
                new Web(3)));
  }

  @Test
  void theSettingsOfAKindStandBesideTheCommonOnes() {
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
                List.of("https://shop"),
                ofSeconds(10),
                ofSeconds(3),
                false,
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
  void aProbeTakesTheDefaultsOfTheFileAndOfItsKind() {
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
                List.of("1.1.1.1:53", "10:5432"),
                ofSeconds(30),
                ofSeconds(2),
                true,
                new PortSettings(false, Optional.empty()),
                List.of(Target.of("1.1.1.1:53", "1.1.1.1", 53), Target.of("10:5432", "10", 5432))));
  }

  @Test
  void anUnquotedAddressWithItsPortIsATarget() {
    var settings = accepted("probes: [{name: d, kind: port, targets: [1.1.1.1:53, fd00::a:53]}]");

    assertThat(settings.probes().get(0).parsedTargets())
        .containsExactly(
            Target.of("1.1.1.1:53", "1.1.1.1", 53), Target.of("fd00::a:53", "fd00::a", 53));
  }

  @Test
  void anAliasRepeatsAValue() {
    var settings =
        accepted(
            """
            probes:
              - {name: a, kind: port, targets: &both ["x:1", "y:2"]}
              - {name: b, kind: port, targets: *both}
            """);

    assertThat(settings.probes().get(1).targets()).containsExactly("x:1", "y:2");
  }

  @Test
  void namesMayBeAnyText() {
    var settings =
        accepted(
            "probes: [{name: \"a\\\"\\\\\\n\u00fc\\U0001F600\", kind: port, targets: [\"x:1\"]}]");

    assertThat(settings.probes().get(0).name()).isEqualTo("a\"\\\n\u00fc\uD83D\uDE00");
  }

  @Test
  void tenThousandProbesAreReadInNoTime() {
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
  void aliasesThatUnfoldWithoutEndAreRefused() {
    var many = IntStream.range(0, 2_000).mapToObj(i -> "a" + i + ":1").toList();
    var yaml = new StringBuilder("probes:\n- {name: p, kind: port, targets: &t " + many + "}\n");
    for (var i = 0; i < 900; i++) {
      yaml.append("- {name: p").append(i).append(", kind: port, targets: *t}\n");
    }

    assertThat(rejected(yaml.toString()))
        .containsExactly(
            new Problem(1, 1, "", "the aliases (*) unfold to more than 1000000 values; use fewer"));
  }

  @Test
  void aFileOfAliasesOnlyIsRefused() {
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
  void aValueThatHoldsItselfIsRefused() {
    assertThat(rejected("probes: &p [*p]"))
        .containsExactly(
            new Problem(1, 9, "probes[0]", "must be a mapping of keys to values, not a list"));
  }

  @Test
  void aFileThatIsTooLongIsRefusedUnread() {
    assertThat(rejected("#".repeat(8 * 1024 * 1024 + 1)))
        .containsExactly(
            new Problem(
                1,
                1,
                "",
                "the file is longer than 8388608 characters; split it over several agents"));
  }

  @Test
  void onlyTheFirstOfVeryManyProblemsAreTold() {
    var yaml =
        IntStream.range(0, 250)
            .mapToObj(i -> "unknown_" + i + ": 1\n")
            .collect(Collectors.joining());

    assertThat(rejected(yaml))
        .hasSize(101)
        .last()
        .hasToString(new Problem(100, 1, "", "and 150 more problems").toString());
  }

  @Test
  void filesAreFoundFromTheDirectoryOfTheConfig(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("there"), "secret");
    var yaml =
        """
        probes:
          - {name: a, kind: page, targets: [https://a], password_file: there}
          - {name: b, kind: page, targets: [https://a], password_file: not-there}
          - {name: c, kind: page, targets: [https://a], password_file: .}
        """;

    var reading = (Reading.Accepted) ConfigReader.read(yaml, SampleKinds.map(), directory);

    assertThat(FileCheck.unreadable(reading.files()))
        .containsExactly(
            new Problem(
                3,
                64,
                "probes[1].password_file",
                "there is no file \""
                    + directory.resolve("not-there")
                    + "\"; create it or correct the path"),
            new Problem(
                4,
                64,
                "probes[2].password_file",
                "\"" + directory.resolve(".") + "\" is a directory; name a file in it"));
  }

  @Test
  void aKindMayNotTakeAKeyThatEveryProbeHas() {
    var yaml = "probes: [{name: a, kind: greedy, targets: [b]}]";
    var greedy = new PlainKind<>("greedy", GreedySettings.class, List.of(), Set.of());

    assertThatThrownBy(() -> ConfigReader.read(yaml, Map.of("greedy", greedy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the kind greedy must rename its setting \"timeout\": every probe has a key of this"
                + " name");
  }

  record GreedySettings(@Setting(value = "Mine.", fallback = "1s") Duration timeout) {}

  private static Settings accepted(String yaml) {
    var reading = ConfigReader.read(yaml, SampleKinds.map());
    assertThat(reading).isInstanceOf(Reading.Accepted.class);
    return ((Reading.Accepted) reading).settings();
  }

  private static List<Problem> rejected(String yaml) {
    var reading = ConfigReader.read(yaml, SampleKinds.map());
    assertThat(reading).isInstanceOf(Reading.Rejected.class);
    return ((Reading.Rejected) reading).problems();
  }
}
