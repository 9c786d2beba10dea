package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of a release that the workflow runs, on this machine. */
class ReleaseTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void publishedChartNeedsNoRegistry() throws Exception {
    var chart = directory.resolve("chart");
    release(ROOT, "chart", "ghcr.io/acme", chart.toString()).text();
    helm("package", chart.toString(), "--destination", directory.toString());
    var pulled = Files.createDirectory(directory.resolve("pulled"));

    try (var registry = OciRegistry.start()) {
      var repository = "oci://" + registry.address() + "/charts";
      var version = version();
      helm("push", "--plain-http", packageOf(directory).toString(), repository);
      assertThat(registry.manifests()).contains("charts/eksnet:" + version);
      helm(
          "pull",
          "--plain-http",
          repository + "/eksnet",
          "--version=" + version,
          "--destination=" + pulled);
    }
    var objects =
        Helm.parse(helm("template", "eksnet", packageOf(pulled).toString(), "--namespace=eksnet"));

    assertThat(objects.stream().flatMap(object -> object.pod().stream()))
        .hasSizeGreaterThan(2)
        .allSatisfy(
            pod ->
                assertThat(pod.at("/spec/containers/0/image").asText())
                    .isEqualTo("ghcr.io/acme/eksnet:" + version()));
  }

  @Test
  void publishedChartListsItsChangesForArtifactHub() throws Exception {
    var root = tree("0.2.0 (2026-12-01)");
    release(root, "chart", "ghcr.io/acme", directory.resolve("chart").toString()).text();

    var annotations =
        Helm.parse(Files.readString(directory.resolve("chart/Chart.yaml")))
            .get(0)
            .at("/annotations");

    assertThat(MAPPER.readTree(annotations.path("artifacthub.io/changes").asText()).toString())
        .isEqualTo(
            "[{\"kind\":\"changed\",\"description\":\"A \\\"quoted\\\" key: `a`, over two lines.\"},"
                + "{\"kind\":\"fixed\",\"description\":\"Another.\"}]");
    assertThat(annotations.path("artifacthub.io/images").asText())
        .contains("ghcr.io/acme/eksnet:0.2.0");
  }

  @Test
  void notesAreTheNewestSectionOfTheChangelog() throws Exception {
    var notes = release(tree("0.2.0 (2026-12-01)"), "notes").text();

    assertThat(notes).startsWith("- [CHANGE] A \"quoted\"").endsWith("Another.\n");
    assertThat(notes).doesNotContain("Older", "## ");
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.0 (2026-12-01), v0.2.0, ''",
    "0.2.0 (2026-12-01), v0.2.1, the tag is v0.2.1",
    "Unreleased, v0.2.0, newest section of CHANGELOG.md",
  })
  void tagMustBeThatOfChartAndChangelog(String section, String tag, String problem)
      throws Exception {
    var run = release(tree(section), "check", tag);

    assertThat(run.err()).contains(problem);
    assertThat(run.exit()).isEqualTo(problem.isEmpty() ? 0 : 1);
  }

  @Test
  void joinsTheImagesOfTwoArchitectures() throws Exception {
    var out = directory.resolve("both.tar");

    release(
            directory,
            "index",
            out.toString(),
            archive("amd64").toString(),
            archive("arm64").toString())
        .text();
    var joined = Files.createDirectory(directory.resolve("joined"));
    run(joined, "tar", "-xf", out.toString()).text();

    var outer = MAPPER.readTree(joined.resolve("index.json").toFile()).path("manifests");
    assertThat(outer).hasSize(1);
    var digest = outer.get(0).path("digest").asText();
    var index = Files.readAllBytes(joined.resolve("blobs/sha256").resolve(digest.substring(7)));
    assertThat(OciRegistry.digest(index)).isEqualTo(digest);
    assertThat(outer.get(0).path("size").asInt()).isEqualTo(index.length);
    for (var manifest : MAPPER.readTree(index).path("manifests")) {
      var blob =
          Files.readString(
              joined
                  .resolve("blobs/sha256")
                  .resolve(manifest.path("digest").asText().substring(7)));
      assertThat(blob).isEqualTo("manifest of " + manifest.at("/platform/architecture").asText());
    }
    assertThat(MAPPER.readTree(index).findValuesAsText("architecture"))
        .containsExactly("amd64", "arm64");
  }

  @Test
  void refusesTwoImagesOfOneArchitecture() throws Exception {
    var image = archive("amd64").toString();
    var out = directory.resolve("both.tar").toString();

    assertThat(release(directory, "index", out, image, image).err())
        .contains("two images are for the same platform: linux/amd64");
  }

  /** An OCI archive as {@code make image} writes it, with one blob. */
  private Path archive(String architecture) throws Exception {
    var layout = Files.createDirectories(directory.resolve(architecture));
    var blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    var manifest = ("manifest of " + architecture).getBytes(UTF_8);
    var digest = OciRegistry.digest(manifest);
    Files.write(blobs.resolve(digest.substring(7)), manifest);
    Files.writeString(
        layout.resolve("index.json"),
        """
        {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",
        "digest":"%s","size":%d,"annotations":{"org.opencontainers.image.ref.name":"0.1.0"},
        "platform":{"architecture":"%s","os":"linux"}}]}
        """
            .formatted(digest, manifest.length, architecture));
    var archive = directory.resolve(architecture + ".tar");
    run(layout, "tar", "-cf", archive.toString(), "blobs", "index.json").text();
    return archive;
  }

  /** A repository with a changelog and a chart of version 0.2.0. */
  private Path tree(String section) throws IOException {
    var root = Files.createDirectories(directory.resolve("tree"));
    var chart = Files.createDirectories(root.resolve("k8s/helm/eksnet"));
    Files.writeString(
        root.resolve("CHANGELOG.md"),
        """
        # Changelog

        ## %s

        - [CHANGE] A "quoted" key: `a`,
          over two lines.
        - [BUGFIX] Another.

        ## 0.1.0 (2026-11-01)

        - [FEATURE] Older.
        """
            .formatted(section));
    Files.writeString(chart.resolve("Chart.yaml"), "name: eksnet\nversion: 0.2.0\nannotations:\n");
    Files.writeString(chart.resolve("values.yaml"), "image:\n  registry: \"\"\n");
    return root;
  }

  private static Helm.Run release(Path root, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("node", ROOT.resolve(".ci/release.js").toString()));
    command.addAll(List.of(arguments));
    return run(root, command.toArray(String[]::new));
  }

  private static Helm.Run run(Path at, String... command) throws Exception {
    var errors = Files.createTempFile("release", "err");
    var process =
        new ProcessBuilder(command).directory(at.toFile()).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    var run = new Helm.Run(process.waitFor(), out, Files.readString(errors));
    Files.delete(errors);
    return run;
  }

  private String helm(String... arguments) {
    return Helm.run(Map.of("HOME", directory.toString()), arguments).text();
  }

  private static Path packageOf(Path at) throws IOException {
    return at.resolve("eksnet-" + version() + ".tgz");
  }

  private static String version() throws IOException {
    return Helm.parse(Files.readString(Helm.CHART.resolve("Chart.yaml")))
        .get(0)
        .at("/version")
        .asText();
  }
}
