package io.eksnet.controller.metrics;

import static io.eksnet.controller.metrics.Shown.NOON;
import static io.eksnet.controller.metrics.Shown.and;
import static io.eksnet.controller.metrics.Shown.knowing;
import static io.eksnet.controller.metrics.Shown.series;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DnsGaugesTest {
  private static final Scheduling FARGATE =
      new Scheduling(false, UnschedulableReason.FARGATE_TAINT, "0/2 nodes are available");

  @Test
  void podsAreCountedByPhaseAndByWhatHoldsThem() {
    var inventory =
        knowing(
            Resources.DNS_PODS,
            List.of(
                pod("Running", Scheduling.DONE), pod("Pending", FARGATE), pod("Pending", FARGATE)));

    assertThat(series("dns_pods", inventory))
        .containsExactly(
            "phase=Pending scheduled=false cause=fargate_taint 2",
            "phase=Running scheduled=true 1");
  }

  @Test
  void noPodsIsZeroAndUnknownPodsAreNothing() {
    assertThat(series("dns_pods", knowing(Resources.DNS_PODS, List.of())))
        .containsExactly("phase=Running scheduled=true 0");
    assertThat(series("dns_pods", Inventory.EMPTY)).isEmpty();
  }

  @Test
  void backendsAreThoseOfKubeDnsThatDoNotTerminate() {
    var inventory =
        knowing(
            Resources.SERVICES,
            List.of(
                service("default", "kube-dns", Optional.of(List.of(endpoint(true, false)))),
                service(
                    "kube-system",
                    "kube-dns",
                    Optional.of(
                        List.of(
                            endpoint(true, false),
                            endpoint(false, false),
                            endpoint(false, true))))));

    assertThat(series("dns_backends", inventory))
        .containsExactly("state=notready 1", "state=ready 1");
  }

  @Test
  void noBackendIsZeroWhereCoreDnsShouldRun() {
    assertThat(series("dns_backends", withoutBackends()))
        .containsExactly("state=notready 0", "state=ready 0");
  }

  @Test
  void noBackendIsNothingToTellWhereNodesOfAutoModeAnswer() {
    assertThat(series("dns_backends", and(withoutBackends(), Resources.CLUSTER, autoMode())))
        .isEmpty();
    assertThat(
            series(
                "dns_backends", and(withoutBackends(), Resources.NODES, List.of(node("auto-1")))))
        .isEmpty();
  }

  @Test
  void coreDnsBesideAutoModeIsJudged() {
    var inventory = and(withoutBackends(), Resources.CLUSTER, autoMode());

    assertThat(
            series(
                "dns_backends",
                and(inventory, Resources.DNS_PODS, List.of(pod("Pending", FARGATE)))))
        .containsExactly("state=notready 0", "state=ready 0");
  }

  @Test
  void unknownEndpointsAreNotNone() {
    var inventory =
        knowing(Resources.SERVICES, List.of(service("kube-system", "kube-dns", Optional.empty())));

    assertThat(series("dns_backends", inventory)).isEmpty();
  }

  @Test
  void withoutTheServiceThereIsNothingToCount() {
    assertThat(series("dns_backends", knowing(Resources.SERVICES, List.of()))).isEmpty();
  }

  private static Inventory withoutBackends() {
    return knowing(
        Resources.SERVICES, List.of(service("kube-system", "kube-dns", Optional.of(List.of()))));
  }

  private static DnsPod pod(String phase, Scheduling scheduling) {
    return new DnsPod("coredns-1", "", "", phase, false, scheduling, "", NOON, "");
  }

  private static Endpoint endpoint(boolean ready, boolean terminating) {
    return new Endpoint("10.0.0.1", ready, terminating, "node-1");
  }

  private static KubeService service(
      String namespace, String name, Optional<List<Endpoint>> endpoints) {
    return new KubeService(
        namespace,
        name,
        "ClusterIP",
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Set.of(),
        endpoints,
        Optional.empty());
  }

  private static EksCluster autoMode() {
    return new EksCluster(
        "demo",
        Optional.empty(),
        Optional.empty(),
        "1.35",
        "vpc-1",
        List.of(),
        true,
        "STANDARD",
        Optional.empty(),
        List.of());
  }

  private static KubeNode node(String name) {
    return new KubeNode(
        name, "eu-central-1a", "i-1", List.of(), ComputeType.AUTO, true, 27, 3, List.of(), NOON);
  }
}
