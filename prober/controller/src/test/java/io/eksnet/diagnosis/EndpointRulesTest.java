package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.AWS_API_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_PRIVATE_DNS_BROKEN;
import static io.eksnet.model.diagnosis.RootCause.ENDPOINT_UNREACHABLE;
import static io.eksnet.model.diagnosis.RootCause.NO_EGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.EndpointKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndpointRulesTest {
  private static final Predicate<SeriesKey> ALL_ENDPOINTS =
      key -> key instanceof EndpointKey || key instanceof StsKey;

  /** A private cluster: an interface endpoint for everything. */
  private static final Scene PRIVATE =
      resolving(
              Map.of("sts", true, "ec2", true, "ecr.api", true, "ecr.dkr", true, "s3", false),
              Scene.healthy())
          .with(
              Resources.VPC_ENDPOINTS,
              List.of(
                  endpoint("sts"),
                  endpoint("ec2"),
                  endpoint("ecr.api"),
                  endpoint("ecr.dkr"),
                  new VpcEndpoint("vpce-s3", "s3", "available", false, List.of())));

  /** A cluster with NAT gateways and no VPC endpoint. */
  private static final Scene PUBLIC =
      resolving(Map.of("sts", false, "ec2", false, "ecr.api", false, "s3", false), Scene.healthy())
          .with(Resources.VPC_ENDPOINTS, List.of());

  @Test
  void findsNothingInHealthyClusters() {
    assertThat(PRIVATE.findings()).isEmpty();
    assertThat(PUBLIC.findings()).isEmpty();
  }

  @Test
  void findsOneFaultForASecurityGroupThatAllVpcEndpointsShare() {
    var closed = PRIVATE.failing(interfaceEndpoints(), "timeout", Phase.CONNECT);

    assertThat(closed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("vpc_endpoint/sts");
              assertThat(finding.affected())
                  .containsExactly(
                      "vpc_endpoint/ec2", "vpc_endpoint/ecr.api", "vpc_endpoint/ecr.dkr");
              assertThat(finding.confidence().label()).isEqualTo("high");
            });
  }

  @Test
  void namesTheVpcEndpointThatFailsAlone() {
    var closed = PRIVATE.failing(new EndpointKey("ecr.api")::equals, "timeout", Phase.CONNECT);

    assertThat(closed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("vpc_endpoint/ecr.api");
              assertThat(finding.excluded())
                  .contains("not these nodes as such: they reach STS, ec2, ecr.dkr and 1 more");
            });
  }

  @Test
  void namesTheAddressOfAVpcEndpointThatFailsAlone() {
    var closed =
        PRIVATE
            .failing(new EndpointKey("ecr.api")::equals, "timeout", Phase.CONNECT)
            .host(
                node -> true,
                host ->
                    with(host, host.privateEndpoints(), Map.of("ecr.api", List.of("10.0.1.7"))));

    assertThat(closed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_UNREACHABLE);
              assertThat(finding.scope()).startsWith("vpc_endpoint/ecr.api/");
              assertThat(finding.evidence().get(0)).contains("10.0.1.7");
              assertThat(finding.excluded().get(0)).contains("not the whole endpoint");
            });
  }

  /** One node of several that does not reach an address is no evidence about the address. */
  @Test
  void namesTheNodeThatDoesNotReachAnAddress() {
    var closed = failingAt("ec2", "10.0.1.7", "n2"::equals, PRIVATE);

    assertThat(closed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("node/n2");
              assertThat(finding.confidence().percent()).isEqualTo(70);
              assertThat(finding.excluded())
                  .contains("not the address itself: it responds to other nodes");
              assertThat(finding.fix()).noneMatch(step -> step.contains("remove"));
            });
  }

  @Test
  void namesTheZoneWhoseNodesDoNotReachAnAddress() {
    var closed = failingAt("ec2", "10.0.1.7", List.of("n1", "n4")::contains, PRIVATE);

    assertThat(closed.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("zone/eu-west-1a");
            });
  }

  /** Nobody can change the addresses of the control plane. */
  @Test
  void findsAnAddressOfTheApiServerThatFailsAlone() {
    for (var isPrivate : List.of(true, false)) {
      var cluster =
          resolving(Map.of("sts", true, "kube-apiserver", isPrivate), Scene.healthy())
              .with(Resources.VPC_ENDPOINTS, List.of(endpoint("sts")));
      var address = isPrivate ? "10.0.1.7" : "192.0.2.7";

      assertThat(failingAt("kube-apiserver", address, node -> true, cluster).findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.cause()).isEqualTo(AWS_API_UNREACHABLE);
                assertThat(finding.scope())
                    .isEqualTo("aws_api/kube-apiserver/" + (isPrivate ? "eu-west-1b" : address));
                assertThat(finding.fix()).noneMatch(step -> step.contains("remove"));
              });
    }
  }

  @Test
  void namesTheNodeThatDoesNotReachAnAddressOfTheApiServer() {
    var cluster = resolving(Map.of("sts", true, "kube-apiserver", true), Scene.healthy());

    assertThat(failingAt("kube-apiserver", "10.0.1.7", "n2"::equals, cluster).findings())
        .singleElement()
        .extracting(Finding::scope)
        .isEqualTo("aws_api/kube-apiserver/n2");
  }

  @Test
  void findsOneFaultForThePrivateDnsOfAllVpcEndpoints() {
    var broken =
        resolving(
            Map.of("sts", false, "ec2", false, "ecr.api", false, "ecr.dkr", false, "s3", false),
            PRIVATE);

    assertThat(broken.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(ENDPOINT_PRIVATE_DNS_BROKEN);
              assertThat(finding.affected()).contains("vpc_endpoint/ecr.api");
            });
  }

  /** The private DNS of S3 is for clients outside of the VPC, unless somebody chose otherwise. */
  @Test
  void expectsPublicAddressesOfS3() {
    var inventory = PRIVATE.evidence().inventory().list(Resources.VPC_ENDPOINTS);
    var endpoints =
        Stream.concat(
            inventory.stream(),
            Stream.of(new VpcEndpoint("v", "s3", "available", true, List.of())));

    assertThat(PRIVATE.with(Resources.VPC_ENDPOINTS, endpoints.toList()).findings()).isEmpty();
  }

  @Test
  void namesTheServiceThatAFirewallBlocks() {
    var blocked = PUBLIC.failing(new EndpointKey("ecr.api")::equals, "timeout", Phase.CONNECT);

    assertThat(blocked.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(AWS_API_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("aws_api/ecr.api");
            });
  }

  @Test
  void findsOneFaultForTheNatGatewayOfAZone() {
    var zone = List.of("n1", "n4");
    var cut = PUBLIC.failing(zone::contains, ALL_ENDPOINTS, "timeout", Phase.CONNECT);

    assertThat(cut.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(NO_EGRESS);
              assertThat(finding.scope()).isEqualTo("zone/eu-west-1a");
            });
  }

  @Test
  void namesTheGatewayEndpointOfS3WhoseRouteIsMissing() {
    var cut = PRIVATE.failing(new EndpointKey("s3")::equals, "timeout", Phase.CONNECT);

    assertThat(cut.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(AWS_API_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("aws_api/s3");
              assertThat(finding.evidence()).anyMatch(line -> line.contains("vpce-s3"));
            });
  }

  /** Behind a proxy nodes reach nothing directly, and all is well. */
  @Test
  void ignoresAnApiThatNobodyReachesWhileItsUsersAreHealthy() {
    var cut =
        resolving(Map.of("sts", true, "ec2", false), Scene.healthy())
            .with(Resources.VPC_ENDPOINTS, List.of(endpoint("sts")))
            .failing(new EndpointKey("ec2")::equals, "timeout", Phase.CONNECT);

    assertThat(cut.findings()).isEmpty();
    assertThat(
            cut.with(Resources.COMPONENTS, List.of(cni(3))).findings().stream()
                .map(finding -> finding.scope()))
        .contains("aws_api/ec2");
  }

  @Test
  void findsAnApiServerThatANodeDoesNotReach() {
    var cut =
        resolving(Map.of("sts", true, "kube-apiserver", true), Scene.healthy())
            .failing(
                "n2"::equals, new EndpointKey("kube-apiserver")::equals, "timeout", Phase.CONNECT);

    assertThat(cut.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.cause()).isEqualTo(AWS_API_UNREACHABLE);
              assertThat(finding.scope()).isEqualTo("aws_api/kube-apiserver/n2");
              assertThat(finding.fix().get(0)).contains("security group of the cluster");
            });
  }

  @Test
  void ignoresRefusedAndResetConnections() {
    for (var outcome : List.of("conn_refused", "reset", "tls_untrusted")) {
      assertThat(PRIVATE.failing(ALL_ENDPOINTS, outcome, Phase.CONNECT).findings()).isEmpty();
    }
  }

  /** On some nodes one of several addresses of an endpoint does not respond. */
  private static Scene failingAt(
      String service, String address, Predicate<String> nodes, Scene scene) {
    return scene
        .failing(nodes, new EndpointKey(service)::equals, "timeout", Phase.CONNECT)
        .host(
            nodes, host -> with(host, host.privateEndpoints(), Map.of(service, List.of(address))));
  }

  private static Predicate<SeriesKey> interfaceEndpoints() {
    return ALL_ENDPOINTS.and(key -> !key.equals(new EndpointKey("s3")));
  }

  private static VpcEndpoint endpoint(String service) {
    return new VpcEndpoint("vpce-" + service, service, "available", true, List.of());
  }

  private static Component cni(int ready) {
    return new Component(
        "aws-node",
        "kube-system",
        "aws-node",
        6,
        ready,
        false,
        ReconcileCause.OTHER,
        "",
        Optional.of("arn:aws:iam::111122223333:role/cni"),
        Set.of(CredentialSource.NONE));
  }

  /** All nodes probe these services successfully, and resolve them privately or publicly. */
  private static Scene resolving(Map<String, Boolean> privately, Scene scene) {
    return scene
        .agents(agent -> probing(privately.keySet(), agent))
        .host(node -> true, host -> with(host, privately, Map.of()));
  }

  private static AgentReport probing(Set<String> services, AgentReport agent) {
    var windows = new HashMap<SeriesKey, ResultWindow>();
    agent.windows().forEach(window -> windows.put(window.key(), window));
    services.stream()
        .filter(service -> !service.equals("sts"))
        .map(EndpointKey::new)
        .forEach(key -> windows.put(key, healthy(key)));
    return new AgentReport(agent.node(), agent.zone(), List.copyOf(windows.values()), agent.host());
  }

  private static ResultWindow healthy(SeriesKey key) {
    return new ResultWindow(
        key,
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Result(
                        Scene.NOW.minusSeconds(2 + 15L * i),
                        "success",
                        Phase.TLS,
                        0,
                        false,
                        false,
                        3,
                        Map.of()))
            .toList());
  }

  private static HostReport with(
      HostReport host, Map<String, Boolean> privately, Map<String, List<String>> failing) {
    return new HostReport(
        host.nameserversOk(),
        host.podIdentityAgent(),
        host.ipamd(),
        host.pool(),
        host.allowances(),
        privately,
        failing);
  }
}
