package io.eksnet.plan;

import static io.eksnet.plan.Cluster.SUITES;
import static io.eksnet.plan.Cluster.agents;
import static io.eksnet.plan.Cluster.fleet;
import static io.eksnet.plan.Cluster.suites;
import static io.eksnet.plan.Cluster.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.config.EndpointsSuite;
import io.eksnet.config.Suites;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointCallsTest {
  private static final Inventory CLUSTER = agents(fleet(3, 3));

  @Test
  void callsNothingThatNothingUses() {
    assertThat(calls(CLUSTER)).isEmpty();
  }

  @Test
  void callsWhatComponentsUse() {
    var components =
        List.of(
            component("aws-node", CredentialSource.NONE),
            component("aws-load-balancer-controller", CredentialSource.IRSA),
            component("external-dns", CredentialSource.STATIC));

    assertThat(calls(with(CLUSTER, Resources.COMPONENTS, components)))
        .containsExactly(
            new EndpointCall("ec2", "ec2.eu-central-1.amazonaws.com", false),
            new EndpointCall(
                "elasticloadbalancing", "elasticloadbalancing.eu-central-1.amazonaws.com", false));
  }

  @Test
  void callsTheCredentialsEndpointOfPodsWithPodIdentity() {
    var components = List.of(component("external-dns", CredentialSource.POD_IDENTITY));

    assertThat(calls(with(CLUSTER, Resources.COMPONENTS, components)))
        .extracting(EndpointCall::host)
        .containsExactly("eks-auth.eu-central-1.api.aws", "route53.amazonaws.com");
  }

  @Test
  void callsTheRegistryOfTheRegionAndTheStorageOfItsLayers() {
    var registries =
        List.of(
            "111122223333.dkr.ecr.us-east-1.amazonaws.com",
            "602401143452.dkr.ecr.eu-central-1.amazonaws.com",
            "public.ecr.aws");

    assertThat(calls(with(CLUSTER, Resources.IMAGE_REGISTRIES, registries)))
        .containsExactly(
            new EndpointCall("ecr.api", "api.ecr.eu-central-1.amazonaws.com", false),
            new EndpointCall("ecr.dkr", "602401143452.dkr.ecr.eu-central-1.amazonaws.com", false),
            new EndpointCall("s3", "s3.eu-central-1.amazonaws.com", false));
    assertThat(calls(with(CLUSTER, Resources.IMAGE_REGISTRIES, List.of("docker.io")))).isEmpty();
  }

  @Test
  void callsNothingForComponentsWithoutPods() {
    var components =
        List.of(
            component("karpenter", CredentialSource.POD_IDENTITY, 0),
            component("external-dns", CredentialSource.IRSA, 1));

    assertThat(calls(with(CLUSTER, Resources.COMPONENTS, components)))
        .extracting(EndpointCall::service)
        .containsExactly("route53");
  }

  @Test
  void reportsTheRegistryOfTheSettingsThatNoImageNames() {
    var suites = withEndpoints("ecr.dkr", "logs");
    var plan = FleetPlan.of(suites, CLUSTER);

    assertThat(calls(plan.forNode("n-0").orElseThrow()))
        .extracting(EndpointCall::service)
        .containsExactly("logs");
    assertThat(plan.errors())
        .extracting(ValidationError::object, ValidationError::field)
        .contains(tuple("AWS endpoint ecr.dkr", "suites.endpoints.services"));
    var registries = List.of("602401143452.dkr.ecr.eu-central-1.amazonaws.com");
    assertThat(FleetPlan.of(suites, with(CLUSTER, Resources.IMAGE_REGISTRIES, registries)).errors())
        .extracting(ValidationError::object)
        .doesNotContain("AWS endpoint ecr.dkr");
  }

  @Test
  void callsEachAddressOfAnInterfaceEndpoint() {
    var inventory =
        with(
            with(
                CLUSTER,
                Resources.IMAGE_REGISTRIES,
                List.of("602401143452.dkr.ecr.eu-central-1.amazonaws.com")),
            Resources.VPC_ENDPOINTS,
            List.of(
                new VpcEndpoint("vpce-1", "ecr.api", "available", true, List.of()),
                new VpcEndpoint("vpce-2", "ecr.dkr", "available", false, List.of()),
                new VpcEndpoint("vpce-3", "s3", "available", true, List.of())));

    assertThat(calls(inventory))
        .extracting(EndpointCall::service, EndpointCall::eachAddress)
        .containsExactly(tuple("ecr.api", true), tuple("ecr.dkr", false), tuple("s3", false));
  }

  @Test
  void callsTheApiEndpointOfTheCluster() {
    var cluster =
        new EksCluster(
            "demo",
            Optional.empty(),
            Optional.of("0A1B.gr7.eu-central-1.eks.amazonaws.com"),
            "1.35",
            "vpc-1",
            List.of(),
            false,
            "STANDARD",
            Optional.empty(),
            List.of());

    assertThat(calls(with(CLUSTER, Resources.CLUSTER, cluster)))
        .containsExactly(
            new EndpointCall("kube-apiserver", "0A1B.gr7.eu-central-1.eks.amazonaws.com", false));
  }

  @Test
  void keepsTheCallsWhileTheComponentsAreNotYetRead() {
    var plan = FleetPlan.of(SUITES, agents(Inventory.EMPTY, fleet(1, 1)));

    assertThat(plan.forNode("n-0").orElseThrow().kept()).contains(Suite.ENDPOINTS);
  }

  private static Suites withEndpoints(String... services) {
    return new Suites(
        SUITES.dns(),
        SUITES.service(),
        SUITES.pod(),
        SUITES.target(),
        SUITES.lb(),
        SUITES.sts(),
        new EndpointsSuite(SUITES.endpoints().schedule(), List.of(services), Optional.empty()),
        SUITES.identity(),
        SUITES.ipamd(),
        SUITES.ena());
  }

  /** The calls that every agent has. */
  private static List<EndpointCall> calls(Inventory inventory) {
    var plan = FleetPlan.of(suites(3, 3), inventory);
    assertThat(plan.errors()).isEmpty();
    var byAgent = plan.byNode().values().stream().map(EndpointCallsTest::calls).distinct().toList();
    assertThat(byAgent).hasSize(1);
    return byAgent.get(0);
  }

  private static List<EndpointCall> calls(AgentPlan plan) {
    return plan.assignments().stream()
        .filter(EndpointCall.class::isInstance)
        .map(EndpointCall.class::cast)
        .toList();
  }

  private static Component component(String name, CredentialSource credentials) {
    return component(name, credentials, 2);
  }

  private static Component component(String name, CredentialSource credentials, int desired) {
    return new Component(
        name,
        "kube-system",
        name,
        desired,
        desired,
        false,
        ReconcileCause.OTHER,
        "",
        Optional.empty(),
        Set.of(credentials));
  }
}
