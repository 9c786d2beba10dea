package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.IngressClass;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/**
 * What is kept of an IngressClass.
 *
 * @param parameters {@code group/name} of its IngressClassParams, or empty
 */
record CachedIngressClass(IngressClass ingressClass, String parameters) {
  /** What the parameters of a class set for all of its Ingresses; empty: nothing. */
  record Parameters(String name, String scheme, String group) {
    static Optional<Parameters> of(GenericKubernetesResource params) {
      var spec = new Fields(params);
      return Optional.of(
          new Parameters(
              params.getMetadata().getName(),
              spec.text("spec", "scheme"),
              spec.text("spec", "group", "name")));
    }
  }

  static Optional<CachedIngressClass> of(
      io.fabric8.kubernetes.api.model.networking.v1.IngressClass object) {
    var meta = new Meta(object);
    var spec = Optional.ofNullable(object.getSpec());
    return Optional.of(
        new CachedIngressClass(
            new IngressClass(
                meta.name(),
                spec.map(s -> Texts.of(s.getController())).orElse(""),
                "true"
                    .equals(meta.annotations().get("ingressclass.kubernetes.io/is-default-class"))),
            spec.map(s -> s.getParameters())
                .map(p -> Texts.of(p.getApiGroup()) + "/" + Texts.of(p.getName()))
                .orElse("")));
  }
}
