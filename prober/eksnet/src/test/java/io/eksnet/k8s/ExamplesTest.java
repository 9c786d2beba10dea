package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples for Argo CD, Flux and Kustomize. */
class ExamplesTest {
  private static final Path EXAMPLES = Helm.MANIFESTS.resolve("examples");
  private static final Path KUBECTL = Path.of("../../target/tools/kubectl");

  @TempDir Path directory;

  @Test
  void chartTakesTheValuesForArgoCd() throws IOException {
    var application = read("argocd.yaml").get(0);

    var objects = render(application.at("/spec/source/helm/valuesObject"));

    assertThat(application.at("/spec/source/targetRevision").asText()).isEqualTo(version());
    // Argo CD renders without a cluster: a generated token would change with each rendering.
    assertThat(objects).extracting(Manifest::kind).doesNotContain("Secret");
  }

  @Test
  void chartTakesTheValuesForFlux() throws IOException {
    var documents = read("flux.yaml");
    var release = documents.get(1);

    assertThat(render(release.at("/spec/values"))).hasSizeGreaterThan(8);
    assertThat(documents.get(0).at("/spec/ref/tag").asText()).isEqualTo(version());
    assertThat(release.at("/spec/chartRef/name").asText()).isEqualTo(documents.get(0).name());
  }

  @Test
  void kustomizeFillsInWhatInstallYamlLeavesOpen() throws Exception {
    var process =
        new ProcessBuilder(KUBECTL.toString(), "kustomize", Helm.MANIFESTS.toString())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("errors"))).isZero();
    var objects = Helm.parse(out);
    var plain = Helm.parse(Files.readString(Helm.MANIFESTS.resolve("install.yaml")));

    assertThat(out).doesNotContain("REGISTRY", "CLUSTER", ": REGION\n");
    assertThat(objects)
        .extracting(Manifest::toString)
        .containsExactlyInAnyOrderElementsOf(plain.stream().map(Manifest::toString).toList());
    assertThat(objects.stream().flatMap(object -> StrictKinds.complaint(object).stream()))
        .isEmpty();
    for (var object : objects) {
      if (object.pod().isPresent()) {
        var pod = object.pod().get();
        var at = Files.createDirectories(directory.resolve(object.name()));
        assertThat(new Mounted(at, objects, pod).complaints()).isEmpty();
        assertThat(pod.at("/spec/containers/0/image").asText())
            .endsWith(".amazonaws.com/eksnet:" + version());
      }
    }
  }

  private List<Manifest> render(JsonNode values) throws IOException {
    var file = directory.resolve("values.yaml");
    Files.writeString(file, values.toString());
    return Helm.objects(file);
  }

  private static List<Manifest> read(String example) throws IOException {
    return Helm.parse(Files.readString(EXAMPLES.resolve(example)));
  }

  private static String version() throws IOException {
    return Helm.parse(Files.readString(Helm.CHART.resolve("Chart.yaml")))
        .get(0)
        .at("/version")
        .asText();
  }
}
