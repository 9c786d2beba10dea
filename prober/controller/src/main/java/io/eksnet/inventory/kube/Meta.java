package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Annotation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The metadata of an object, where what is missing is empty. */
record Meta(HasMetadata object) {
  /** Annotations that decide about probes and load balancers; the others are dropped. */
  private static final List<String> KEPT =
      List.of(
          Annotation.PREFIX,
          "alb.ingress.kubernetes.io/",
          "service.beta.kubernetes.io/aws-load-balancer-",
          "kubernetes.io/ingress.class");

  private static final int LONGEST = 1_000;

  String namespace() {
    return Texts.of(object.getMetadata().getNamespace()).intern();
  }

  String name() {
    return Texts.of(object.getMetadata().getName());
  }

  Map<String, String> labels() {
    return map(object.getMetadata().getLabels());
  }

  Map<String, String> annotations() {
    return map(object.getMetadata().getAnnotations());
  }

  /** The annotations worth keeping. */
  Map<String, String> kept() {
    return annotations().entrySet().stream()
        .filter(e -> KEPT.stream().anyMatch(e.getKey()::startsWith))
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, e -> Texts.cut(Texts.of(e.getValue()), LONGEST)));
  }

  Instant created() {
    return Times.of(object.getMetadata().getCreationTimestamp(), Instant.EPOCH);
  }

  static <T> List<T> list(@Nullable List<T> list) {
    return Optional.ofNullable(list).orElse(List.of());
  }

  static Map<String, String> map(@Nullable Map<String, String> map) {
    return Optional.ofNullable(map).orElse(Map.of());
  }
}
