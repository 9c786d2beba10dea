package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.ServiceKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.policy.LabelSelector;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import io.eksnet.model.policy.NetworkPolicy.IpBlock;
import io.eksnet.model.policy.NetworkPolicy.Peer;
import io.eksnet.model.policy.NetworkPolicy.Port;
import io.eksnet.model.policy.NetworkPolicy.Rule;
import io.eksnet.model.policy.PodGroup;
import io.eksnet.model.policy.PodGroup.NamedPort;
import io.eksnet.model.policy.PolicyEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPolicyRulesTest {
  private static final NetworkPolicy DENY_EGRESS_OF_AGENTS =
      policy("eksnet", "deny", false, true, List.of(), List.of());
  private static final NetworkPolicy DENY_SHOP =
      policy("shop", "deny", true, false, List.of(), List.of());

  private static NetworkPolicy policy(
      String namespace,
      String name,
      boolean ingress,
      boolean egress,
      List<Rule> in,
      List<Rule> out) {
    return new NetworkPolicy(namespace, name, LabelSelector.ALL, ingress, egress, in, out);
  }

  private static Peer block(String cidr) {
    return new Peer(Optional.empty(), Optional.empty(), Optional.of(new IpBlock(cidr, List.of())));
  }

  private static Scene scene(PolicyEngine engine, NetworkPolicy... policies) {
    return Scene.healthy()
        .with(
            Resources.NETWORK_POLICIES,
            new NetworkPolicies(
                engine,
                List.of(policies),
                Map.of(),
                List.of(
                    group("eksnet", 9853, List.of("10.0.9.1")),
                    group("kube-system", 53, Scene.DNS_IPS),
                    group("shop", 8080, Scene.TARGET_IPS))));
  }

  private static PodGroup group(String namespace, int port, List<String> addresses) {
    return new PodGroup(
        namespace,
        Map.of(),
        false,
        List.of(new NamedPort("main", "TCP", port), new NamedPort("udp", "UDP", port)),
        addresses);
  }

  private static boolean isShop(SeriesKey key) {
    return key instanceof ServiceKey service && service.service().equals("web");
  }

  private static Optional<Finding> blocks(Scene scene) {
    return scene.findings().stream()
        .filter(finding -> finding.cause() == RootCause.NETWORK_POLICY_BLOCKS)
        .findFirst();
  }

  @Test
  void isSilentWhereDeniedPathsAreNotBroken() {
    assertThat(scene(PolicyEngine.VPC_CNI, DENY_SHOP, DENY_EGRESS_OF_AGENTS).findings()).isEmpty();
    assertThat(scene(PolicyEngine.VPC_CNI_STRICT).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "VPC_CNI, 90",
    "CALICO, 80",
    "CILIUM, 80",
    "UNKNOWN, 60",
  })
  void isAsConfidentAsItsKnowledgeOfTheEngine(PolicyEngine engine, int percent) {
    var broken =
        scene(engine, DENY_SHOP).failing(NetworkPolicyRulesTest::isShop, "timeout", Phase.CONNECT);

    var finding = blocks(broken).orElseThrow();
    assertThat(finding.confidence().percent()).isEqualTo(percent);
    assertThat(finding.scope()).isEqualTo("namespace/shop");
    assertThat(finding.evidence())
        .contains(
            "pods of namespace shop are isolated by NetworkPolicy shop/deny",
            "no rule allows TCP port 8080 from the agents of namespace eksnet",
            "connections to Services time out on 6 of 6 nodes");
    assertThat(finding.affected()).containsExactly("service/shop/web");
    assertThat(finding.fix())
        .containsExactly(
            "allow ingress from the agents of namespace eksnet, TCP port 8080, in a NetworkPolicy"
                + " of namespace shop",
            "kubectl -n shop describe networkpolicy deny");
  }

  @Test
  void isSilentWhereNothingEnforcesPolicies() {
    assertThat(
            blocks(
                scene(PolicyEngine.NONE, DENY_SHOP)
                    .failing(NetworkPolicyRulesTest::isShop, "timeout", Phase.CONNECT)))
        .isEmpty();
  }

  @Test
  void isSilentWhereConnectionsAreAcceptedAndTheEngineIsUnknown() {
    assertThat(
            blocks(
                scene(PolicyEngine.UNKNOWN, DENY_SHOP)
                    .failing(NetworkPolicyRulesTest::isShop, "timeout", Phase.PROCESSING)))
        .isEmpty();
  }

  @Test
  void isSilentAboutConnectionsThatAreRefused() {
    assertThat(
            blocks(
                scene(PolicyEngine.VPC_CNI, DENY_SHOP)
                    .failing(NetworkPolicyRulesTest::isShop, "conn_refused", Phase.CONNECT)))
        .isEmpty();
  }

  /** Policies are the same for all nodes: something else is wrong with one. */
  @Test
  void isSilentWhereTheSamePathWorksOnOtherNodes() {
    assertThat(
            blocks(
                scene(PolicyEngine.VPC_CNI, DENY_SHOP)
                    .failing(
                        "n2"::equals, NetworkPolicyRulesTest::isShop, "timeout", Phase.CONNECT)))
        .isEmpty();
  }

  @Test
  void isSilentWhereARuleAllowsThePath() {
    var allowed =
        policy(
            "shop",
            "allow",
            true,
            false,
            List.of(
                new Rule(List.of(block("10.0.9.0/24")), List.of(new Port("TCP", "", 8080, 8080)))),
            List.of());

    assertThat(
            blocks(
                scene(PolicyEngine.VPC_CNI, DENY_SHOP, allowed)
                    .failing(NetworkPolicyRulesTest::isShop, "timeout", Phase.CONNECT)))
        .isEmpty();
  }

  @Test
  void explainsDnsAndEgressWhereTheAgentsAreIsolated() {
    var broken =
        scene(PolicyEngine.VPC_CNI, DENY_EGRESS_OF_AGENTS)
            .failing(Scene.dns("backend"), "timeout", Phase.PROCESSING)
            .failing(Scene.dns("service"), "timeout", Phase.PROCESSING)
            .failing(Scene.a(PodKey.class), "timeout", Phase.CONNECT)
            .failing(Scene.a(ServiceKey.class), "timeout", Phase.CONNECT)
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);

    assertThat(Causality.causes(broken.findings()))
        .extracting(finding -> finding.cause().label() + " " + finding.scope())
        .containsExactly("network_policy_blocks namespace/eksnet");
  }

  /** As a Service has nothing to do with the way to STS. */
  @Test
  void explainsOnlyWhatTheBrokenPathsHaveInCommonWithIt() {
    var broken =
        scene(PolicyEngine.VPC_CNI, DENY_SHOP)
            .failing(NetworkPolicyRulesTest::isShop, "timeout", Phase.CONNECT)
            .failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT);

    assertThat(Causality.causes(broken.findings()))
        .extracting(Finding::cause)
        .containsExactlyInAnyOrder(RootCause.NO_EGRESS, RootCause.NETWORK_POLICY_BLOCKS);
  }

  /** DNS of both protocols: a policy that allows one of them does not repair the other. */
  @Test
  void namesAllPortsAndPeersThatAreDeniedAndSilent() {
    var broken =
        scene(PolicyEngine.VPC_CNI, DENY_EGRESS_OF_AGENTS)
            .failing(Scene.dns("backend"), "timeout", Phase.PROCESSING)
            .failing(Scene.a(ServiceKey.class), "timeout", Phase.CONNECT);

    assertThat(blocks(broken).orElseThrow().fix())
        .contains(
            "allow egress to namespace kube-system, TCP port 53, UDP port 53, in a NetworkPolicy of"
                + " namespace eksnet",
            "allow egress to namespace shop, TCP port 8080, in a NetworkPolicy of namespace"
                + " eksnet");
  }

  @Test
  void namesOnlyPortsThatAreSilent() {
    var broken =
        scene(PolicyEngine.VPC_CNI, DENY_EGRESS_OF_AGENTS)
            .failing(
                key ->
                    Scene.dns("backend").test(key)
                        && key instanceof DnsKey dns
                        && dns.proto().equals("udp"),
                "timeout",
                Phase.PROCESSING)
            .failing(
                key ->
                    Scene.dns("backend").test(key)
                        && key instanceof DnsKey dns
                        && dns.proto().equals("tcp"),
                "conn_refused",
                Phase.CONNECT);

    assertThat(blocks(broken).orElseThrow().fix().get(0))
        .contains("UDP port 53")
        .doesNotContain("TCP");
  }

  @Test
  void findsTargetsWhoseHealthChecksComeFromADeniedSubnet() {
    var onlyOneSubnet =
        policy(
            "shop",
            "one-zone",
            true,
            false,
            List.of(new Rule(List.of(block("10.0.0.0/24")), List.of())),
            List.of());
    var broken =
        scene(PolicyEngine.VPC_CNI, onlyOneSubnet)
            .targets(
                Scene.TARGET_IPS.stream()
                    .map(ip -> Scene.target(ip, "unhealthy", "Target.Timeout", "Request timed out"))
                    .toList());

    var finding = blocks(broken).orElseThrow();
    assertThat(finding.evidence())
        .contains(
            "no rule allows TCP port 8080 from the subnets of the load balancer (10.0.1.0/24)");
    assertThat(finding.affected()).containsExactly("target_group/k8s-shop-web-tg");
    assertThat(finding.explains()).contains(RootCause.TARGET_HUNG, RootCause.NACL_OR_ROUTE);
  }
}
