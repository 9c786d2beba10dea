package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a Deployment: of each whether it wants pods and which, as one that wants none
 * explains a Service without endpoints, and one that wants some does not.
 *
 * @param wantsNone whether it is scaled to zero
 * @param labels of its pods; empty Optional: more than are worth keeping
 * @param workload if its pods have a role
 */
record CachedDeployment(
    String namespace,
    boolean wantsNone,
    Optional<Map<String, String>> labels,
    Optional<CachedWorkload> workload) {
  /** All labels of a template together. */
  private static final int MOST_CHARACTERS = 4_000;

  CachedDeployment {
    labels = labels.map(Map::copyOf);
  }

  static Optional<CachedDeployment> of(Deployment deployment) {
    return Optional.ofNullable(deployment.getSpec())
        .map(
            spec ->
                new CachedDeployment(
                    new Meta(deployment).namespace(),
                    Integer.valueOf(0).equals(spec.getReplicas()),
                    few(labels(spec)),
                    CachedWorkload.of(deployment)));
  }

  private static @Nullable Map<String, String> labels(DeploymentSpec spec) {
    return Optional.ofNullable(spec.getTemplate())
        .map(PodTemplateSpec::getMetadata)
        .map(ObjectMeta::getLabels)
        .orElse(null);
  }

  /** These labels, unless they are more than are worth keeping. */
  static Optional<Map<String, String>> few(@Nullable Map<String, String> labels) {
    var all = Meta.map(labels);
    var characters =
        all.entrySet().stream()
            .mapToInt(e -> e.getKey().length() + Texts.of(e.getValue()).length())
            .sum();
    return characters > MOST_CHARACTERS
        ? Optional.empty()
        : Optional.of(
            all.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        e -> e.getKey().intern(), e -> Texts.of(e.getValue()))));
  }

  /** Whether it has pods of this selector, or none is known not to be one. */
  boolean mayHave(Map<String, String> selector) {
    return labels.isEmpty() || has(selector);
  }

  /** Whether its pods are of this selector. */
  boolean has(Map<String, String> selector) {
    return labels.filter(of -> of.entrySet().containsAll(selector.entrySet())).isPresent();
  }
}
