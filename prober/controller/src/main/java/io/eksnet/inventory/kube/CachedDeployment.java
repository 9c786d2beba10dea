package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.map;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Deployment. One that is scaled to zero explains a Service without endpoints.
 *
 * @param labels of its pods; empty Optional: too long to keep
 * @param workload if its pods have a role
 */
record CachedDeployment(
    String namespace,
    boolean scaledToZero,
    Optional<Map<String, String>> labels,
    Optional<CachedWorkload> workload) {
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
                    CachedWorkload.of(deployment)));
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
