package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.RequestPath.Box;
import io.eksnet.controller.page.RequestPath.Hop;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.web.Views;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
  @Test
  void isWholeInAHealthyCluster() {
    var path = RequestPath.of(Views.healthy(3));

    assertThat(path.broken()).isEmpty();
    assertThat(path.bypass()).isFalse();
    assertThat(path.boxes())
        .allMatch(Box::reached)
        .allMatch(box -> box.state() == HealthState.HEALTHY || box.state() == HealthState.NONE);
    assertThat(path.description())
        .contains("DNS: CoreDNS 2 of 2 ready", "Node: 3 of 3 ready, 3 zones");
  }

  @Test
  void showsNothingAsWorkingWithoutData() {
    assertThat(RequestPath.of(Views.NOTHING).boxes())
        .noneMatch(box -> box.state() == HealthState.HEALTHY);
  }

  @ParameterizedTest
  @CsvSource({
    "COREDNS_NOT_READY, cluster, DNS",
    "SECURITY_GROUP_BLOCKS_TARGET, target_group/k8s-shop-web, TARGET_GROUP",
    "LB_RECONCILE_FAILING, targetgroupbinding/shop/web, TARGET_GROUP",
    "LB_PROVISIONING, ingress/shop/web, LOAD_BALANCER",
    "ZONE_OR_NODE_PARTITION, zone/eu-west-1a, NODE",
  })
  void breaksAtTheHopOfTheFirstCause(RootCause cause, String scope, Hop hop) {
    var path = RequestPath.of(with(cause, scope));

    assertThat(path.boxes()).filteredOn(Box::breaks).extracting(Box::hop).containsExactly(hop);
    assertThat(path.boxes())
        .filteredOn(Box::reached)
        .extracting(Box::hop)
        .doesNotContain(Hop.values()[Hop.values().length - 1]);
    assertThat(path.description()).contains("Broken here");
  }

  @ParameterizedTest
  @CsvSource({
    "CREDENTIALS_NOT_ASSOCIATED, component/kube-system/ebs",
    "PROBER_TROUBLE, cluster",
    "POD_SLOTS_FULL, cluster",
    "INGRESS_DNS_MISMATCH, ingress/shop/web",
    "COREDNS_REPLICA_SICK, pod/coredns-1",
    "IPAMD_DOWN, node/ip-10-0-0-1",
    "SUBNET_EXHAUSTED, subnet/subnet-1",
  })
  void isWholeIfTheCauseIsBesideIt(RootCause cause, String scope) {
    assertThat(RequestPath.of(with(cause, scope)).broken()).isEmpty();
  }

  @Test
  void requestsReachThePodsWhoseApplicationFails() {
    var path = RequestPath.of(with(RootCause.APPLICATION_ERROR, "lb/k8s-shop"));

    assertThat(path.boxes()).filteredOn(Box::breaks).extracting(Box::hop).containsExactly(Hop.POD);
    assertThat(path.boxes()).allMatch(Box::reached);
    assertThat(path.bypass()).isFalse();
  }

  @Test
  void showsThatAgentsReachPodsBehindTheBreakButNotWithoutDns() {
    assertThat(RequestPath.of(with(RootCause.LB_PROVISIONING, "ingress/shop/web")).bypass())
        .isTrue();
    assertThat(RequestPath.of(with(RootCause.COREDNS_NOT_READY, "cluster")).bypass()).isFalse();
  }

  @Test
  void boxesDoNotOverlap() {
    var path = RequestPath.of(Views.incident(12));

    for (var i = 1; i < path.boxes().size(); i++) {
      assertThat(path.boxes().get(i).y()).isGreaterThan(path.boxes().get(i - 1).end());
    }
    assertThat(path.boxes().get(5).end()).isLessThan(path.height());
  }

  private static ClusterView with(RootCause cause, String scope) {
    return Views.with(
        Views.healthy(3),
        List.of(Finding.builder(cause, scope, 90).evidence("e").fix("f").build()));
  }
}
