package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictKindsTest {
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, labels: {b: "1"}}
      spec:
        terminationGracePeriodSeconds: 30
        hostNetwork: false
        containers:
          - name: c
            image: d
            env: [{name: E, value: "1"}]
            resources: {limits: {memory: 192Mi, cpu: 1}}
            readinessProbe: {httpGet: {path: /, port: metrics}}
            livenessProbe: {httpGet: {path: /, port: 9853}}
      """;

  @Test
  void whatIsRightIsTaken() {
    assertThat(StrictKinds.complaint(Helm.parse(GOOD).get(0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containers:|container:",
        "value: \"1\"|value: 1",
        "b: \"1\"|b: true",
        "terminationGracePeriodSeconds: 30|terminationGracePeriodSeconds: \"30\"",
        "hostNetwork: false|hostNetwork: \"false\"",
        "image: d|image: d, imagePullPolicies: Always",
        "path: /,|path: /, pathType: x,",
        "limits:|limit:",
        "kind: Pod|kind: Podd",
        "apiVersion: v1|apiVersion: v2"
      })
  void whatIsWrongIsNot(String change) {
    var words = change.split("\\|", -1);
    var wrong = GOOD.replace(words[0], words[1].replace(", image", "\n      image"));

    assertThat(StrictKinds.complaint(Helm.parse(wrong).get(0))).isPresent();
  }
}
