package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.text;
import static java.util.stream.Collectors.joining;

import io.eksnet.model.inventory.IngressClass;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an IngressClass.
 *
 * @param parameters {@code group/name} of its IngressClassParams, or empty
 */
record CachedIngressClass(IngressClass ingressClass, String parameters) {
  /**
   * What IngressClassParams set for all Ingresses of the class; empty: nothing.
   *
   * @param subnets identifiers or tags of subnets, as text
   */
  record Parameters(String name, String scheme, String group, String subnets) {
    static Optional<Parameters> of(GenericKubernetesResource params) {
      var spec = new CustomResources.Fields(params);
      return Optional.of(
          new Parameters(
              params.getMetadata().getName(),
              spec.text("spec", "scheme"),
              spec.text("spec", "group", "name"),
              subnets(params)));
    }

    private static String subnets(GenericKubernetesResource params) {
      return Stream.of("ids", "tags")
          .map(key -> params.<@Nullable Object>get("spec", "subnets", key))
          .filter(Objects::nonNull)
          .map(String::valueOf)
          .collect(joining(" "));
    }
  }

  static Optional<CachedIngressClass> of(
      io.fabric8.kubernetes.api.model.networking.v1.IngressClass object) {
    var spec = Optional.ofNullable(object.getSpec());
    return Optional.of(
        new CachedIngressClass(
            new IngressClass(
                KubeObjects.name(object),
                spec.map(s -> text(s.getController())).orElse(""),
                "true"
                    .equals(
                        KubeObjects.annotations(object)
                            .get("ingressclass.kubernetes.io/is-default-class"))),
            spec.map(s -> s.getParameters())
                .map(p -> text(p.getApiGroup()) + "/" + text(p.getName()))
                .orElse("")));
  }
}
