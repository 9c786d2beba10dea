package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Job that checks the config before an installation or upgrade. */
class ConfigCheckTest {
  private static final Path PLAIN = Helm.CHART.resolve("ci/plain-eks-values.yaml");

  @TempDir Path directory;

  static List<Path> values() throws IOException {
    return Helm.values();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.suites.dns.timeout=1h",
        "config.controller.token_file=other",
        "agent.extraArgs={--no-such-flag}",
      })
  void failsWhereTheAgentWouldNotStart(String set) throws IOException {
    var objects = Helm.objects(PLAIN, "--set", set);

    assertThat(complaints(objects)).isNotEmpty();
  }

  @Test
  void passesWithTheConfigOfARelease() throws IOException {
    assertThat(complaints(Helm.objects(PLAIN))).isEmpty();
  }

  /** Helm creates the other objects only after the hook has succeeded. */
  @ParameterizedTest
  @MethodSource("values")
  void needsNoObjectOfTheRelease(Path values) {
    var objects = Helm.objects(values);
    var pod = pod(objects).path("spec");
    var hooks =
        objects.stream()
            .filter(
                object ->
                    object.at("/metadata/annotations/helm.sh~1hook").asText().contains("pre-"))
            .map(Manifest::toString)
            .collect(Collectors.toSet());

    assertThat(pod.has("serviceAccountName")).isFalse();
    assertThat(pod.path("priorityClassName").asText()).isEmpty();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    for (var volume : pod.path("volumes")) {
      if (volume.has("configMap")) {
        assertThat(hooks).contains("ConfigMap/" + volume.at("/configMap/name").asText());
      } else {
        assertThat(objects)
            .extracting(Manifest::toString)
            .doesNotContain("Secret/" + volume.at("/secret/secretName").asText());
      }
    }
  }

  @Test
  void isNotSelectedByTheServiceOrAWorkload() {
    var objects = Helm.objects(PLAIN);
    var labels = Manifest.map(pod(objects).at("/metadata/labels"));

    for (var object : objects) {
      var selector =
          Manifest.map(
              object.kind().equals("Service")
                  ? object.at("/spec/selector")
                  : object.at("/spec/selector/matchLabels"));
      assertThat(!selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet()))
          .as(object.toString())
          .isFalse();
    }
  }

  @Test
  void canBeOmitted() {
    assertThat(Helm.objects(PLAIN, "--set", "configCheck.enabled=false"))
        .noneMatch(object -> object.name().contains("config-check"));
  }

  @Test
  void runsWhereTheControllerRuns() {
    var spec =
        pod(Helm.objects(
                PLAIN,
                "--set-json=controller.tolerations=[{\"key\":\"infra\"}]",
                "--set=agent.nodeSelector.pool=apps",
                "--set=controller.nodeSelector.pool=infra",
                "--set=controller.priorityClassName=system-cluster-critical",
                "--set=architectures={arm64}"))
            .path("spec");

    assertThat(spec.path("tolerations").toString()).isEqualTo("[{\"key\":\"infra\"}]");
    assertThat(spec.at("/nodeSelector/pool").asText()).isEqualTo("infra");
    assertThat(spec.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
    assertThat(spec.path("affinity").toString()).contains("arm64");
  }

  private String complaints(List<Manifest> objects) throws IOException {
    var at = Files.createTempDirectory(directory, "pod");
    return new Mounted(at, objects, pod(objects)).complaints();
  }

  private static JsonNode pod(List<Manifest> objects) {
    return objects.stream()
        .filter(object -> object.kind().equals("Job"))
        .findFirst()
        .flatMap(Manifest::pod)
        .orElseThrow();
  }
}
