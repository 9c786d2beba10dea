package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.map;
import static io.eksnet.inventory.kube.KubeObjects.number;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.KubeDeployment;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Deployment. One that is scaled to zero explains a Service without endpoints.
 *
 * @param labels of its pods; empty Optional: too long to keep
 * @param workload if its pods have a role
 * @param settings replicas, images, restart time and who changed them last
 */
record CachedDeployment(
    String namespace,
    boolean scaledToZero,
    Optional<Map<String, String>> labels,
    Optional<CachedWorkload> workload,
    KubeDeployment settings) {
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

  /** Writes the status and annotations of Deployments, and their scale for autoscalers. */
  private static final String CONTROLLER_MANAGER = "kube-controller-manager";

  /** Keys and values of all labels of a pod template together. */
  private static final int MAX_LABEL_CHARACTERS = 4_000;

  CachedDeployment {
    labels = labels.map(Map::copyOf);
  }

  static Optional<CachedDeployment> of(Deployment deployment) {
    return Optional.ofNullable(deployment.getSpec())
        .map(
            spec ->
                new CachedDeployment(
                    KubeObjects.namespace(deployment),
                    Integer.valueOf(0).equals(spec.getReplicas()),
                    boundedLabels(labels(spec)),
                    CachedWorkload.of(deployment),
                    settings(deployment, spec)));
  }

  private static KubeDeployment settings(Deployment deployment, DeploymentSpec spec) {
    var template = Optional.ofNullable(spec.getTemplate());
    return new KubeDeployment(
        KubeObjects.namespace(deployment).intern(),
        text(deployment.getMetadata().getName()),
        number(spec.getReplicas(), 1),
        template.map(PodTemplateSpec::getSpec).stream()
            .flatMap(pod -> list(pod.getContainers()).stream())
            .map(container -> text(container.getImage()))
            .toList(),
        text(
            map(template
                    .map(PodTemplateSpec::getMetadata)
                    .map(ObjectMeta::getAnnotations)
                    .orElse(null))
                .get(RESTARTED_AT)),
        manager(deployment).intern());
  }

  /** Who wrote something else than the status last (Kubernetes docs, "Server-Side Apply"). */
  private static String manager(Deployment deployment) {
    return list(deployment.getMetadata().getManagedFields()).stream()
        .filter(entry -> !"status".equals(entry.getSubresource()))
        .filter(
            entry ->
                !CONTROLLER_MANAGER.equals(entry.getManager()) || entry.getSubresource() != null)
        .max(Comparator.comparing(entry -> text(entry.getTime())))
        .map(entry -> text(entry.getManager()))
        .orElse("");
  }

  private static @Nullable Map<String, String> labels(DeploymentSpec spec) {
    return Optional.ofNullable(spec.getTemplate())
        .map(PodTemplateSpec::getMetadata)
        .map(ObjectMeta::getLabels)
        .orElse(null);
  }

  /** The labels, unless they are too long to keep. */
  static Optional<Map<String, String>> boundedLabels(@Nullable Map<String, String> labels) {
    var all = map(labels);
    var characters =
        all.entrySet().stream()
            .mapToInt(e -> e.getKey().length() + text(e.getValue()).length())
            .sum();
    return characters > MAX_LABEL_CHARACTERS
        ? Optional.empty()
        : Optional.of(
            all.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        e -> e.getKey().intern(), e -> text(e.getValue()))));
  }

  /** Whether the selector may select its pods; true if the labels were not kept. */
  boolean mayMatch(Map<String, String> selector) {
    return labels.isEmpty() || matches(selector);
  }

  /** Whether the selector certainly selects its pods. */
  boolean matches(Map<String, String> selector) {
    return labels.filter(of -> of.entrySet().containsAll(selector.entrySet())).isPresent();
  }
}
