package io.eksnet.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.AdmissionWebhook;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.GatewayListener;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeDeployment;
import io.eksnet.model.inventory.NatGateway;
import io.eksnet.model.inventory.NetworkAcl;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.VpcDns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InventoryDiffTest {
  private static final Instant START = Instant.parse("2026-11-29T02:58:10Z");
  private static final String AUTOSCALER = "kube-controller-manager";

  /** What an autoscaler does is part of normal operation. */
  @ParameterizedTest
  @CsvSource({
    "kubectl, kubectl, true",
    AUTOSCALER + ", kubectl, true",
    "kubectl, " + AUTOSCALER + ", false",
    AUTOSCALER + ", " + AUTOSCALER + ", false",
  })
  void scalingIsAChangeUnlessAnAutoscalerDidIt(String before, String after, boolean isChange) {
    var changes = InventoryDiff.between(scaled(0, 5, before), scaled(60, 0, after));

    assertThat(changes)
        .extracting(Change::text)
        .isEqualTo(
            isChange ? List.of("deployment/shop/web: replicas: 5 to 0 by " + after) : List.of());
  }

  static Stream<Arguments> whatPeopleChange() {
    return Stream.of(
        arguments(
            "route_table/rtb-1: routes: 0.0.0.0/0 to nat-1 removed",
            Resources.ROUTE_TABLES,
            List.of(table(LOCAL, new RouteTable.Route("0.0.0.0/0", "nat-1", true))),
            List.of(table(LOCAL))),
        arguments(
            "network_acl/acl-1: rules: 90 ingress from 10.0.0.0/16 deny protocol 6 ports 8080-8080"
                + " added",
            Resources.NETWORK_ACLS,
            List.of(acl(ALLOW)),
            List.of(
                acl(new NetworkAcl.Entry(90, false, false, 6, "10.0.0.0/16", 8080, 8080), ALLOW))),
        arguments(
            "nat_gateway/nat-1 removed",
            Resources.NAT_GATEWAYS,
            List.of(new NatGateway("nat-1", "subnet-1", true, "available", "")),
            List.of(new NatGateway("nat-1", "subnet-1", true, "deleting", ""))),
        arguments(
            "vpc: enableDnsHostnames: true to false",
            Resources.VPC_DNS,
            new VpcDns(true, true),
            new VpcDns(true, false)),
        arguments(
            "addon/vpc-cni: version: v1.19.0-eksbuild.1 to v1.21.1-eksbuild.1",
            Resources.ADDONS,
            List.of(addon("v1.19.0-eksbuild.1")),
            List.of(addon("v1.21.1-eksbuild.1"))),
        arguments(
            "gateway/shop/web: listeners: HTTPS 443 shop.example to HTTPS 8443 shop.example",
            Resources.GATEWAYS,
            List.of(gateway(443)),
            List.of(gateway(8443))),
        arguments(
            "httproute/shop/web: rules: / to shop/web:80 to / to shop/web2:80",
            Resources.GATEWAY_ROUTES,
            List.of(route("web")),
            List.of(route("web2"))),
        arguments(
            "webhook/elb/mservice.elbv2.k8s.aws: required: false to true",
            Resources.ADMISSION_WEBHOOKS,
            List.of(webhook(false)),
            List.of(webhook(true))));
  }

  @ParameterizedTest
  @MethodSource("whatPeopleChange")
  <T> void findsWhatPeopleChange(String text, Resource<T> resource, T before, T after) {
    assertThat(InventoryDiff.between(known(resource, before, 0), known(resource, after, 60)))
        .extracting(Change::text)
        .containsExactly(text);
    assertThat(InventoryDiff.between(known(resource, before, 0), known(resource, before, 60)))
        .isEmpty();
  }

  /** A route becomes a black hole, and a gateway is created, by what happens elsewhere. */
  @Test
  void stateIsNoChange() {
    var route = new RouteTable.Route("0.0.0.0/0", "nat-1", true);
    var blackHole = new RouteTable.Route("0.0.0.0/0", "nat-1", false);
    assertThat(
            InventoryDiff.between(
                known(Resources.ROUTE_TABLES, List.of(table(route)), 0),
                known(Resources.ROUTE_TABLES, List.of(table(blackHole)), 60)))
        .isEmpty();
    assertThat(
            InventoryDiff.between(
                known(
                    Resources.NAT_GATEWAYS,
                    List.of(new NatGateway("nat-1", "subnet-1", true, "pending", "")),
                    0),
                known(
                    Resources.NAT_GATEWAYS,
                    List.of(new NatGateway("nat-1", "subnet-1", true, "available", "")),
                    60)))
        .isEmpty();
  }

  private static final RouteTable.Route LOCAL = new RouteTable.Route("10.0.0.0/16", "local", true);
  private static final NetworkAcl.Entry ALLOW =
      new NetworkAcl.Entry(100, false, true, -1, "0.0.0.0/0", 0, 65_535);

  private static RouteTable table(RouteTable.Route... routes) {
    return new RouteTable("rtb-1", true, List.of(), List.of(routes));
  }

  private static NetworkAcl acl(NetworkAcl.Entry... entries) {
    return new NetworkAcl("acl-1", true, List.of(), List.of(entries));
  }

  private static Addon addon(String version) {
    return new Addon("vpc-cni", Optional.of("ACTIVE"), Optional.of(version), List.of());
  }

  private static Gateway gateway(int port) {
    return new Gateway(
        "shop",
        "web",
        "alb",
        Scheme.INTERNAL,
        false,
        List.of(new GatewayListener("web", port, "HTTPS", "shop.example", List.of())),
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        START);
  }

  private static GatewayRoute route(String service) {
    return new GatewayRoute(
        "HTTPRoute",
        "shop",
        "web",
        List.of(),
        List.of(new GatewayRoute.Parent("shop", "web", "", 0, List.of())),
        List.of(
            new GatewayRoute.Rule(
                GatewayRoute.PathMatch.PREFIX,
                "/",
                true,
                false,
                List.of(new GatewayRoute.Backend("shop", service, 80)))),
        Map.of(),
        START);
  }

  private static AdmissionWebhook webhook(boolean required) {
    return new AdmissionWebhook(
        "mservice.elbv2.k8s.aws",
        "elb",
        "kube-system",
        "webhook-service",
        443,
        required,
        Optional.empty());
  }

  private static <T> Inventory known(Resource<T> resource, T value, int second) {
    return Inventory.EMPTY.with(
        resource, Snapshot.of(value, START.plusSeconds(second), Duration.ofMinutes(1)));
  }

  private static Inventory scaled(int second, int replicas, String manager) {
    return Inventory.EMPTY.with(
        Resources.DEPLOYMENTS,
        Snapshot.of(
            List.of(new KubeDeployment("shop", "web", replicas, List.of(), "", manager)),
            START.plusSeconds(second),
            Duration.ofMinutes(1)));
  }
}
