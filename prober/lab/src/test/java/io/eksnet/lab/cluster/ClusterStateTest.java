package io.eksnet.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.lab.cluster.AwsResource.Addon;
import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.AwsResource.Subnet;
import io.eksnet.lab.cluster.KubeResource.KubeEvent;
import io.eksnet.lab.cluster.KubeResource.KubeService;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStateTest {
  private static final String SUBNET = TestClusters.PRIVATE_SUBNET_A;

  private final ClusterState healthy = TestClusters.healthy();

  @Test
  void aChangeGivesAnotherStateAndLeavesTheOldOneAlone() {
    var next =
        healthy.change("{set: Subnet, where: {id: %s}, to: {available: 3}}".formatted(SUBNET));

    assertThat(next.get(Subnet.class, SUBNET).available()).isEqualTo(3);
    assertThat(healthy.get(Subnet.class, SUBNET).available()).isGreaterThan(8000);
    assertThat(next.all(Subnet.class)).hasSize(6);
    assertThat(next.without(Subnet.class, SUBNET).all(Subnet.class)).hasSize(5);
    assertThat(next.change("{remove: Subnet}").all(Subnet.class)).isEmpty();
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> healthy.get(Addon.class, "cornedns"))
        .hasMessage(
            "no Addon \"cornedns\"; [vpc-cni, coredns, kube-proxy, eks-pod-identity-agent]");
  }

  @Test
  void aServiceHasThePodsItSelects() {
    var backend = healthy.get(KubeService.class, "shop/backend");

    assertThat(backend.backends(healthy))
        .extracting(Pod::name)
        .containsExactly("backend-6b7c8d9f4-3", "backend-6b7c8d9f4-4", "backend-6b7c8d9f4-5");
  }

  @Test
  void everyPodIsInItsSubnetAndOnOneInterface() {
    for (var pod : healthy.all(Pod.class)) {
      var node = healthy.get(Node.class, pod.node());
      var subnet = healthy.get(Subnet.class, node.subnetId());
      assertThat(Ipv4Range.parse(subnet.cidr()).contains(Ipv4Range.parse(pod.ip()))).isTrue();
      assertThat(healthy.all(Eni.class).stream().filter(e -> e.addresses().contains(pod.ip())))
          .as(pod.key())
          .hasSize(1);
    }
  }

  @Test
  void availableIsWhatInterfacesLeave() {
    var subnet = healthy.get(Subnet.class, SUBNET);
    long used =
        healthy.all(Eni.class).stream()
            .filter(eni -> eni.subnetId().equals(SUBNET))
            .flatMap(eni -> eni.addresses().stream())
            .distinct()
            .count();

    assertThat(subnet.available()).isEqualTo((int) (8192 - 5 - used));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/16, 10.0.255.255, true",
    "10.0.0.0/16, 10.1.0.0, false",
    "10.0.0.16/28, 10.0.0.31, true",
    "10.0.0.16/28, 10.0.0.32, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "10.0.0.0/24, 10.0.0.0/16, false",
    "200.1.2.3/32, 200.1.2.3, true"
  })
  void rangesContainWhatIsInThem(String range, String other, boolean inside) {
    assertThat(Ipv4Range.parse(range).contains(Ipv4Range.parse(other))).isEqualTo(inside);
  }

  @Test
  void anEventKnowsWhatItIsAbout() {
    var events =
        healthy
            .change(
                """
                - {add: KubeEvent, as: {name: web.1, about: Ingress shop/web}}
                - {add: KubeEvent, as: {name: n1.1, about: Node n1}}
                """)
            .all(KubeEvent.class);

    assertThat(events)
        .extracting(KubeEvent::key, KubeEvent::kind, KubeEvent::namespace, KubeEvent::object)
        .contains(
            tuple("shop/web.1", "Ingress", "shop", "web"),
            tuple("default/n1.1", "Node", "default", "n1"));
  }
}
