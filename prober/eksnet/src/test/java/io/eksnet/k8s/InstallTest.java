package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.Crd;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real kubectl makes of the chart at the API server of the lab. */
class InstallTest {
  private static final Path KUBECTL = Path.of("../../target/tools/kubectl");
  private static final LabNetwork NOWHERE =
      new LabNetwork(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);

  @TempDir Path directory;

  private KubeApi api;

  @BeforeEach
  void start() throws IOException {
    var operator = "monitoring.coreos.com/v1";
    var cluster =
        HealthyCluster.load(NOWHERE, Instant.parse("2026-11-21T08:00:00Z"))
            .with(
                new Crd(operator, "PodMonitor", "podmonitors", true),
                new Crd(operator, "PrometheusRule", "prometheusrules", true));
    api = KubeApi.start(0, cluster);
    api.writeKubeconfig(directory.resolve("kubeconfig"));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whatHelmRendersIsWhatTheClusterThenHas() throws IOException {
    // The lab has an eksnet of its own: this is another namespace, with other names.
    var rendered =
        Helm.objects(
            Helm.CHART.resolve("ci/multi-arch-values.yaml"),
            "--namespace=fresh",
            "--set=fullnameOverride=fresh,networkPolicy.enabled=true,fargate.enabled=true");
    var manifests = directory.resolve("manifests.json");
    Files.writeString(manifests, list(rendered));

    kubectl("create", "--validate=false", "-f", manifests.toString());
    var there =
        new ObjectMapper().readTree(kubectl("get", "-o", "json", "-f", manifests.toString()));

    assertThat(byName(Manifest.items(there.path("items")).map(Manifest::new).toList()))
        .isEqualTo(byName(rendered));
    assertThat(rendered.stream().map(Manifest::kind).distinct()).hasSize(17);
  }

  private static Map<String, Object> byName(List<Manifest> objects) {
    var all = new TreeMap<String, Object>();
    for (var object : objects) {
      ObjectNode bare = object.json().deepCopy();
      bare.remove("status");
      ((ObjectNode) bare.path("metadata"))
          .remove(
              Set.of("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"));
      all.put(object.toString(), bare);
    }
    return all;
  }

  private static String list(List<Manifest> objects) {
    var list = new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    objects.forEach(object -> list.withArray("items").add(object.json()));
    return list.toString();
  }

  private String kubectl(String... arguments) throws IOException {
    var out = directory.resolve("out");
    var errors = directory.resolve("errors");
    var builder = new ProcessBuilder(KUBECTL.toString(), "--request-timeout=20s");
    builder.command().addAll(List.of(arguments));
    builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
    builder.environment().put("HOME", directory.toString());
    var process = builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readString(out);
  }
}
