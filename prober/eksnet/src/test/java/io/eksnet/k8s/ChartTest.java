package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.CommandLineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart in each kind of cluster it supports. */
class ChartTest {
  private static final Path PLAIN = Helm.CHART.resolve("ci/plain-eks-values.yaml");

  @TempDir Path directory;

  static List<Path> values() throws IOException {
    return Helm.values();
  }

  @Test
  void thereAreValuesForEachKindOfCluster() throws IOException {
    assertThat(values())
        .extracting(file -> file.getFileName().toString().replace("-values.yaml", ""))
        .containsExactlyInAnyOrder(
            "plain-eks",
            "fargate-only",
            "auto-mode",
            "ipv6",
            "irsa",
            "pod-identity",
            "no-prometheus-operator",
            "kube-prometheus-stack",
            "network-policies",
            "multi-arch");
  }

  @ParameterizedTest
  @MethodSource("values")
  void helmFindsNothingToSay(Path values) {
    var run =
        Helm.run(
            Map.of(), "lint", "--strict", Helm.CHART.toString(), "--values", values.toString());

    assertThat(run.exit()).as(run.out() + run.err()).isZero();
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyObjectIsOneThatKubernetesKnows(Path values) {
    assertThat(Helm.objects(values)).hasSizeGreaterThan(8);
    assertThat(
            Helm.objects(values).stream().flatMap(object -> StrictKinds.complaint(object).stream()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyPodIsRestricted(Path values) {
    var pods = Helm.objects(values).stream().flatMap(object -> object.pod().stream()).toList();

    assertThat(pods).hasSizeGreaterThanOrEqualTo(3);
    assertThat(pods.stream().flatMap(pod -> PodSecurity.broken(pod).stream())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("values")
  void theProgramTakesItsFlagsAndItsConfig(Path values) throws IOException {
    for (var object : Helm.objects(values)) {
      if (object.pod().isPresent() && !object.kind().equals("Pod")) {
        var at = Files.createDirectories(directory.resolve(object.name()));
        var mounted = new Mounted(at, Helm.objects(values), object.pod().get());

        assertThat(at.resolve("etc/eksnet/eksnet.yaml")).exists();
        assertThat(mounted.complaints()).as("%s of %s", object, values).isEmpty();
        assertThat(CommandLineCheck.node(mounted.environment()))
            .isEqualTo(
                "ip-10-0-1-7.eu-central-1.compute.internal 10.0.1.7 eksnet-agent-x7k2p eksnet");
      }
    }
  }

  @Test
  void aFlagOrAConfigThatTheProgramDoesNotTakeWouldBeSeen() throws IOException {
    assertThat(complaints("--set", "agent.extraArgs={--no-such-flag}")).contains("--no-such-flag");
    assertThat(complaints("--set", "config.suites.dns.timeout=1h")).contains("suites.dns");
    assertThat(complaints("--set", "config.controller.token_file=other")).contains("token_file");
  }

  private String complaints(String... more) throws IOException {
    var objects = Helm.objects(PLAIN, more);
    var pod = one(objects, "DaemonSet/eksnet-agent").pod().orElseThrow();
    var at = Files.createTempDirectory(directory, "broken");
    return new Mounted(at, objects, pod).complaints();
  }

  @Test
  void aConfigThatTheProgramRefusesIsRefusedByHelmAlready() {
    var run = Helm.template("--values", PLAIN.toString(), "--set=config.suites.dnss.enabled=true");

    assertThat(run.exit()).isNotZero();
    assertThat(run.err()).contains("dnss");
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatPodsNameIsThere(Path values) {
    var objects = Helm.objects(values);
    var named = new HashSet<String>();
    var there = objects.stream().map(Manifest::toString).collect(Collectors.toSet());
    for (var object : objects) {
      object
          .pod()
          .ifPresent(
              pod -> {
                pod.findValues("configMap")
                    .forEach(one -> named.add("ConfigMap/" + one.path("name").asText()));
                pod.at("/spec/volumes")
                    .findValues("secret")
                    .forEach(
                        one ->
                            named.add(
                                "Secret/"
                                    + one.path("name").asText(one.path("secretName").asText())));
                Optional.of(pod.at("/spec/serviceAccountName").asText())
                    .filter(name -> !name.isEmpty())
                    .ifPresent(name -> named.add("ServiceAccount/" + name));
              });
    }
    named.removeAll(Set.of("Secret/eksnet-web", "Secret/eksnet-shared-token"));

    assertThat(named).isNotEmpty();
    assertThat(there).containsAll(named);
  }

  @ParameterizedTest
  @MethodSource("values")
  void everySelectorFindsItsPods(Path values) {
    var objects = Helm.objects(values);
    for (var object : objects) {
      var selector = selector(object);
      if (!selector.isEmpty() && !pods(objects).isEmpty()) {
        var found =
            pods(objects).stream()
                .filter(labels -> labels.entrySet().containsAll(selector.entrySet()))
                .count();
        var agentsAreOff = values.toString().contains("fargate-only");

        assertThat(found).as("%s of %s", object, values).isBetween(1L, agentsAreOff ? 1L : 2L);
      }
    }
  }

  @Test
  void anUpgradeFindsTheSelectorsOfTheVersionBefore() {
    var objects = Helm.objects(PLAIN, "--set", "fargate.enabled=true", "--set", "commonLabels.a=b");

    assertThat(selector(one(objects, "DaemonSet/eksnet-agent")))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "eksnet",
                "app.kubernetes.io/instance", "eksnet",
                "app.kubernetes.io/component", "agent",
                "eksnet.io/vantage", "node"));
    assertThat(selector(one(objects, "Deployment/eksnet-agent-fargate")))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "eksnet",
                "app.kubernetes.io/instance", "eksnet",
                "app.kubernetes.io/component", "agent",
                "eksnet.io/vantage", "fargate"));
    assertThat(selector(one(objects, "Deployment/eksnet-controller")))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", "eksnet",
                "app.kubernetes.io/instance", "eksnet",
                "app.kubernetes.io/component", "controller"));
  }

  @Test
  void agentsRunOnEveryNodeOfEc2WithoutRightsAndOnePodInTenAtATime() {
    var agents = one(Helm.objects(PLAIN), "DaemonSet/eksnet-agent");
    var spec = agents.at("/spec/template/spec");

    assertThat(agents.at("/spec/updateStrategy").toString())
        .isEqualTo("{\"rollingUpdate\":{\"maxUnavailable\":\"10%\"},\"type\":\"RollingUpdate\"}");
    assertThat(spec.path("tolerations").toString()).isEqualTo("[{\"operator\":\"Exists\"}]");
    assertThat(spec.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(spec.path("enableServiceLinks").asBoolean()).isTrue();
    assertThat(spec.path("hostNetwork").asBoolean()).isFalse();
    assertThat(spec.at("/affinity/nodeAffinity").toString())
        .isEqualTo(
            "{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":"
                + "[{\"key\":\"eks.amazonaws.com/compute-type\",\"operator\":\"NotIn\",\"values\":[\"fargate\",\"hybrid\"]}]}]}}");
  }

  @Test
  void theControllerDoesNotDependOnWhatItTests() {
    var spec = one(Helm.objects(PLAIN), "Deployment/eksnet-controller").at("/spec/template/spec");

    assertThat(spec.path("dnsPolicy").asText()).isEqualTo("Default");
    assertThat(Manifest.items(spec.at("/containers/0/env")).map(Object::toString))
        .contains("{\"name\":\"AWS_REGION\",\"value\":\"eu-central-1\"}");
  }

  @ParameterizedTest
  @MethodSource("values")
  void agentsFindTheControllerByTheVariablesOfItsService(Path values) {
    var service = one(Helm.objects(values), "Service/eksnet-controller");
    var prefix = service.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_SERVICE_";
    var port = service.at("/spec/ports/0/port").asText();

    var found =
        CommandLineCheck.controller(Map.of(prefix + "HOST", "10.100.7.7", prefix + "PORT", port));

    assertThat(found.orElseThrow().toString()).isEqualTo("/10.100.7.7:9853");
  }

  @Test
  void theControllerMayReadProbeResourcesOnlyIfNamespacesAreNamed() {
    var without = Helm.objects(PLAIN);
    var with = Helm.objects(PLAIN, "--set-json=config.probe_resources={\"namespaces\":[\"shop\"]}");

    assertThat(without).noneMatch(object -> object.name().endsWith("-probes"));
    assertThat(one(with, "ClusterRole", "-controller-probes").at("/rules").toString())
        .isEqualTo(
            "[{\"apiGroups\":[\"monitoring.coreos.com\"],\"resources\":[\"probes\"],"
                + "\"verbs\":[\"list\",\"watch\"]}]");
    assertThat(one(with, "ClusterRoleBinding", "-controller-probes").at("/roleRef/name").asText())
        .isEqualTo(one(with, "ClusterRole", "-controller-probes").name());
  }

  @ParameterizedTest
  @MethodSource("values")
  void theControllerMayDoWhatTheProgramDeclaresAndNoMore(Path values) throws IOException {
    var declared =
        Helm.parse(
            Files.readString(Helm.MANIFESTS.resolve("rbac.yaml")).replace("NAMESPACE", "eksnet"));
    var objects = Helm.objects(values);
    var account =
        one(objects, "Deployment", "-controller").at("/spec/template/spec/serviceAccountName");

    assertThat(rights(objects)).isEqualTo(rights(declared)).hasSize(2);
    assertThat(objects.stream().filter(object -> object.kind().endsWith("RoleBinding")))
        .hasSize(2)
        .allSatisfy(
            binding -> {
              assertThat(rights(objects).keySet())
                  .contains(
                      binding.at("/roleRef/kind").asText()
                          + " in "
                          + binding.at("/metadata/namespace").asText());
              assertThat(binding.at("/subjects").toString())
                  .isEqualTo(
                      "[{\"kind\":\"ServiceAccount\",\"name\":\"%s\",\"namespace\":\"eksnet\"}]"
                          .formatted(account.asText()));
            });
  }

  @Test
  void roleAndAccountForAwsAreAsTheValuesSay() {
    var irsa = Helm.objects(Helm.CHART.resolve("ci/irsa-values.yaml"));
    var identity = Helm.objects(Helm.CHART.resolve("ci/pod-identity-values.yaml"));

    assertThat(
            Manifest.map(one(irsa, "ServiceAccount/eksnet-controller").at("/metadata/annotations")))
        .containsEntry("eks.amazonaws.com/role-arn", "arn:aws-us-gov:iam::111122223333:role/eksnet")
        .containsEntry("eks.amazonaws.com/sts-regional-endpoints", "true");
    assertThat(one(identity, "ServiceAccount/eksnet-reader").at("/metadata/annotations").isEmpty())
        .isTrue();
  }

  @Test
  void manifestsWithoutHelmAreThoseOfTheChart() throws IOException {
    var values = Helm.MANIFESTS.resolve("install-values.yaml");
    var head = Files.readString(values).replaceFirst("(?ms)^[^#].*", "");

    assertThat(Files.readString(Helm.MANIFESTS.resolve("install.yaml")))
        .as("k8s/install.yaml is stale; the remedy is: make reference")
        .isEqualTo(head + Helm.template("--skip-tests", "--values", values.toString()).text());
  }

  /** Helm takes the last of two keys, and what reads its output refuses them. */
  @Test
  void addedLabelsAndAnnotationsReplaceThoseOfTheChart() {
    var objects =
        Helm.objects(
            PLAIN,
            "--set-json",
            "agent.nodeSelector={\"kubernetes.io/os\":\"linux\",\"pool\":\"a\"}",
            "--set-json",
            "commonLabels={\"app.kubernetes.io/part-of\":\"platform\"}",
            "--set-json",
            "agent.podLabels={\"team\":\"net\"}",
            "--set-json",
            "agent.podAnnotations={\"prometheus.io/scrape\":\"false\"}",
            "--set",
            "scrapeAnnotations=true");
    var pod = one(objects, "DaemonSet/eksnet-agent").pod().orElseThrow();

    assertThat(pod.at("/spec/nodeSelector").toString())
        .isEqualTo("{\"kubernetes.io/os\":\"linux\",\"pool\":\"a\"}");
    assertThat(pod.at("/metadata/annotations").path("prometheus.io/scrape").asText())
        .isEqualTo("false");
    var labels = pod.at("/metadata/labels");
    assertThat(labels.path("app.kubernetes.io/part-of").asText()).isEqualTo("platform");
    assertThat(labels.path("app.kubernetes.io/name").asText()).isEqualTo("eksnet");
    assertThat(labels.path("app.kubernetes.io/component").asText()).isEqualTo("agent");
    assertThat(labels.path("team").asText()).isEqualTo("net");
  }

  @Test
  void namesMissingLinkOfChart() throws IOException {
    var chart = directory.resolve("chart");
    try (var files = Files.walk(Helm.CHART)) {
      for (var file : files.filter(f -> !Files.isSymbolicLink(f)).toList()) {
        var to = chart.resolve(Helm.CHART.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }

    var run = Helm.run(Map.of(), "template", "eksnet", chart.toString(), "-f", PLAIN.toString());

    assertThat(run.exit()).isNotZero();
    assertThat(run.err()).contains("files/ of the chart is incomplete", "make chart");
  }

  @Test
  void placeholdersAreListedBeforeTheManifestsWithoutHelm() throws IOException {
    var text = Files.readString(Helm.MANIFESTS.resolve("install.yaml"));
    var head = text.substring(0, text.indexOf("---"));
    var objects = Helm.parse(text);
    var made = objects.stream().map(Manifest::toString).toList();

    assertThat(head)
        .contains("CLUSTER", "REGION", "registry of the image")
        .containsSubsequence("create namespace eksnet", "secret generic eksnet-token", "apply -f");
    assertThat(pods(objects)).hasSize(2);
    assertThat(made).contains("Namespace/eksnet").doesNotContain("Secret/eksnet-token");
  }

  @Test
  void theVersionsAreThoseOfTheProgram() throws IOException {
    var chart = Helm.parse(Files.readString(Helm.CHART.resolve("Chart.yaml"))).get(0);
    var pom = Files.readString(Path.of("../../pom.xml"));

    assertThat(pom)
        .contains(
            "<artifactId>eksnet-parent</artifactId>\n  <version>"
                + chart.at("/appVersion").asText()
                + "</version>");
  }

  @Test
  void whatOnlyAStartReadsRestartsThePodsAndOtherThingsDoNot() {
    var before = checksum();

    assertThat(checksum("--set", "config.suites.dns.interval=20s")).isEqualTo(before);
    assertThat(checksum("--set", "config.labels.env=prod")).isNotEqualTo(before);
    assertThat(checksum("--set", "config.polls.subnets=2m")).isNotEqualTo(before);
  }

  private static String checksum(String... more) {
    return one(Helm.objects(PLAIN, more), "DaemonSet/eksnet-agent")
        .at("/spec/template/metadata/annotations/checksum~1fixed-config")
        .asText();
  }

  private static Map<String, Set<String>> rights(List<Manifest> objects) {
    return objects.stream()
        .filter(object -> Set.of("Role", "ClusterRole").contains(object.kind()))
        .collect(
            Collectors.toMap(
                role -> role.kind() + " in " + role.at("/metadata/namespace").asText(),
                role ->
                    Manifest.items(role.at("/rules"))
                        .map(Manifest::canonical)
                        .collect(Collectors.toSet())));
  }

  private static Map<String, String> selector(Manifest object) {
    return switch (object.kind()) {
      case "Service" -> Manifest.map(object.at("/spec/selector"));
      case "NetworkPolicy" -> Manifest.map(object.at("/spec/podSelector/matchLabels"));
      default -> Manifest.map(object.at("/spec/selector/matchLabels"));
    };
  }

  private static List<Map<String, String>> pods(List<Manifest> objects) {
    return objects.stream()
        .flatMap(object -> object.pod().stream())
        .map(pod -> Manifest.map(pod.at("/metadata/labels")))
        .toList();
  }

  private static Manifest one(List<Manifest> objects, String name) {
    return objects.stream()
        .filter(object -> object.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + objects));
  }

  private static Manifest one(List<Manifest> objects, String kind, String end) {
    return objects.stream()
        .filter(object -> object.kind().equals(kind) && object.name().endsWith(end))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + objects));
  }
}
