package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.Workload;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.kube.KubeApi;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.model.inventory.KubeDeployment;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ScaledToZero;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TrafficSource;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ServiceSourcesTest {
  private static final LabNetwork GROUND =
      new LabNetwork(10, 8080, 10053, 8000, 8081, 9853, 8443, 61_678, 8082, 6443);
  private static final CachedService WEB = selecting("{app: web}");
  private static final CachedDeployment NONE_WANTED =
      deployment("replicas: 0", "{app: web, v: '1'}");
  private static final CachedDeployment SOME_WANTED =
      deployment("replicas: 1", "{app: web, v: '2'}");

  private static CachedService selecting(String selector) {
    return CachedService.of(
            Yaml.read(
                Service.class,
                """
                metadata: {name: web, namespace: shop}
                spec: {type: ClusterIP, clusterIP: 172.20.0.9, selector: %s}
                """
                    .formatted(selector)))
        .orElseThrow();
  }

  private static CachedDeployment deployment(String replicas, String labels) {
    return deployment("shop", replicas, labels);
  }

  private static CachedDeployment deployment(String namespace, String replicas, String labels) {
    return CachedDeployment.of(
            Yaml.read(
                Deployment.class,
                """
                metadata: {name: any, namespace: %s, labels: {app: web}}
                spec: {%s, template: {metadata: {labels: %s}, spec: {}}}
                """
                    .formatted(namespace, replicas.isEmpty() ? "paused: false" : replicas, labels)))
        .orElseThrow();
  }

  private static CachedEndpointSlice slice(String endpoints) {
    return CachedEndpointSlice.of(
            Yaml.read(
                EndpointSlice.class,
                """
                metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                endpoints: %s
                """
                    .formatted(endpoints)))
        .orElseThrow();
  }

  private static List<ScaledToZero> scaledToZero(
      CachedService service, CachedDeployment... deployments) {
    return ServiceSources.scaledToZero(
        List.of(service), List.of(slice("[]")), List.of(deployments));
  }

  private static KubeService service(String spec, String... slices) {
    var service =
        CachedService.of(
                Yaml.read(
                    Service.class,
                    "metadata: {name: web, namespace: shop}\nspec: %s\n".formatted(spec)))
            .orElseThrow();
    return ServiceSources.services(
            List.of(service),
            Optional.of(
                Stream.of(slices)
                    .map(slice -> Yaml.read(EndpointSlice.class, slice))
                    .map(slice -> CachedEndpointSlice.of(slice).orElseThrow())
                    .toList()),
            Reconciles.of(List.of()))
        .get(0);
  }

  private static String slice(String address, String ports) {
    return """
        metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints: [{addresses: [%s]}]
        ports: %s
        """
        .formatted(address, ports);
  }

  @Test
  void readsThePortsOfEndpointsByName() {
    var spec =
        "{ports: [{name: http, port: 80, targetPort: web}, {name: admin, port: 9000}],"
            + " clusterIP: 172.20.0.9}";
    var one = slice("10.0.1.7", "[{name: http, port: 8080}, {name: admin, port: 9001}]");
    var other = slice("10.0.1.8", "[{name: http, port: 8081}, {name: admin, port: 9001}]");

    assertThat(service(spec, one).ports())
        .extracting(ServicePort::endpointPort)
        .containsExactly(Optional.of(8080), Optional.of(9001));
    assertThat(service(spec, one, other).ports())
        .as("pods with different ports under one name")
        .extracting(ServicePort::endpointPort)
        .containsExactly(Optional.empty(), Optional.of(9001));
    assertThat(service(spec).ports())
        .extracting(ServicePort::endpointPort)
        .containsOnly(Optional.empty());
  }

  @Test
  void readsTheTrafficPolicies() {
    assertThat(service("{clusterIP: 172.20.0.9, internalTrafficPolicy: Cluster}").local())
        .isEmpty();
    assertThat(service("{externalTrafficPolicy: Local, internalTrafficPolicy: Cluster}").local())
        .containsExactly(TrafficSource.EXTERNAL);
    assertThat(service("{internalTrafficPolicy: Local}").local())
        .containsExactly(TrafficSource.INTERNAL);
  }

  @Test
  void findsServicesOfDeploymentsScaledToZero() {
    assertThat(scaledToZero(WEB, NONE_WANTED)).containsExactly(new ScaledToZero("shop", "web"));
    assertThat(ServiceSources.scaledToZero(List.of(WEB), List.of(), List.of(NONE_WANTED)))
        .as("without a slice")
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{addresses: [10.0.1.7], conditions: {ready: false}}]",
        "[{addresses: [10.0.1.7], conditions: {ready: false, terminating: true}}]"
      })
  void ignoresServicesWithUnreadyEndpoints(String endpoints) {
    assertThat(
            ServiceSources.scaledToZero(
                List.of(WEB), List.of(slice("[]"), slice(endpoints)), List.of(NONE_WANTED)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "replicas: 1", "replicas: 3"})
  void ignoresDeploymentsThatWantPods(String replicas) {
    assertThat(scaledToZero(WEB, deployment(replicas, "{app: web}"))).isEmpty();
  }

  @Test
  void ignoresDeletedDeploymentsAndWrongSelectors() {
    assertThat(scaledToZero(WEB)).isEmpty();
    assertThat(scaledToZero(selecting("{app: wbe}"), NONE_WANTED)).isEmpty();
    assertThat(scaledToZero(selecting("{app: web, v: '3'}"), NONE_WANTED)).isEmpty();
    assertThat(scaledToZero(WEB, deployment("other", "replicas: 0", "{app: web}"))).isEmpty();
  }

  @Test
  void ignoresServicesWithAnotherDeploymentThatWantsPods() {
    assertThat(scaledToZero(WEB, NONE_WANTED, SOME_WANTED)).isEmpty();
    assertThat(scaledToZero(WEB, NONE_WANTED, deployment("replicas: 0", "{app: web}"))).hasSize(1);
    assertThat(scaledToZero(selecting("{app: web, v: '1'}"), NONE_WANTED, SOME_WANTED)).hasSize(1);
  }

  @Test
  void ignoresServicesWithoutSelector() {
    assertThat(scaledToZero(selecting("{}"), NONE_WANTED)).isEmpty();
    var external = "{type: ExternalName, externalName: a.example, selector: {app: web}}";
    var service = "metadata: {name: web, namespace: shop}\nspec: " + external;
    assertThat(
            scaledToZero(
                CachedService.of(Yaml.read(Service.class, service)).orElseThrow(), NONE_WANTED))
        .isEmpty();
  }

  @Test
  void treatsDroppedLabelsAsPossiblyMatching() {
    var many = "{app: web, long: " + "x".repeat(5_000) + "}";

    assertThat(scaledToZero(WEB, deployment("replicas: 0", many))).isEmpty();
    assertThat(scaledToZero(WEB, NONE_WANTED, deployment("replicas: 1", many))).isEmpty();
    assertThat(scaledToZero(WEB, NONE_WANTED, deployment("replicas: 0", many))).hasSize(1);
    assertThat(scaledToZero(selecting(many), NONE_WANTED)).isEmpty();
  }

  @Test
  void keepsTheWorkloadOfDeploymentsWithARoleOnly() {
    assertThat(NONE_WANTED.workload()).isEmpty();
    assertThat(deployment("replicas: 2", "{k8s-app: kube-dns}").workload())
        .hasValueSatisfying(coredns -> assertThat(coredns.desired()).isEqualTo(2));
    assertThat(deployment("replicas: 2", "{app: web}").settings())
        .isEqualTo(new KubeDeployment("shop", "any", 2, List.of(), "", ""));
  }

  /** The controller of Deployments writes annotations and the status after each rollout. */
  @Test
  void namesWhoWroteTheSpecOfADeploymentLast() {
    assertThat(
            managed(
                "kubectl-client-side-apply 2026-11-29T09:00:00Z",
                "argocd-controller 2026-11-29T10:00:00Z",
                "kube-controller-manager 2026-11-29T10:00:05Z",
                "kube-controller-manager 2026-11-29T10:00:06Z status"))
        .isEqualTo("argocd-controller");
    assertThat(
            managed(
                "argocd-controller 2026-11-29T10:00:00Z",
                "kube-controller-manager 2026-11-29T11:00:00Z scale"))
        .isEqualTo("kube-controller-manager");
  }

  private static String managed(String... entries) {
    var fields =
        Arrays.stream(entries)
            .map(entry -> entry.split(" "))
            .map(
                entry ->
                    new ManagedFieldsEntryBuilder()
                        .withManager(entry[0])
                        .withTime(entry[1])
                        .withSubresource(entry.length > 2 ? entry[2] : null)
                        .build())
            .toList();
    var deployment =
        new DeploymentBuilder()
            .withMetadata(
                new ObjectMetaBuilder()
                    .withNamespace("shop")
                    .withName("web")
                    .withManagedFields(fields)
                    .build())
            .withNewSpec()
            .endSpec()
            .build();
    return CachedDeployment.of(deployment).orElseThrow().settings().manager();
  }

  @Test
  void followsTheScaleToZeroScenario() {
    var healthy = HealthyCluster.load(GROUND, Instant.now());
    var scenario =
        Scenarios.all().stream().filter(s -> s.name().equals("scale-to-zero")).findFirst();
    var scaled = scenario.orElseThrow().stages().get(0).change().apply(healthy);
    try (var api = KubeApi.start(0, healthy);
        var bench = new KubeBench(api.url(), KubeBench.QUICK)) {
      assertThat(bench.await(Resources.SCALED_TO_ZERO, found -> true)).isEmpty();

      api.update(scaled);
      assertThat(bench.await(Resources.SCALED_TO_ZERO, found -> !found.isEmpty()))
          .containsExactly(new ScaledToZero("shop", "frontend"));

      api.update(scaled.without(Workload.class, "shop/frontend"));
      bench.await(Resources.SCALED_TO_ZERO, List::isEmpty);
      assertThat(bench.read(Resources.SERVICES).orElseThrow())
          .filteredOn(service -> service.name().equals("frontend"))
          .extracting(KubeService::endpoints)
          .containsExactly(Optional.of(List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/services",
        "/apis/discovery.k8s.io/v1/endpointslices",
        "/apis/apps/v1/deployments"
      })
  void isAbsentWithoutOneOfItsWatches(String missing) {
    try (var api = new FaultyApi()) {
      Stream.of(
              "/api/v1/services",
              "/apis/discovery.k8s.io/v1/endpointslices",
              "/apis/apps/v1/deployments")
          .filter(path -> !path.equals(missing))
          .forEach(api::serve);
      try (var bench = new KubeBench(api.url(), KubeBench.QUICK)) {
        bench.awaitLack(Resources.SCALED_TO_ZERO, Unavailable.Reason.ABSENT);
      }
    }
  }
}
