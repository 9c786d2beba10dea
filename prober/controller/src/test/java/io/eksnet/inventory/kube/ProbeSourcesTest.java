package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.KubeProbe;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeSourcesTest {
  private static final List<CachedIngress> INGRESSES =
      Stream.of(
              """
              metadata: {namespace: shop, name: web, labels: {app: web, tier: front}}
              spec:
                tls: [{hosts: ['*.example.com', other.test]}]
                rules:
                - host: shop.example.com
                  http: {paths: [{path: /cart}, {path: ''}, {path: /cart}]}
                - {host: plain.test}
                - {host: a.b.example.com}
                - {host: other.test, http: {paths: [{path: /}]}}
              """,
              """
              metadata: {namespace: shop, name: api, labels: {app: api}}
              spec:
                rules:
                - http: {paths: [{path: /}]}
                - {host: api.example.com, http: {paths: [{path: /v1}]}}
              """,
              """
              metadata: {namespace: other, name: web, labels: {app: web}}
              spec: {rules: [{host: other.example.com}]}
              """)
          .map(yaml -> CachedIngress.of(Yaml.read(Ingress.class, yaml)).orElseThrow())
          .toList();

  private static KubeProbe probe(String spec) {
    var object =
        Yaml.read(
            GenericKubernetesResource.class,
            """
            apiVersion: monitoring.coreos.com/v1
            kind: Probe
            metadata: {namespace: shop, name: checkout}
            spec:
              prober: {url: 'blackbox:9115'}
              module: http_2xx
            """
                + spec.indent(2));
    var probes =
        ProbeSources.probes(
            List.of(CachedProbe.of(object).orElseThrow()), INGRESSES, Set.of("shop"));
    assertThat(probes).hasSize(1);
    return probes.get(0);
  }

  private static List<String> lines(List<KubeProbe.Problem> problems) {
    return problems.stream().map(problem -> problem.field() + ": " + problem.problem()).toList();
  }

  @Test
  void readsStaticTargets() {
    var probe =
        probe(
            """
            jobName: checkout
            interval: 1m
            scrapeTimeout: 10s
            sampleLimit: 100
            basicAuth: {username: {name: s, key: k}}
            targets:
              staticConfig:
                static: [https://shop.example.com/, https://shop.example.com/, plain.test]
                labels: {team: shop}
                relabelingConfigs:
                - {targetLabel: tier, replacement: frontend}
                - {action: Replace, targetLabel: team, replacement: ''}
              ingress: {selector: {}}
            """);

    assertThat(probe)
        .isEqualTo(
            new KubeProbe(
                "shop",
                "checkout",
                "http_2xx",
                "1m",
                "10s",
                Map.of("tier", "frontend"),
                List.of("https://shop.example.com/", "plain.test"),
                List.of(),
                List.of()));
  }

  @Test
  void readsEachPathOfTheSelectedIngressesAsPrometheusDoes() {
    var probe = probe("targets: {ingress: {selector: {matchLabels: {app: web}}}}");

    assertThat(probe.targets())
        .containsExactly(
            "http://a.b.example.com/",
            "http://plain.test/",
            "https://other.test/",
            "https://shop.example.com/",
            "https://shop.example.com/cart");
    assertThat(probe.omissions()).isEmpty();
    assertThat(probe.refusals()).isEmpty();
  }

  @Test
  void reportsIngressesThatAreNotAllowedAndRulesWithoutAHost() {
    var probe = probe("targets: {ingress: {namespaceSelector: {any: true}}}");

    assertThat(probe.targets())
        .contains("http://api.example.com/v1")
        .noneMatch(url -> url.contains("other.example.com"));
    assertThat(lines(probe.omissions()))
        .containsExactly(
            "spec.targets.ingress: selects Ingresses of the namespace other, which is not allowed",
            "spec.targets.ingress: selects the Ingress shop/api, which has a rule without a host");
  }

  @Test
  void selectsNamespacesByName() {
    var probe = probe("targets: {ingress: {namespaceSelector: {matchNames: [other]}}}");

    assertThat(probe.targets()).isEmpty();
    assertThat(lines(probe.omissions()))
        .containsExactly(
            "spec.targets.ingress: selects Ingresses of the namespace other, which is not allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|web api",
        "{matchLabels: {app: web, tier: front}}|web",
        "{matchLabels: {app: web, tier: back}}|''",
        "{matchExpressions: [{key: app, operator: In, values: [api, db]}]}|api",
        "{matchExpressions: [{key: tier, operator: NotIn, values: [front]}]}|api",
        "{matchExpressions: [{key: tier, operator: Exists}]}|web",
        "{matchExpressions: [{key: tier, operator: DoesNotExist}]}|api",
        "{matchLabels: {app: api}, matchExpressions: [{key: tier, operator: Exists}]}|''",
      })
  void selectsIngressesAsKubernetesDoes(String selector, String names) {
    var targets = probe("targets: {ingress: {selector: " + selector + "}}").targets();

    assertThat(targets.contains("http://plain.test/")).isEqualTo(names.contains("web"));
    assertThat(targets.contains("http://api.example.com/v1")).isEqualTo(names.contains("api"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sourceLabels: [__address__], targetLabel: host, replacement: x}",
        "{sourceLabels: [__meta_kubernetes_ingress_name], targetLabel: ingress_name}",
        "{targetLabel: host, replacement: '$1'}",
        "{targetLabel: host, regex: 'a', replacement: x}",
        "{targetLabel: __param_target, replacement: x}",
        "{targetLabel: host}",
        "{action: keep, sourceLabels: [a], regex: b}",
        "{action: labeldrop, regex: team}",
        "{action: hashmod, sourceLabels: [a], targetLabel: b, modulus: 2}"
      })
  void refusesRulesOfRelabellingThatAreNotExact(String rule) {
    var probe =
        probe(
            "targets: {staticConfig: {static: [a.test], relabelingConfigs: [{targetLabel: a,"
                + " replacement: b}, "
                + rule
                + "]}}");

    assertThat(lines(probe.refusals()))
        .containsExactly(
            "spec.targets.staticConfig.relabelingConfigs[1]:"
                + " is more than a label with a constant value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metricRelabelings: [{action: drop, regex: a}]|spec.metricRelabelings: has no counterpart",
        "params: [{name: hostname, values: [a]}]|spec.params: has no counterpart",
        "fieldOfTomorrow: 1|spec.fieldOfTomorrow: has no counterpart",
      })
  void refusesFieldsThatChangeWhatIsProbedOrMeasured(String field, String line) {
    var probe = probe(field + "\ntargets: {staticConfig: {static: [a.test]}}");

    assertThat(lines(probe.refusals())).containsExactly(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "targets: {}|spec.targets: has neither staticConfig nor ingress",
        "targets: {ingress: {selector: {matchExpressions: [{key: a, operator: Gt, values: ['1']}]}}}"
            + "|spec.targets.ingress.selector: is not a label selector",
      })
  void refusesProbesWithoutValidTargets(String targets, String line) {
    assertThat(lines(probe(targets).refusals())).containsExactly(line);
  }

  @Test
  void boundsTheTargetsOfOneProbe() {
    var many = Stream.iterate(0, i -> i + 1).limit(1_001).map(i -> "h" + i + ".test").toList();

    var probe = probe("targets: {staticConfig: {static: " + many + "}}");

    assertThat(probe.targets()).hasSize(1_000);
    assertThat(lines(probe.omissions()))
        .containsExactly(
            "spec.targets.staticConfig.static: has 1 targets that are too many or too long");
  }

  @Test
  void readsNoProbesOfOtherNamespaces() {
    var object =
        Yaml.read(
            GenericKubernetesResource.class,
            """
            apiVersion: monitoring.coreos.com/v1
            kind: Probe
            metadata: {namespace: other, name: a}
            spec: {targets: {staticConfig: {static: [a.test]}}}
            """);
    var cached = CachedProbe.of(object).orElseThrow();

    assertThat(ProbeSources.probes(List.of(cached), List.of(), Set.of("shop"))).isEmpty();
  }
}
