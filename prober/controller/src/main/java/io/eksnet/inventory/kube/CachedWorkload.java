package io.eksnet.inventory.kube;

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
 * @param env the plain environment of {@code aws-node}'s containers; empty for others
 */
record CachedWorkload(
    String role,
    String namespace,
    String serviceAccount,
    int desired,
    int ready,
    Map<String, String> env) {
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
            Optional.ofNullable(spec.getReplicas()).orElse(1),
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
            status == null ? 0 : Optional.ofNullable(status.getDesiredNumberScheduled()).orElse(0),
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
    var role = Roles.of(Meta.map(template.getMetadata().getLabels()));
    if (role.equals(Roles.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        new CachedWorkload(
            role,
            Texts.of(namespace),
            Optional.ofNullable(template.getSpec().getServiceAccountName()).orElse("default"),
            desired,
            Optional.ofNullable(ready).orElse(0),
            role.equals(Roles.AWS_NODE) ? env(template) : Map.of()));
  }

  private static Map<String, String> env(PodTemplateSpec template) {
    var env = new HashMap<String, String>();
    for (var container : Meta.list(template.getSpec().getContainers())) {
      for (EnvVar variable : Meta.list(container.getEnv())) {
        if (variable.getValue() != null) {
          env.putIfAbsent(variable.getName(), variable.getValue());
        }
      }
    }
    return env;
  }
}
