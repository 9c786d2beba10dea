package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.RootCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerConfigTest {
  private static final Path PLAIN = Dashboards.ROOT.resolve("alertmanager/alertmanager.yaml");
  private static final Path AMAZON =
      Dashboards.ROOT.resolve("alertmanager/amazon-managed-prometheus.yaml");
  private static final Path OPERATOR =
      Dashboards.ROOT.resolve("alertmanager/alertmanagerconfig.yaml");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"");

  /** What the alert of findings leaves out. */
  private static final Set<String> WITHOUT_ALERT =
      Set.of(
          "downstream_of_dns",
          "lb_provisioning",
          "gateway_class_missing",
          "gateway_not_programmed",
          "route_not_attached",
          "extended_support");

  private record Matcher(String name, String operator, String value) {}

  private record Inhibition(List<Matcher> source, List<Matcher> target, List<String> equal) {}

  @Test
  void bothFormsAreValid(@TempDir Path directory) throws Exception {
    var amazon =
        Files.writeString(
            directory.resolve("amazon.yaml"),
            (String) Dashboards.yaml(AMAZON).get("alertmanager_config"));

    for (var config : List.of(PLAIN, amazon)) {
      var checked = Command.run(directory, "amtool", "check-config", config.toString());
      assertThat(checked.exit()).as(checked.output()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "alertname=EksNetClusterDnsDown severity=critical, page",
    "alertname=EksNetSubnetIpLow severity=warning, chat",
    "alertname=EksNetExtendedSupportAhead severity=info, webhook",
    "alertname=EksNetWatchdog severity=none, dead-mans-switch",
    "alertname=Other severity=none, nobody",
    "alertname=Other, chat",
  })
  void alertsFindTheirWay(String labels, String receiver, @TempDir Path directory)
      throws Exception {
    var command =
        new ArrayList<>(List.of("amtool", "config", "routes", "test", "--config.file=" + PLAIN));
    command.add("--verify.receivers=" + receiver);
    command.addAll(List.of(labels.split(" ")));

    var tested = Command.run(directory, command);

    assertThat(tested.exit()).as(tested.output()).isZero();
  }

  @Test
  void secretsAreFilesOnly() throws Exception {
    var text = Files.readString(PLAIN);

    assertThat(text).contains("routing_key_file:", "api_url_file:", "credentials_file:");
    assertThat(text).doesNotContainPattern("(routing_key|api_url|credentials|password|token):");
  }

  @Test
  void theClusterIsFirstInEveryInhibition() throws Exception {
    assertThat(plain()).isNotEmpty().allSatisfy(i -> assertThat(i.equal()).startsWith("cluster"));
  }

  @Test
  void noAlertIsOnBothSidesOfAnInhibition() throws Exception {
    for (var inhibition : plain()) {
      var both = new HashSet<>(alerts(inhibition.source()));
      both.retainAll(alerts(inhibition.target()));
      if (!both.isEmpty()) {
        assertThat(severity(inhibition.source())).isNotEqualTo(severity(inhibition.target()));
      }
    }
  }

  /** What never served users may wait for the morning, with all that follows from it. */
  @Test
  void noWarningMutesWhatIsCritical() throws Exception {
    var muted = new TreeSet<String>();
    for (var inhibition : plain()) {
      for (var source : matching(inhibition.source(), "warning")) {
        for (var target : matching(inhibition.target(), "critical")) {
          muted.add(source + " mutes " + target);
        }
      }
    }

    assertThat(muted)
        .containsExactly(
            "EksNetLbNotActive mutes EksNetLbProbeUnreachable",
            "EksNetLbProvisioningStuck mutes EksNetLbProbeUnreachable");
  }

  @Test
  void amazonHasTheSameTemplates() throws Exception {
    assertThat(Dashboards.map(Dashboards.yaml(AMAZON).get("template_files")))
        .containsExactly(
            Map.entry("eksnet", Files.readString(PLAIN.resolveSibling("eksnet.tmpl"))));
  }

  @Test
  void inhibitionsNameAlertsThatAreThere() throws Exception {
    var alerts = Dashboards.alerts().stream().flatMap(r -> r.alert().stream()).toList();

    for (var inhibition : plain()) {
      assertThat(alerts).containsAll(alerts(inhibition.source()));
      assertThat(alerts).containsAll(alerts(inhibition.target()));
    }
  }

  @Test
  void theFormsForAmazonAndTheOperatorMuteTheSame() throws Exception {
    var amazon = Dashboards.yaml((String) Dashboards.yaml(AMAZON).get("alertmanager_config"));
    var operator = Dashboards.map(Dashboards.yaml(OPERATOR).get("spec"));

    assertThat(inhibitions(amazon)).isEqualTo(plain());
    assertThat(
            Dashboards.maps(operator.get("inhibitRules")).stream()
                .map(
                    rule ->
                        new Inhibition(
                            objects(rule.get("sourceMatch")),
                            objects(rule.get("targetMatch")),
                            texts(rule.get("equal")))))
        .containsExactlyElementsOf(plain());
  }

  @Test
  void theFormsForAmazonAndTheOperatorSendTheSameWays() throws Exception {
    var plain = Dashboards.map(Dashboards.yaml(PLAIN).get("route"));
    var amazon =
        Dashboards.map(
            Dashboards.yaml((String) Dashboards.yaml(AMAZON).get("alertmanager_config"))
                .get("route"));
    var operator =
        Dashboards.map(Dashboards.map(Dashboards.yaml(OPERATOR).get("spec")).get("route"));

    assertThat(amazon).isEqualTo(plain);
    assertThat(operator).containsEntry("groupBy", plain.get("group_by"));
    assertThat(ways(operator, AlertmanagerConfigTest::objects))
        .isEqualTo(ways(plain, AlertmanagerConfigTest::matchers));
  }

  @Test
  void everyFindingHasAlertsThatCarryIt() throws Exception {
    var carried =
        plain().stream()
            .filter(i -> alerts(i.target()).equals(List.of("EksNetDiagnosis")))
            .flatMap(i -> i.target().stream())
            .filter(matcher -> matcher.name().equals("cause"))
            .map(matcher -> Pattern.compile(matcher.value()))
            .toList();

    for (var cause : RootCause.values()) {
      if (!WITHOUT_ALERT.contains(cause.label())) {
        assertThat(carried).anyMatch(pattern -> pattern.matcher(cause.label()).matches());
      }
    }
  }

  private static List<Inhibition> plain() throws Exception {
    return inhibitions(Dashboards.yaml(PLAIN));
  }

  private static List<Inhibition> inhibitions(Map<String, Object> config) {
    return Dashboards.maps(config.get("inhibit_rules")).stream()
        .map(
            rule ->
                new Inhibition(
                    matchers(rule.get("source_matchers")),
                    matchers(rule.get("target_matchers")),
                    texts(rule.get("equal"))))
        .toList();
  }

  private static List<String> ways(
      Map<String, Object> route, Function<Object, List<Matcher>> matchers) {
    return Dashboards.maps(route.getOrDefault("routes", List.of())).stream()
        .flatMap(
            way ->
                Stream.concat(
                    Stream.of(
                        "%s %s %s %s"
                            .formatted(
                                way.get("receiver"),
                                matchers.apply(way.get("matchers")),
                                either(way, "group_by", "groupBy"),
                                either(way, "group_wait", "groupWait"))),
                    ways(way, matchers).stream()))
        .toList();
  }

  private static Object either(Map<String, Object> way, String plain, String operator) {
    return way.getOrDefault(plain, way.getOrDefault(operator, ""));
  }

  private static List<Matcher> matchers(Object list) {
    return texts(list).stream()
        .map(
            text -> {
              var parts = MATCHER.matcher(text);
              assertThat(parts.matches()).as(text).isTrue();
              return new Matcher(parts.group(1), parts.group(2), parts.group(3));
            })
        .toList();
  }

  private static List<Matcher> objects(Object list) {
    return Dashboards.maps(list).stream()
        .map(
            m ->
                new Matcher(
                    (String) m.get("name"), (String) m.get("matchType"), (String) m.get("value")))
        .toList();
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  private static List<String> alerts(List<Matcher> matchers) {
    return matchers.stream()
        .filter(matcher -> matcher.name().equals("alertname"))
        .flatMap(matcher -> Pattern.compile("\\|").splitAsStream(matcher.value()))
        .toList();
  }

  /** The alerts that matchers select and that can have a severity. */
  private static Set<String> matching(List<Matcher> matchers, String severity) throws Exception {
    var wanted = severity(matchers);
    if (!wanted.isEmpty() && !wanted.contains(severity)) {
      return Set.of();
    }
    var named = alerts(matchers);
    return Dashboards.alerts().stream()
        .filter(rule -> severity.equals(rule.labels().get("severity")))
        .flatMap(rule -> rule.alert().stream())
        .filter(named::contains)
        .collect(Collectors.toSet());
  }

  private static List<String> severity(List<Matcher> matchers) {
    return matchers.stream()
        .filter(matcher -> matcher.name().equals("severity"))
        .map(Matcher::value)
        .toList();
  }
}
