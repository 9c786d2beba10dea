package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.map;
import static io.eksnet.inventory.kube.KubeObjects.number;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Deployment or DaemonSet whose pods have a role.
 *
 * @param env the literal environment variables of {@code aws-node}; empty for others
 * @param networkPolicyAgent whether its container {@code aws-eks-nodeagent} enforces
 *     NetworkPolicies (chart {@code aws-vpc-cni}); empty if it has none
 */
record CachedWorkload(
    String role,
    String namespace,
    String serviceAccount,
    int desired,
    int ready,
    Map<String, String> env,
    Optional<Boolean> networkPolicyAgent) {
  private static final String NETWORK_POLICY_FLAG = "--enable-network-policy=";

  CachedWorkload {
    env = Map.copyOf(env);
  }

  static Optional<CachedWorkload> of(Deployment deployment) {
    var spec = deployment.getSpec();
    var status = deployment.getStatus();
    return spec == null
        ? Optional.empty()
        : of(
            deployment.getMetadata().getNamespace(),
            spec.getTemplate(),
            number(spec.getReplicas(), 1),
            status == null ? null : status.getReadyReplicas());
  }

  static Optional<CachedWorkload> of(DaemonSet daemonSet) {
    var spec = daemonSet.getSpec();
    var status = daemonSet.getStatus();
    return spec == null
        ? Optional.empty()
        : of(
            daemonSet.getMetadata().getNamespace(),
            spec.getTemplate(),
            status == null ? 0 : number(status.getDesiredNumberScheduled(), 0),
            status == null ? null : status.getNumberReady());
  }

  private static Optional<CachedWorkload> of(
      @Nullable String namespace,
      @Nullable PodTemplateSpec template,
      int desired,
      @Nullable Integer ready) {
    if (template == null || template.getMetadata() == null || template.getSpec() == null) {
      return Optional.empty();
    }
    var role = Roles.of(map(template.getMetadata().getLabels()));
    if (role.equals(Roles.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        new CachedWorkload(
            role,
            text(namespace),
            Optional.ofNullable(template.getSpec().getServiceAccountName()).orElse("default"),
            desired,
            number(ready, 0),
            role.equals(Roles.AWS_NODE) ? env(template) : Map.of(),
            networkPolicyAgent(template)));
  }

  private static Optional<Boolean> networkPolicyAgent(PodTemplateSpec template) {
    return list(template.getSpec().getContainers()).stream()
        .flatMap(container -> list(container.getArgs()).stream())
        .filter(argument -> argument.startsWith(NETWORK_POLICY_FLAG))
        .map(argument -> argument.substring(NETWORK_POLICY_FLAG.length()).equals("true"))
        .findFirst();
  }

  private static Map<String, String> env(PodTemplateSpec template) {
    var env = new HashMap<String, String>();
    for (var container : list(template.getSpec().getContainers())) {
      for (EnvVar variable : list(container.getEnv())) {
        if (variable.getValue() != null) {
          env.putIfAbsent(variable.getName(), variable.getValue());
        }
      }
    }
    return env;
  }
}
