package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.policy.LabelSelector;
import io.eksnet.model.policy.NetworkPolicies;
import io.eksnet.model.policy.NetworkPolicy;
import io.eksnet.model.policy.NetworkPolicy.IpBlock;
import io.eksnet.model.policy.NetworkPolicy.Peer;
import io.eksnet.model.policy.NetworkPolicy.Port;
import io.eksnet.model.policy.NetworkPolicy.Rule;
import io.eksnet.model.policy.PodGroup;
import io.eksnet.model.policy.PolicyEngine;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** NetworkPolicies, what enforces them, and the pods that agents probe. */
final class PolicySources {
  /** Set by the API server ("Well-Known Labels, Annotations and Taints"). */
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private static final String STRICT_MODE = "NETWORK_POLICY_ENFORCING_MODE";

  private PolicySources() {}

  /** What is kept of a namespace. */
  record CachedNamespace(String name, Map<String, String> labels) {
    CachedNamespace {
      labels = Map.copyOf(labels);
    }

    static Optional<CachedNamespace> of(Namespace namespace) {
      var labels = new HashMap<String, String>();
      KubeObjects.labels(namespace).forEach((name, value) -> labels.put(name, text(value)));
      var name = KubeObjects.name(namespace).intern();
      labels.put(NAME_LABEL, name);
      return Optional.of(new CachedNamespace(name, labels));
    }
  }

  /**
   * A policy; empty if the API server would refuse it, as without what it allows it would deny too
   * much.
   */
  static Optional<NetworkPolicy> policy(
      io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy object) {
    return Optional.ofNullable(object.getSpec())
        .flatMap(spec -> policy(KubeObjects.namespace(object), KubeObjects.name(object), spec));
  }

  private static Optional<NetworkPolicy> policy(
      String namespace, String name, NetworkPolicySpec spec) {
    var pods = selector(spec.getPodSelector());
    var ingress =
        list(spec.getIngress()).stream()
            .map(rule -> rule(rule.getFrom(), rule.getPorts()))
            .toList();
    var egress =
        list(spec.getEgress()).stream().map(rule -> rule(rule.getTo(), rule.getPorts())).toList();
    var valid =
        ingress.stream().allMatch(Optional::isPresent)
            && egress.stream().allMatch(Optional::isPresent);
    // "If this field is not specified, it will default based on the existence of ingress or egress
    // rules; policies that contain an egress section are assumed to affect egress, and all policies
    // (whether or not they contain an ingress section) are assumed to affect ingress."
    var types = list(spec.getPolicyTypes());
    return pods.filter(any -> valid)
        .map(
            selected ->
                new NetworkPolicy(
                    namespace,
                    name,
                    selected,
                    types.isEmpty() || types.contains("Ingress"),
                    types.isEmpty() ? !egress.isEmpty() : types.contains("Egress"),
                    ingress.stream().flatMap(Optional::stream).toList(),
                    egress.stream().flatMap(Optional::stream).toList()));
  }

  private static Optional<Rule> rule(
      @Nullable List<NetworkPolicyPeer> peers, @Nullable List<NetworkPolicyPort> ports) {
    var read = list(peers).stream().map(PolicySources::peer).toList();
    return read.stream().allMatch(Optional::isPresent)
        ? Optional.of(
            new Rule(
                read.stream().flatMap(Optional::stream).toList(),
                list(ports).stream().map(PolicySources::port).toList()))
        : Optional.empty();
  }

  private static Optional<Peer> peer(NetworkPolicyPeer peer) {
    var block = peer.getIpBlock();
    if (block != null) {
      return Optional.of(
          new Peer(
              Optional.empty(),
              Optional.empty(),
              Optional.of(new IpBlock(text(block.getCidr()), list(block.getExcept())))));
    }
    var namespaces = peer.getNamespaceSelector();
    var pods = peer.getPodSelector();
    return isInvalid(namespaces) || isInvalid(pods)
        ? Optional.empty()
        : Optional.of(
            new Peer(
                Optional.ofNullable(namespaces).flatMap(SelectorParser::parse),
                Optional.ofNullable(pods).flatMap(SelectorParser::parse),
                Optional.empty()));
  }

  private static boolean isInvalid(
      io.fabric8.kubernetes.api.model.@Nullable LabelSelector selector) {
    return selector != null && SelectorParser.parse(selector).isEmpty();
  }

  private static Optional<LabelSelector> selector(
      io.fabric8.kubernetes.api.model.@Nullable LabelSelector selector) {
    return selector == null ? Optional.of(LabelSelector.ALL) : SelectorParser.parse(selector);
  }

  private static Port port(NetworkPolicyPort port) {
    var protocol = text(port.getProtocol());
    var number = Optional.ofNullable(port.getPort());
    var name = number.map(IntOrString::getStrVal).orElse("");
    var first = number.map(IntOrString::getIntVal).orElse(0);
    return new Port(
        protocol.isEmpty() ? "TCP" : protocol,
        name,
        first,
        Optional.ofNullable(port.getEndPort()).orElse(first));
  }

  /**
   * The policies with what decides about them.
   *
   * @param probed the namespaces and names of the pods that agents probe, as {@code
   *     namespace/name}; agents and CoreDNS are probed too
   */
  static NetworkPolicies policies(
      Collection<NetworkPolicy> policies,
      Collection<CachedNamespace> namespaces,
      Collection<CachedPod> pods,
      Collection<CachedWorkload> daemonSets,
      Set<String> probed) {
    return new NetworkPolicies(
        engine(pods, daemonSets),
        policies.stream()
            .sorted(
                Comparator.comparing(NetworkPolicy::namespace).thenComparing(NetworkPolicy::name))
            .toList(),
        namespaces.stream()
            .collect(Collectors.toMap(CachedNamespace::name, CachedNamespace::labels, (a, b) -> a)),
        // without policies nothing asks for them
        policies.isEmpty() ? List.of() : groups(pods, probed));
  }

  private static PolicyEngine engine(
      Collection<CachedPod> pods, Collection<CachedWorkload> daemonSets) {
    if (pods.stream().anyMatch(pod -> isOf(pod, "cilium"))) {
      return PolicyEngine.CILIUM;
    }
    if (pods.stream().anyMatch(pod -> isOf(pod, "calico-node"))) {
      return PolicyEngine.CALICO;
    }
    return daemonSets.stream()
        .filter(workload -> workload.role().equals(Roles.AWS_NODE))
        .findFirst()
        .map(PolicySources::engine)
        .orElse(PolicyEngine.UNKNOWN);
  }

  private static PolicyEngine engine(CachedWorkload awsNode) {
    if (awsNode.networkPolicyAgent().isEmpty()) {
      return PolicyEngine.UNKNOWN;
    }
    if (awsNode.networkPolicyAgent().filter(Boolean.FALSE::equals).isPresent()) {
      return PolicyEngine.NONE;
    }
    return awsNode.env().getOrDefault(STRICT_MODE, "").equals("strict")
        ? PolicyEngine.VPC_CNI_STRICT
        : PolicyEngine.VPC_CNI;
  }

  /** Whether it is a pod of the DaemonSet of Cilium or of Calico, in any namespace. */
  private static boolean isOf(CachedPod pod, String name) {
    return pod.hostNetwork()
        && pod.traits().filter(traits -> traits.contains("k8s-app=" + name + "\n")).isPresent();
  }

  private static List<PodGroup> groups(Collection<CachedPod> pods, Set<String> probed) {
    record Key(String namespace, String traits, boolean hostNetwork) {}
    var groups = new HashMap<Key, List<String>>();
    pods.stream()
        .filter(pod -> !pod.ip().isEmpty() && !pod.terminating() && pod.traits().isPresent())
        .filter(pod -> isProbed(pod, probed))
        .forEach(
            pod ->
                groups
                    .computeIfAbsent(
                        new Key(pod.namespace(), pod.traits().orElseThrow(), pod.hostNetwork()),
                        key -> new ArrayList<>())
                    .add(pod.ip()));
    var sorted = new TreeMap<String, PodGroup>();
    groups.forEach(
        (key, addresses) ->
            sorted.put(
                key.namespace() + "\n" + key.traits() + key.hostNetwork(),
                new PodGroup(
                    key.namespace(),
                    PodTraits.labels(key.traits()),
                    key.hostNetwork(),
                    PodTraits.ports(key.traits()),
                    addresses.stream().sorted().toList())));
    return List.copyOf(sorted.values());
  }

  private static boolean isProbed(CachedPod pod, Set<String> probed) {
    return pod.role().equals(Roles.AGENT)
        || pod.role().equals(Roles.COREDNS)
        || probed.contains(pod.namespace() + "/" + pod.name());
  }

  /**
   * The pods behind target groups and behind Services with annotations of eksnet, as {@code
   * namespace/name}.
   */
  static Set<String> probed(
      Collection<CachedService> services,
      Collection<CachedEndpointSlice> slices,
      Set<String> boundServices) {
    var probed = new HashSet<>(boundServices);
    services.stream()
        .map(CachedService::service)
        .filter(
            service ->
                service.annotations().keySet().stream()
                    .anyMatch(name -> name.startsWith(Annotation.PREFIX)))
        .forEach(service -> probed.add(service.namespace() + "/" + service.name()));
    return slices.stream()
        .filter(slice -> probed.contains(slice.namespace() + "/" + slice.service()))
        .flatMap(slice -> slice.pods().stream().map(pod -> slice.namespace() + "/" + pod))
        .collect(Collectors.toUnmodifiableSet());
  }
}
