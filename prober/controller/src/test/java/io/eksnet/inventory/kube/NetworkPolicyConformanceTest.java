package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.kube.PolicySources.CachedNamespace;
import io.eksnet.model.Cidr;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import io.eksnet.model.policy.PodGroup;
import io.eksnet.model.policy.PodGroup.NamedPort;
import io.eksnet.model.policy.PolicyEngine;
import io.eksnet.model.policy.PolicyEvaluator;
import io.eksnet.model.policy.PolicyEvaluator.Connection;
import io.eksnet.model.policy.PolicyEvaluator.End;
import io.eksnet.model.policy.PolicyVerdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The conformance cases of the API ({@code test/e2e/network/netpol/network_policy.go} of
 * kubernetes/kubernetes, SIG Network), as a table: the namespaces x, y and z have the pods a, b and
 * c, each of which has a label with its name and serves the ports 80 and 81.
 */
class NetworkPolicyConformanceTest {
  private static final List<String> NAMESPACES = List.of("x", "y", "z");
  private static final List<String> PODS = List.of("a", "b", "c");

  /**
   * A case.
   *
   * @param policies specs in namespace x, as YAML; a line {@code ---} separates two
   * @param to the port and protocol that all pods connect to
   * @param reachability the pairs that differ from "all pods reach all pods", each line after the
   *     ones before it: {@code -} or {@code +}, source, destination; {@code *} is any
   */
  private record Case(String name, String policies, String to, String reachability) {
    @Override
    public String toString() {
      return name + ", port " + to;
    }
  }

  private static final String DENY_INGRESS = "podSelector: {}\npolicyTypes: [Ingress]\n";
  private static final String DENY_ALL = "podSelector: {}\npolicyTypes: [Ingress, Egress]\n";
  private static final String ALLOW_INGRESS =
      "podSelector: {}\npolicyTypes: [Ingress]\ningress: [{}]\n";
  private static final String ALLOW_EGRESS =
      "podSelector: {}\npolicyTypes: [Egress]\negress: [{}]\n";
  private static final String TO_80 =
      "podSelector: {}\npolicyTypes: [Ingress]\ningress: [{ports: [{port: serve-80-tcp}]}]\n";
  private static final String FROM_80 =
      "podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: serve-80-tcp}]}]\n";

  static Stream<Case> cases() {
    return Stream.of(
        new Case("default-deny-ingress", DENY_INGRESS, "80/TCP", "- * x/*"),
        new Case(
            "default-deny-all but DNS",
            DENY_ALL + "egress: [{ports: [{protocol: UDP, port: 53}]}]",
            "80/TCP",
            "- * x/*\n- x/* *"),
        new Case(
            "default-deny-all but DNS, to port 53",
            DENY_ALL + "egress: [{ports: [{protocol: UDP, port: 53}]}]",
            "53/UDP",
            "- * x/*"),
        new Case(
            "allow pods of the namespace by PodSelector",
            toA("[{podSelector: {matchLabels: {pod: b}}}]"),
            "80/TCP",
            "- * x/a\n+ x/b x/a"),
        new Case(
            "allow a different namespace by NamespaceSelector",
            toA("[{namespaceSelector: {matchLabels: {ns: y}}}]"),
            "80/TCP",
            "- x/* x/a\n- z/* x/a"),
        new Case(
            "allow a different namespace by its automatic label",
            toA("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}}]"),
            "80/TCP",
            "- x/* x/a\n- z/* x/a"),
        new Case("allow all namespaces", toA("[{namespaceSelector: {}}]"), "80/TCP", ""),
        new Case(
            "PodSelector with MatchExpressions",
            toA("[{podSelector: {matchExpressions: [{key: pod, operator: In, values: [b]}]}}]"),
            "80/TCP",
            "- * x/a\n+ x/b x/a"),
        new Case(
            "NamespaceSelector with MatchExpressions",
            toA(
                "[{namespaceSelector: {matchExpressions: [{key: ns, operator: In, values: [y]}]}}]"),
            "80/TCP",
            "- x/* x/a\n- z/* x/a"),
        new Case(
            "PodSelector or NamespaceSelector",
            toA(
                "[{namespaceSelector: {matchExpressions: [{key: ns, operator: NotIn, values: [x]}]}},"
                    + " {podSelector: {matchLabels: {pod: b}}}]"),
            "80/TCP",
            "- x/a x/a\n- x/c x/a"),
        new Case(
            "PodSelector and NamespaceSelector",
            toA(
                "[{namespaceSelector: {matchExpressions: [{key: ns, operator: NotIn, values: [x]}]},"
                    + " podSelector: {matchLabels: {pod: b}}}]"),
            "80/TCP",
            "- * x/a\n+ y/b x/a\n+ z/b x/a"),
        new Case(
            "multiple PodSelectors and NamespaceSelectors",
            toA(
                "[{namespaceSelector: {matchExpressions: [{key: ns, operator: NotIn, values: [x]}]},"
                    + " podSelector: {matchExpressions: [{key: pod, operator: In, values: [b, c]}]}}]"),
            "80/TCP",
            "- x/* x/a\n- y/a x/a\n- z/a x/a"),
        new Case(
            "any PodSelectors",
            toA("[{podSelector: {matchLabels: {pod: b}}}, {podSelector: {matchLabels: {pod: c}}}]"),
            "80/TCP",
            "- * x/a\n+ x/b x/a\n+ x/c x/a"),
        new Case(
            "a pod of a different namespace",
            toA(
                "[{namespaceSelector: {matchLabels: {ns: y}}, podSelector: {matchLabels: {pod: a}}}]"),
            "80/TCP",
            "- * x/a\n+ y/a x/a"),
        new Case(
            "selectors Exists and DoesNotExist",
            toA(
                "[{podSelector: {matchExpressions: [{key: pod, operator: Exists}]}},"
                    + " {namespaceSelector: {matchExpressions: [{key: ns, operator: DoesNotExist}]}}]"),
            "80/TCP",
            "- y/* x/a\n- z/* x/a"),
        new Case("by port, the allowed one", portOfA(81), "81/TCP", "- x/* x/a\n- z/* x/a"),
        new Case("by port, another one", portOfA(81), "80/TCP", "- * x/a"),
        new Case(
            "stacked policies",
            portOfA(81) + "---\n" + portOfA(80),
            "80/TCP",
            "- x/* x/a\n- z/* x/a"),
        new Case("allow all", ALLOW_INGRESS, "81/TCP", ""),
        new Case("ingress on one named port", TO_80, "80/TCP", ""),
        new Case("ingress on another named port", TO_80, "81/TCP", "- * x/*"),
        new Case("egress on one named port", FROM_80, "80/TCP", ""),
        new Case("egress on another named port", FROM_80, "81/TCP", "- x/* *"),
        new Case(
            "ingress and egress together, port 80",
            toA("[{podSelector: {matchLabels: {pod: b}}}]")
                + "egress: [{ports: [{port: serve-80-tcp}, {protocol: UDP, port: 53}]}]\n",
            "80/TCP",
            "- * x/a\n+ x/b x/a"),
        new Case(
            "policy types by default: egress rules isolate egress",
            toA("[{podSelector: {matchLabels: {pod: b}}}]")
                + "egress: [{ports: [{port: serve-80-tcp}, {protocol: UDP, port: 53}]}]\n",
            "81/TCP",
            "- * x/a\n- x/a *\n+ x/b x/a"),
        new Case(
            "policy types by default: without egress rules egress is free",
            "podSelector: {matchLabels: {pod: a}}\n",
            "80/TCP",
            "- * x/a"),
        new Case(
            "egress to a pod of a different namespace",
            fromA(
                "[{namespaceSelector: {matchLabels: {ns: y}}, podSelector: {matchLabels: {pod: a}}}]"),
            "80/TCP",
            "- x/a *\n+ x/a y/a"),
        new Case(
            "ingress allow-all takes precedence", TO_80 + "---\n" + ALLOW_INGRESS, "81/TCP", ""),
        new Case(
            "egress allow-all takes precedence", FROM_80 + "---\n" + ALLOW_EGRESS, "81/TCP", ""),
        new Case("no policy", "", "80/TCP", ""),
        new Case("deny all", DENY_ALL, "80/TCP", "- x/* *\n- * x/*"),
        new Case(
            "egress to a CIDR block",
            fromA("[{ipBlock: {cidr: 10.0.1.1/32}}]"),
            "80/TCP",
            "- x/a *\n+ x/a y/b"),
        new Case(
            "except of a CIDR block",
            fromA("[{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.1/32]}}]"),
            "80/TCP",
            "- x/a x/b"),
        new Case(
            "an address in CIDR and except of two policies is allowed",
            fromA("[{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.1/32]}}]")
                + "---\n"
                + fromA("[{ipBlock: {cidr: 10.0.0.1/32}}]"),
            "80/TCP",
            ""),
        new Case(
            "ingress and egress are independent",
            """
            podSelector: {matchLabels: {pod: a}}
            policyTypes: [Egress]
            egress: [{}]
            ---
            podSelector: {matchLabels: {pod: a}}
            policyTypes: [Ingress]
            """,
            "80/TCP",
            "- * x/a"),
        new Case("TCP where only SCTP is allowed", protocolToA("SCTP"), "81/TCP", "- * x/a"),
        new Case("TCP where only UDP is allowed", protocolToA("UDP"), "81/TCP", "- * x/a"),
        new Case("UDP where only UDP is allowed", protocolToA("UDP"), "81/UDP", ""),
        new Case(
            "any port of a protocol",
            "podSelector: {matchLabels: {pod: a}}\ningress: [{ports: [{protocol: UDP}]}]\n",
            "80/TCP",
            "- * x/a"),
        new Case("endPort includes its first port", range(80, 90), "80/TCP", ""),
        new Case("endPort includes its last port", range(70, 81), "81/TCP", ""),
        new Case("endPort excludes the next port", range(70, 80), "81/TCP", "- * x/a"),
        new Case("endPort excludes the port before", range(81, 90), "80/TCP", "- * x/a"));
  }

  private static String toA(String from) {
    return "podSelector: {matchLabels: {pod: a}}\ningress: [{from: " + from + "}]\n";
  }

  private static String fromA(String to) {
    return "podSelector: {matchLabels: {pod: a}}\npolicyTypes: [Egress]\negress: [{to: "
        + to
        + "}]\n";
  }

  private static String portOfA(int port) {
    return "podSelector: {matchLabels: {pod: a}}\n"
        + "ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}], ports: [{port: "
        + port
        + "}]}]\n";
  }

  private static String protocolToA(String protocol) {
    return "podSelector: {matchLabels: {pod: a}}\ningress: [{ports: [{protocol: "
        + protocol
        + ", port: 81}]}]\n";
  }

  private static String range(int first, int last) {
    return "podSelector: {matchLabels: {pod: a}}\ningress: [{ports: [{port: "
        + first
        + ", endPort: "
        + last
        + "}]}]\n";
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allowsWhatTheSpecificationAllows(Case one) {
    var evaluator = evaluator(PolicyEngine.VPC_CNI, one.policies());
    var port = Integer.parseInt(one.to().substring(0, one.to().indexOf('/')));
    var protocol = one.to().substring(one.to().indexOf('/') + 1);

    var denied = new TreeSet<String>();
    for (var source : pods()) {
      for (var destination : pods()) {
        // implementations differ about the connections of a pod to itself
        if (!source.equals(destination)) {
          var verdict =
              evaluator.evaluate(new Connection(end(source), end(destination), protocol, port));
          assertThat(verdict.decision()).isNotEqualTo(Decision.UNKNOWN);
          if (verdict.isDenied()) {
            denied.add(source + " " + destination);
          }
        }
      }
    }

    assertThat(denied).isEqualTo(expected(one.reachability()));
  }

  @Test
  void namesTheEndThatDenies() {
    var evaluator = evaluator(PolicyEngine.VPC_CNI, DENY_INGRESS + "---\n" + FROM_80);

    var in = evaluator.evaluate(new Connection(end("y/a"), end("x/a"), "TCP", 80));
    var out = evaluator.evaluate(new Connection(end("x/a"), end("y/a"), "TCP", 443));

    assertThat(in.isolating()).extracting(NetworkPolicy::id).containsExactly("x/policy-0");
    assertThat(out.isolating()).extracting(NetworkPolicy::id).containsExactly("x/policy-1");
  }

  @Test
  void doesNotDecideAboutARangeThatABlockCoversInPart() {
    var evaluator = evaluator(PolicyEngine.VPC_CNI, toA("[{ipBlock: {cidr: 192.168.0.0/24}}]"));

    assertThat(fromOutside(evaluator, "192.168.0.7/32")).isEqualTo(Decision.ALLOWED);
    assertThat(fromOutside(evaluator, "192.168.0.0/16")).isEqualTo(Decision.UNKNOWN);
    assertThat(fromOutside(evaluator, "192.169.0.0/16")).isEqualTo(Decision.DENIED);
    assertThat(fromOutside(evaluator, "fd00::/64")).isEqualTo(Decision.DENIED);
  }

  @Test
  void doesNotDecideAboutARangeWithAnExceptedPart() {
    var evaluator =
        evaluator(
            PolicyEngine.VPC_CNI,
            toA("[{ipBlock: {cidr: 192.168.0.0/16, except: [192.168.1.0/24]}}]"));

    assertThat(fromOutside(evaluator, "192.168.1.7/32")).isEqualTo(Decision.DENIED);
    assertThat(fromOutside(evaluator, "192.168.0.0/23")).isEqualTo(Decision.UNKNOWN);
    assertThat(fromOutside(evaluator, "192.168.2.0/24")).isEqualTo(Decision.ALLOWED);
  }

  @Test
  void isolatesPodsWithoutPoliciesInStrictMode() {
    var evaluator = evaluator(PolicyEngine.VPC_CNI_STRICT, ALLOW_INGRESS + "---\n" + ALLOW_EGRESS);

    assertThat(decide(evaluator, "x/a", "x/b")).isEqualTo(Decision.ALLOWED);
    assertThat(decide(evaluator, "x/a", "y/b")).isEqualTo(Decision.DENIED);
    assertThat(decide(evaluator, "y/a", "x/b")).isEqualTo(Decision.DENIED);
  }

  @Test
  void doesNotIsolatePodsOnTheNetworkOfTheirNode() {
    var evaluator = evaluator(PolicyEngine.VPC_CNI_STRICT, DENY_ALL);
    var onHost =
        End.pod(new PodGroup("x", Map.of("pod", "a"), true, List.of(), List.of()), "10.1.0.1");

    assertThat(evaluator.evaluate(new Connection(onHost, onHost, "TCP", 80)).isDenied()).isFalse();
    assertThat(evaluator.evaluate(new Connection(onHost, end("x/a"), "TCP", 80)).isDenied())
        .isTrue();
  }

  private static Decision decide(PolicyEvaluator evaluator, String source, String destination) {
    return evaluator.evaluate(new Connection(end(source), end(destination), "TCP", 80)).decision();
  }

  private static Decision fromOutside(PolicyEvaluator evaluator, String range) {
    return evaluator
        .evaluate(new Connection(End.outside(Cidr.of(range)), end("x/a"), "TCP", 80))
        .decision();
  }

  private static PolicyEvaluator evaluator(PolicyEngine engine, String specs) {
    var policies = new ArrayList<NetworkPolicy>();
    for (var spec : specs.split("---\n")) {
      if (!spec.isBlank()) {
        policies.add(policy("policy-" + policies.size(), spec));
      }
    }
    var namespaces =
        NAMESPACES.stream()
            .map(NetworkPolicyConformanceTest::namespace)
            .collect(Collectors.toMap(CachedNamespace::name, CachedNamespace::labels));
    return new PolicyEvaluator(new NetworkPolicies(engine, policies, namespaces, List.of()));
  }

  private static NetworkPolicy policy(String name, String spec) {
    return PolicySources.policy(
            Yaml.read(
                io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy.class,
                "metadata: {namespace: x, name: " + name + "}\nspec:\n" + spec.indent(2)))
        .orElseThrow();
  }

  private static CachedNamespace namespace(String name) {
    return CachedNamespace.of(
            Yaml.read(
                io.fabric8.kubernetes.api.model.Namespace.class,
                "metadata: {name: %s, labels: {ns: %s}}".formatted(name, name)))
        .orElseThrow();
  }

  private static List<String> pods() {
    return NAMESPACES.stream()
        .flatMap(namespace -> PODS.stream().map(pod -> namespace + "/" + pod))
        .toList();
  }

  /** Pod b of namespace y has the address 10.0.1.1. */
  private static End end(String pod) {
    var namespace = pod.substring(0, 1);
    var name = pod.substring(2);
    var ports =
        List.of(new NamedPort("serve-80-tcp", "TCP", 80), new NamedPort("serve-81-tcp", "TCP", 81));
    return End.pod(
        new PodGroup(namespace, Map.of("pod", name), false, ports, List.of()),
        "10.0.%d.%d".formatted(NAMESPACES.indexOf(namespace), PODS.indexOf(name)));
  }

  private static Set<String> expected(String reachability) {
    var denied = new TreeSet<String>();
    for (var line : reachability.lines().toList()) {
      var words = line.split(" ");
      var source = matching(words[1]);
      var destination = matching(words[2]);
      pods().stream()
          .filter(source)
          .forEach(
              from ->
                  pods().stream()
                      .filter(destination)
                      .filter(to -> !to.equals(from))
                      .forEach(
                          to -> {
                            if (words[0].equals("-")) {
                              denied.add(from + " " + to);
                            } else {
                              denied.remove(from + " " + to);
                            }
                          }));
    }
    return denied;
  }

  private static Predicate<String> matching(String pattern) {
    return pattern.endsWith("*")
        ? pod -> pod.startsWith(pattern.substring(0, pattern.length() - 1))
        : pod -> pod.equals(pattern);
  }
}
