package io.eksnet.plan;

import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.ResourceProbe;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Settings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeProbe;
import io.eksnet.model.inventory.Resources;
import io.eksnet.probe.ProbeKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceProbesTest {
  private static final Inventory SIX = agents(Cluster.empty(), fleet(6, 2));
  private static final Settings SETTINGS =
      settings(
          """
          labels: {env: prod}
          defaults: {interval: 20s, timeout: 4s}
          suites: {lb: {agents_per_zone: 1}, service: {enabled: false}}
          probe_resources:
            namespaces: [shop]
            hosts: ['*.example.com', 10.0.0.0/8, 127.0.0.1]
            modules: {http_2xx: {kind: http}, tcp: {kind: tcp}}
          """);

  private static Settings settings(String yaml) {
    return ((ConfigResult.Valid) ConfigReader.read(yaml, ProbeKinds.byName())).settings();
  }

  private static KubeProbe probe(
      String module, String interval, String timeout, String... targets) {
    return new KubeProbe(
        "shop", "web", module, interval, timeout, Map.of(), List.of(targets), List.of(), List.of());
  }

  private static FleetPlan plan(KubeProbe probe) {
    return FleetPlan.of(SETTINGS, with(SIX, Resources.PROBES, List.of(probe)));
  }

  private static List<Assignment> all(FleetPlan plan) {
    return plan.byNode().values().stream()
        .flatMap(agent -> agent.assignments().stream())
        .filter(assignment -> assignment.suite() == Suite.PROBE_RESOURCE)
        .toList();
  }

  private static ResourceProbe expected(String module, String target, int interval, int timeout) {
    return new ResourceProbe(
        "probe/shop/web",
        module,
        target,
        Duration.ofSeconds(interval),
        Duration.ofSeconds(timeout),
        Map.of());
  }

  @Test
  void givesEachTargetToAgentsOfEachZone() {
    var plan =
        plan(probe("http_2xx", "1m", "10s", "https://a.example.com/", "https://b.example.com/"));

    assertThat(plan.errors()).isEmpty();
    assertThat(all(plan))
        .hasSize(4)
        .containsOnly(
            expected("http_2xx", "https://a.example.com/", 60, 10),
            expected("http_2xx", "https://b.example.com/", 60, 10));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 20, 4",
    "30s, '', 30, 4",
    "4s, '', 4, 2",
    "10s, 10s, 10, 5",
    "1h, 1m, 3600, 60"
  })
  void takesIntervalAndTimeoutOfTheProbeOrTheDefaults(
      String interval, String timeout, int seconds, int limit) {
    assertThat(all(plan(probe("tcp", interval, timeout, "10.0.0.7:80"))))
        .containsOnly(expected("tcp", "10.0.0.7:80", seconds, limit));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http_2xx|https://a.test/|the host \"a.test\" is not in probe_resources.hosts",
        "http_2xx|https://169.254.169.254/|the host \"169.254.169.254\" is not in",
        "tcp|127.0.0.1:80|127.0.0.1 is out of reach",
        "if_mib|10.0.0.7|the module \"if_mib\" is not one of probe_resources.modules",
        "''|10.0.0.7|the module must have a name",
        "tcp|https://a.example.com/|",
        "tcp|a.example.com|",
        "http_2xx|https://*.example.com/|",
      })
  void reportsTargetsThatAreNotAllowed(String module, String target, String reason) {
    var plan = plan(probe(module, "1m", "10s", target, "10.0.0.8:80"));

    assertThat(all(plan)).noneMatch(probe -> ((ResourceProbe) probe).target().equals(target));
    assertThat(plan.errors())
        .anySatisfy(
            error -> {
              assertThat(error.object()).isEqualTo("probe/shop/web");
              assertThat(error.problem()).contains(reason == null ? "" : reason);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, 10s, spec.targets",
    "soon, 10s, spec.interval",
    "10s, 1y, spec.scrapeTimeout"
  })
  void reportsTimesThatAreInvalid(String interval, String timeout, String field) {
    var plan = plan(probe("tcp", interval, timeout, "10.0.0.7:80"));

    assertThat(all(plan)).isEmpty();
    assertThat(plan.errors()).extracting(ValidationError::field).containsExactly(field);
  }

  @Test
  void reportsRefusalsAndOmissions() {
    var refusal = new KubeProbe.Problem("spec.params", "has no counterpart", "remove it");
    var omission = new KubeProbe.Problem("spec.targets.ingress", "selects none", "change it");
    var probe =
        new KubeProbe(
            "shop",
            "web",
            "tcp",
            "",
            "",
            Map.of(),
            List.of("10.0.0.7:80"),
            List.of(refusal),
            List.of(omission));

    var plan = plan(probe);

    assertThat(all(plan)).isEmpty();
    assertThat(plan.errors())
        .extracting(ValidationError::field)
        .containsExactly("spec.targets.ingress", "spec.params");
  }

  @ParameterizedTest
  @CsvSource({"env, has the label env", "probe, is a label of eksnet", "a-b, is not a label name"})
  void reportsLabelsThatCannotBeAdded(String label, String reason) {
    var probe =
        new KubeProbe(
            "shop",
            "web",
            "tcp",
            "",
            "",
            Map.of(label, "x"),
            List.of("10.0.0.7:80"),
            List.of(),
            List.of());

    var plan = plan(probe);

    assertThat(all(plan)).isEmpty();
    assertThat(plan.errors().get(0).problem()).contains(reason);
  }

  @Test
  void countsAndReportsTargetsOverTheLimit() {
    var targets = IntStream.range(0, 210).mapToObj(i -> "10.0.0." + i + ":80");

    var plan = plan(probe("tcp", "", "", targets.toArray(String[]::new)));

    assertThat(plan.dropped()).isEqualTo(Map.of(Suite.PROBE_RESOURCE, 10));
    assertThat(all(plan).stream().distinct()).hasSize(200);
    assertThat(plan.errors())
        .containsExactly(
            new ValidationError(
                "probe/shop/web",
                "spec.targets",
                "10 targets are over the limit of 200 in all Probe resources",
                "remove targets of this or other Probes"));
  }

  @Test
  void agentsKeepTheirTargetsUntilProbeResourcesAreReadOnlyIfTheyAreEnabled() {
    assertThat(FleetPlan.of(SETTINGS, SIX).forNode("n-0").orElseThrow().kept())
        .containsExactly(Suite.PROBE_RESOURCE);
    assertThat(FleetPlan.of(settings(""), SIX).forNode("n-0").orElseThrow().kept()).isEmpty();
    var probes = with(SIX, Resources.PROBES, List.of(probe("tcp", "", "", "10.0.0.7:80")));
    assertThat(all(FleetPlan.of(settings(""), probes))).isEmpty();
  }
}
