package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scheduling, priority and service accounts of the chart's pods. */
class PlacementTest {
  private static final Path PLAIN = Helm.CHART.resolve("ci/plain-eks-values.yaml");
  private static final Path MULTI_ARCH = Helm.CHART.resolve("ci/multi-arch-values.yaml");
  private static final String OFF_FARGATE =
      "{\"key\":\"eks.amazonaws.com/compute-type\",\"operator\":\"NotIn\",\"values\":[\"fargate\",\"hybrid\"]}";
  private static final String ARCHITECTURES =
      "{\"key\":\"kubernetes.io/arch\",\"operator\":\"In\",\"values\":[\"amd64\",\"arm64\"]}";

  @Test
  void noPodIsEvictedForAProber() {
    var objects = Helm.objects(PLAIN, "--set", "fargate.enabled=true");

    assertThat(objects.stream().filter(object -> object.kind().equals("PriorityClass")))
        .singleElement()
        .satisfies(
            made -> {
              assertThat(made.name()).isEqualTo("eksnet-eksnet-1000000-never");
              assertThat(made.at("/value").asInt()).isEqualTo(1_000_000);
              assertThat(made.at("/preemptionPolicy").asText()).isEqualTo("Never");
              assertThat(made.at("/globalDefault").asBoolean()).isFalse();
            });
    assertThat(priority(objects, "eksnet-agent")).isEqualTo("eksnet-eksnet-1000000-never");
    assertThat(priority(objects, "eksnet-controller")).isEqualTo("eksnet-eksnet-1000000-never");
    assertThat(priority(objects, "eksnet-agent-fargate")).isEmpty();
  }

  @Test
  void aClassThatCannotBeChangedIsReplacedByOneOfAnotherName() {
    var objects = Helm.objects(MULTI_ARCH);

    assertThat(objects.stream().filter(object -> object.kind().equals("PriorityClass")))
        .extracting(Manifest::name)
        .containsExactly("eksnet-multi-eksnet-2000000-preemptlowerpriority");
    assertThat(priority(objects, "eksnet-multi-agent"))
        .isEqualTo("eksnet-multi-eksnet-2000000-preemptlowerpriority");
  }

  @ParameterizedTest
  @CsvSource({
    "agent, eksnet-agent, true",
    "agent, eksnet-agent, false",
    "controller, eksnet-controller, true",
    "fargate, eksnet-agent-fargate, true",
  })
  void aClassOfTheClusterGoesBeforeThatOfTheChart(String part, String name, boolean made) {
    var objects =
        Helm.objects(
            PLAIN,
            "--set",
            "fargate.enabled=true,priorityClass.create=" + made,
            "--set",
            part + ".priorityClassName=system-node-critical");

    assertThat(priority(objects, name)).isEqualTo("system-node-critical");
  }

  @Test
  void withoutAClassPodsHaveNone() {
    var objects = Helm.objects(PLAIN, "--set", "priorityClass.create=false");

    assertThat(objects).extracting(Manifest::kind).doesNotContain("PriorityClass");
    assertThat(priority(objects, "eksnet-agent")).isEmpty();
  }

  @Test
  void agentsStayOffFargateWithAnyAffinity() {
    var affinity =
        spec(Helm.objects(MULTI_ARCH), "eksnet-multi-agent").at("/affinity/nodeAffinity");
    var own = "{\"key\":\"karpenter.sh/nodepool\",\"operator\":\"NotIn\",\"values\":[\"batch\"]}";
    var all = OFF_FARGATE + "," + ARCHITECTURES + "," + own;

    assertThat(
            affinity
                .at("/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms")
                .toString())
        .isEqualTo(
            "[{\"matchExpressions\":["
                + all
                + ",{\"key\":\"team\",\"operator\":\"In\",\"values\":[\"network\"]}]},"
                + "{\"matchExpressions\":["
                + all
                + "],\"matchFields\":[{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"ip-10-0-1-7\"]}]}]");
    assertThat(affinity.at("/preferredDuringSchedulingIgnoredDuringExecution").size()).isOne();
  }

  @Test
  void controllerReplicasHaveAntiAffinityByDefault() {
    var zones =
        "controller.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution";
    var mine = Helm.objects(MULTI_ARCH, "--set-json", zones + "=[]");
    var nodes = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    var apart = "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution";

    assertThat(spec(Helm.objects(MULTI_ARCH), "eksnet-multi-controller").at(apart).size()).isOne();
    assertThat(spec(mine, "eksnet-multi-controller").at(apart).toString()).isEqualTo("[]");
    assertThat(spec(mine, "eksnet-multi-controller").at(nodes).toString())
        .isEqualTo("{\"nodeSelectorTerms\":[{\"matchExpressions\":[" + ARCHITECTURES + "]}]}");
  }

  @Test
  void aSpreadCountsThePodsItIsOf() {
    var before = spec(Helm.objects(PLAIN), "eksnet-controller").at("/topologySpreadConstraints/0");
    var after =
        spec(Helm.objects(MULTI_ARCH), "eksnet-multi-controller")
            .at("/topologySpreadConstraints/0");
    var own =
        spec(
            Helm.objects(
                PLAIN,
                "--set",
                "fargate.enabled=true",
                "--set-json",
                "fargate.topologySpreadConstraints=[{\"maxSkew\":2,\"labelSelector\":{\"matchLabels\":{\"a\":\"b\"}}}]"),
            "eksnet-agent-fargate");

    assertThat(before.path("topologyKey").asText()).isEqualTo("topology.kubernetes.io/zone");
    assertThat(after.path("topologyKey").asText()).isEqualTo("kubernetes.io/hostname");
    assertThat(after.path("labelSelector")).isEqualTo(before.path("labelSelector"));
    assertThat(own.path("topologySpreadConstraints").toString())
        .isEqualTo("[{\"labelSelector\":{\"matchLabels\":{\"a\":\"b\"}},\"maxSkew\":2}]");
  }

  @Test
  void whoPodsAreIsMergedIntoWhatIsRestricted() {
    var pods = Helm.objects(MULTI_ARCH).stream().flatMap(object -> object.pod().stream()).toList();

    assertThat(pods)
        .hasSize(4)
        .allSatisfy(
            pod -> {
              var own = pod.at("/spec/containers/0/securityContext");
              assertThat(PodSecurity.broken(pod)).isEmpty();
              assertThat(pod.at("/spec/securityContext/runAsUser").asInt()).isEqualTo(10_001);
              assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
              assertThat(own.at("/seccompProfile/type").asText()).isEqualTo("Localhost");
              assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            });
  }

  @Test
  void aProberThatIsBrokenHoldsUpNoDrain() {
    var old = Helm.objects(PLAIN, "--kube-version", "1.26.0");
    var now = Helm.objects(PLAIN, "--kube-version", "1.27.0-eks-1234567");

    assertThat(budget(now).path("unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
    assertThat(budget(now).path("maxUnavailable").asInt()).isEqualTo(1);
    assertThat(budget(old).path("unhealthyPodEvictionPolicy").isMissingNode()).isTrue();
  }

  private static JsonNode budget(List<Manifest> objects) {
    return objects.stream()
        .filter(object -> object.kind().equals("PodDisruptionBudget"))
        .findFirst()
        .orElseThrow()
        .at("/spec");
  }

  private static String priority(List<Manifest> objects, String workload) {
    return spec(objects, workload).path("priorityClassName").asText();
  }

  private static JsonNode spec(List<Manifest> objects, String workload) {
    return objects.stream()
        .filter(object -> List.of("DaemonSet", "Deployment").contains(object.kind()))
        .filter(object -> object.name().equals(workload))
        .findFirst()
        .orElseThrow()
        .at("/spec/template/spec");
  }
}
