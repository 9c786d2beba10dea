package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import io.eksnet.model.policy.PodGroup;
import io.eksnet.model.policy.PodGroup.NamedPort;
import io.eksnet.model.policy.PolicyEngine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicySourcesTest {
  private static final String CALICO = pod("calico-system", "calico", "k8s-app: calico-node", true);
  private static final String CILIUM = pod("kube-system", "cilium", "k8s-app: cilium", true);

  @ParameterizedTest
  @CsvSource({
    "--enable-network-policy=true, standard, VPC_CNI",
    "--enable-network-policy=true, strict, VPC_CNI_STRICT",
    "--enable-network-policy=false, standard, NONE",
    "--enable-network-policy=false, strict, NONE",
    "--enable-ipv6=false, standard, UNKNOWN",
  })
  void readsTheEngineFromTheContainersOfTheVpcCni(
      String argument, String mode, PolicyEngine engine) {
    assertThat(policies(List.of(awsNode(argument, mode))).engine()).isEqualTo(engine);
  }

  /** Both are used for policies only beside the VPC CNI, too. */
  @Test
  void prefersAnotherEngineThatRuns() {
    var off = List.of(awsNode("--enable-network-policy=false", "standard"));

    assertThat(policies(off, CALICO).engine()).isEqualTo(PolicyEngine.CALICO);
    assertThat(policies(off, CILIUM).engine()).isEqualTo(PolicyEngine.CILIUM);
  }

  @Test
  void theEngineIsUnknownWithoutTheVpcCni() {
    assertThat(policies(List.of()).engine()).isEqualTo(PolicyEngine.UNKNOWN);
  }

  @Test
  void keepsProbedPodsOnlyOnceForEachTemplate() {
    var policies =
        policies(
            List.of(),
            pod("shop", "web-0", "app: web", false),
            pod("shop", "web-1", "app: web", false),
            pod("shop", "other", "app: other", false),
            pod("kube-system", "coredns", "k8s-app: kube-dns", false));

    assertThat(policies.pods())
        .containsExactly(
            new PodGroup(
                "kube-system", Map.of("k8s-app", "kube-dns"), false, ports(), List.of("10.0.0.7")),
            new PodGroup(
                "shop", Map.of("app", "web"), false, ports(), List.of("10.0.0.0", "10.0.0.1")));
  }

  @Test
  void dropsAPolicyThatItCannotRead() {
    assertThat(policy("{podSelector: {matchExpressions: [{key: a, operator: Near}]}}")).isEmpty();
    assertThat(
            policy(
                "{podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: [{}]}}]}]}"))
        .isEmpty();
    assertThat(policy("{}")).hasSize(1);
  }

  private static List<NamedPort> ports() {
    return List.of(new NamedPort("http", "TCP", 8080), new NamedPort("", "UDP", 53));
  }

  private static List<NetworkPolicy> policy(String spec) {
    return PolicySources.policy(
            Yaml.read(
                io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy.class,
                "metadata: {namespace: shop, name: deny}\nspec: " + spec))
        .stream()
        .toList();
  }

  private static NetworkPolicies policies(List<CachedWorkload> daemonSets, String... pods) {
    return PolicySources.policies(
        policy("{podSelector: {}}"),
        List.of(),
        Stream.of(pods).flatMap(pod -> CachedPod.of(Yaml.read(Pod.class, pod)).stream()).toList(),
        daemonSets,
        Set.of("shop/web-0", "shop/web-1"));
  }

  /** The last character of its name is that of its address. */
  private static String pod(String namespace, String name, String label, boolean hostNetwork) {
    var last = name.charAt(name.length() - 1);
    return """
        metadata: {namespace: %s, name: %s, labels: {%s}}
        spec:
          nodeName: n1
          hostNetwork: %s
          containers:
          - {name: main, ports: [{name: http, containerPort: 8080}, {protocol: UDP, containerPort: 53}]}
        status: {phase: Running, podIP: 10.0.0.%s}
        """
        .formatted(namespace, name, label, hostNetwork, Character.isDigit(last) ? last : '7');
  }

  private static CachedWorkload awsNode(String argument, String mode) {
    return CachedWorkload.of(
            Yaml.read(
                DaemonSet.class,
                """
                metadata: {namespace: kube-system, name: aws-node}
                spec:
                  template:
                    metadata: {labels: {k8s-app: aws-node}}
                    spec:
                      containers:
                      - {name: aws-node, env: [{name: NETWORK_POLICY_ENFORCING_MODE, value: %s}]}
                      - {name: aws-eks-nodeagent, args: ["--enable-ipv6=false", "%s"]}
                """
                    .formatted(mode, argument)))
        .orElseThrow();
  }
}
