package io.eksnet.diagnosis;

import static io.eksnet.model.diagnosis.RootCause.IMAGE_PULL_BLOCKED;
import static io.eksnet.model.diagnosis.RootCause.NODE_CNI_NOT_READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.inventory.ImagePullFailure;
import io.eksnet.model.inventory.ImagePullFailure.Reason;
import io.eksnet.model.inventory.NotReadyNode;
import io.eksnet.model.inventory.NotReadyReason;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.RouteTable;
import io.eksnet.model.inventory.RouteTable.Route;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.VpcEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePullBlockedTest {
  private static final String ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  private static final String LAYERS =
      "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com";

  private static ImagePullFailure failure(String host, Reason reason, String... nodes) {
    return new ImagePullFailure(
        host, reason, List.of(nodes), nodes.length, "dial tcp 192.0.2.1:443: i/o timeout");
  }

  private static Scene scene(ImagePullFailure... failures) {
    return Scene.healthy().with(Resources.IMAGE_PULL_FAILURES, List.of(failures));
  }

  private static Finding only(Scene scene) {
    var found = scene.findings();
    assertThat(found).extracting(Finding::cause).containsExactly(IMAGE_PULL_BLOCKED);
    return found.get(0);
  }

  private static List<String> causes(Scene scene) {
    return Causality.causes(scene.findings()).stream()
        .map(finding -> finding.cause().label() + " " + finding.scope())
        .toList();
  }

  private static VpcEndpoint endpoint(String service) {
    return new VpcEndpoint("vpce-" + service, service, "available", true, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com, registry/ecr.dkr",
    "111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com, registry/ecr.dkr",
    "111122223333.dkr-ecr.eu-west-1.on.aws, registry/ecr.dkr",
    "api.ecr.eu-west-1.amazonaws.com, registry/ecr.api",
    "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com, registry/s3",
    "prod-us-east-1-starport-layer-bucket.s3.amazonaws.com, registry/s3",
    "s3.cn-north-1.amazonaws.com.cn, registry/s3",
    "public.ecr.aws, registry/public.ecr.aws",
    "quay.io, registry/quay.io",
    "registry.example:5000, registry/registry.example:5000",
  })
  void isOneFindingForEachServiceOrHost(String host, String scope) {
    var found =
        only(scene(failure(host, Reason.NO_RESPONSE, "n1"), failure(host, Reason.REFUSED, "n2")));

    assertThat(found.scope()).isEqualTo(scope);
    assertThat(found.confidence().percent()).isEqualTo(85);
    assertThat(found.holdFor()).isEqualTo(Duration.ofMinutes(2));
    assertThat(found.evidence())
        .contains(
            "1 pods on n1 wait for images from " + host + ": no response or no route",
            "1 pods on n2 wait for images from " + host + ": connections are refused");
  }

  @Test
  void isSilentWithoutFailures() {
    assertThat(scene().findings()).isEmpty();
    assertThat(Scene.healthy().without(Resources.IMAGE_PULL_FAILURES).findings()).isEmpty();
  }

  @Test
  void namesRouteTablesWithoutARouteToS3() {
    var cut = routed(scene(failure(LAYERS, Reason.NO_RESPONSE, "n1", "n2")), "10.0.0.0/16");

    var found = only(cut.with(Resources.VPC_ENDPOINTS, List.of(endpoint("logs"))));
    assertThat(found.confidence().percent()).isEqualTo(95);
    assertThat(found.evidence()).contains("rtb-1: no route to s3, and none to 0.0.0.0/0");
    assertThat(found.fix().get(0)).startsWith("add a gateway endpoint for s3 to rtb-1");

    var unassociated = only(cut.with(Resources.VPC_ENDPOINTS, List.of(endpoint("s3"))));
    assertThat(unassociated.fix().get(0)).startsWith("check that vpce-s3 is associated with rtb-1");
  }

  @Test
  void doesNotBlameRoutesThatExistOrAreUnknown() {
    var scene = scene(failure(LAYERS, Reason.NO_RESPONSE, "n1"));

    assertThat(only(routed(scene, "0.0.0.0/0")).confidence().percent()).isEqualTo(85);
    assertThat(only(routed(scene, "pl-6da54004")).confidence().percent()).isEqualTo(85);
    assertThat(
            only(routed(scene, "10.0.0.0/16").without(Resources.ROUTE_TABLES))
                .confidence()
                .percent())
        .isEqualTo(85);
    assertThat(
            only(routed(scene, "10.0.0.0/16").without(Resources.VPC_ENDPOINTS))
                .confidence()
                .percent())
        .isEqualTo(85);
  }

  private static Scene routed(Scene scene, String destination) {
    return scene
        .with(
            Resources.SUBNETS,
            Stream.of("a", "b", "c")
                .map(
                    zone ->
                        new Subnet(
                            "subnet-" + zone,
                            "eu-west-1" + zone,
                            "10.0.9.0/24",
                            100,
                            Set.of(SubnetRole.NODE),
                            Map.of(),
                            List.of()))
                .toList())
        .with(Resources.VPC_ENDPOINTS, List.of(endpoint("logs")))
        .with(
            Resources.ROUTE_TABLES,
            List.of(
                new RouteTable(
                    "rtb-1", true, List.of(), List.of(new Route(destination, "vpce-1", true)))));
  }

  @Test
  void isLessConfidentAboutNamesThatDoNotExist() {
    var misspelled =
        new ImagePullFailure(
            "quai.io", Reason.UNRESOLVED, List.of("n1"), 1, "lookup quai.io: no such host");

    var found = only(scene(misspelled));
    assertThat(found.confidence().label()).isEqualTo("medium");
    assertThat(found.fix().get(0)).startsWith("check the name of the registry");
    assertThat(only(scene(failure(ECR, Reason.UNRESOLVED, "n1"))).confidence().label())
        .isEqualTo("high");
  }

  /** Two faults: the endpoint of STS, and a registry in the Internet. */
  @Test
  void isAConsequenceOfFaultsOfItsServiceOnly() {
    var publicly =
        scene(failure("quay.io", Reason.NO_RESPONSE, "n1"), failure(ECR, Reason.NO_RESPONSE, "n2"))
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);
    var privately =
        publicly.host(
            node -> true,
            host ->
                new HostReport(
                    host.nameserversOk(),
                    host.podIdentityAgent(),
                    host.ipamd(),
                    host.pool(),
                    host.allowances(),
                    Map.of("sts", true),
                    Map.of()));

    assertThat(causes(publicly)).as("no way to the Internet").containsExactly("no_egress cluster");
    assertThat(causes(privately))
        .containsExactlyInAnyOrder(
            "endpoint_unreachable vpc_endpoint/sts",
            "image_pull_blocked registry/ecr.dkr",
            "image_pull_blocked registry/quay.io");
  }

  @Test
  void explainsNodesWhoseCniIsNotPulled() {
    var waiting =
        scene(failure(ECR, Reason.NO_RESPONSE, "n2"))
            .with(
                Resources.NOT_READY_NODES,
                List.of(
                    new NotReadyNode(
                        "n2",
                        Scene.zone("n2"),
                        NotReadyReason.CNI_NOT_INITIALIZED,
                        "cni plugin not initialized",
                        Scene.LONG_AGO)));

    assertThat(waiting.causes()).contains(NODE_CNI_NOT_READY);
    assertThat(causes(waiting)).containsExactly("image_pull_blocked registry/ecr.dkr");
    assertThat(
            causes(
                waiting.with(
                    Resources.IMAGE_PULL_FAILURES,
                    List.of(failure(ECR, Reason.NO_RESPONSE, "n3")))))
        .as("another node")
        .contains("node_cni_not_ready node/n2");
  }
}
