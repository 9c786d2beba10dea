package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that helm refuses, and the message with the remedy. */
class RefusedValuesTest {
  private static final String PLAIN = "--values=" + Helm.CHART.resolve("ci/plain-eks-values.yaml");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image.registry=            | image.registry is empty | make image",
        "prometheusRule.disabled={EksNetSubnetIpLow,EksNetSubnetIpLw} | prometheusRule.disabled: unknown alert EksNetSubnetIpLw; | EksNetSubnetIpLow",
        "prometheusRule.overrides.EksNetAgentMising.for=1h | prometheusRule.overrides: unknown alert EksNetAgentMising; | EksNetAgentMissing",
        "commonLabels.app\\.kubernetes\\.io/name=mine | commonLabels: app.kubernetes.io/name cannot be set | remove it",
        "agent.podLabels.app\\.kubernetes\\.io/component=mine | agent.podLabels: app.kubernetes.io/component cannot be set | remove it",
        "fargate.podLabels.eksnet\\.io/vantage=mine | fargate.podLabels: eksnet.io/vantage cannot be set | remove it",
        "podMonitor.labels.app\\.kubernetes\\.io/instance=mine | podMonitor.labels: app.kubernetes.io/instance cannot be set | remove it",
        "configCheck.enable=false | additional properties 'enable' not allowed | configCheck",
      })
  void namesTheValueAndTheRemedy(String set, String problem, String remedy) {
    var run = Helm.template(PLAIN, "--set", set);

    assertThat(run.exit()).isNotZero();
    assertThat(run.err()).contains(problem, remedy);
  }

  @Test
  void acceptsEveryAlertOfTheRules() {
    var names = new ArrayList<String>();
    PackedRules.of(Helm.objects(PackedRules.STACK))
        .forEach(
            rule -> rule.json().findValues("alert").forEach(alert -> names.add(alert.asText())));

    var run =
        Helm.template(PLAIN, "--set", "prometheusRule.disabled={" + String.join(",", names) + "}");

    assertThat(names).hasSizeGreaterThan(40);
    assertThat(run.err()).doesNotContain("unknown alert");
    assertThat(run.exit()).isZero();
  }

  /** The registry may also be part of the path, or that of a parent chart. */
  @ParameterizedTest
  @CsvSource({
    "image.repository=docker.io/acme/eksnet, docker.io/acme/eksnet:",
    "global.imageRegistry=mirror.example, mirror.example/eksnet:",
  })
  void acceptsOtherWaysToNameTheImage(String set, String image) {
    var run = Helm.template(PLAIN, "--set", "image.registry=", "--set", set);
    var images =
        Helm.parse(run.text()).stream()
            .flatMap(object -> object.pod().stream())
            .map(pod -> pod.at("/spec/containers/0/image").asText())
            .toList();

    assertThat(images).hasSizeGreaterThan(2).allMatch(one -> one.startsWith(image));
    assertThat(List.copyOf(images)).doesNotContain("eksnet:0.1.0");
  }
}
