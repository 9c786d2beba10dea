package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.Gateway;
import io.eksnet.model.inventory.KubeIngress;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads objects of the Kubernetes API, in which every field may be absent. */
final class KubeObjects {
  /** Prefixes of the annotations that configure probes and load balancers. */
  private static final List<String> KEPT_ANNOTATIONS =
      List.of(
          Annotation.PREFIX,
          "alb.ingress.kubernetes.io/",
          "service.beta.kubernetes.io/aws-load-balancer-",
          "kubernetes.io/ingress.class",
          KubeIngress.EXTERNAL_DNS,
          Gateway.DRY_RUN);

  private static final int MAX_ANNOTATION_LENGTH = 1_000;
  private static final int MAX_MESSAGE_LENGTH = 500;

  private KubeObjects() {}

  /** An absent text is empty. */
  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** A message for people, of bounded length. */
  static String message(@Nullable String text) {
    return truncate(text(text).strip(), MAX_MESSAGE_LENGTH);
  }

  static String truncate(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength - 1) + "…";
  }

  static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static Map<String, String> map(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  static int number(@Nullable Integer number, int otherwise) {
    return number == null ? otherwise : number;
  }

  /** An RFC 3339 time such as {@code 2026-01-02T03:04:05Z}. */
  static Instant time(@Nullable String text, Instant otherwise) {
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }

  /** Interned, as many objects share it. */
  static String namespace(HasMetadata object) {
    return text(object.getMetadata().getNamespace()).intern();
  }

  static String name(HasMetadata object) {
    return text(object.getMetadata().getName());
  }

  static Map<String, String> labels(HasMetadata object) {
    return map(object.getMetadata().getLabels());
  }

  static Map<String, String> annotations(HasMetadata object) {
    return map(object.getMetadata().getAnnotations());
  }

  /** The annotations that configure probes and load balancers. */
  static Map<String, String> keptAnnotations(HasMetadata object) {
    return annotations(object).entrySet().stream()
        .filter(e -> KEPT_ANNOTATIONS.stream().anyMatch(e.getKey()::startsWith))
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, e -> truncate(text(e.getValue()), MAX_ANNOTATION_LENGTH)));
  }

  static Instant created(HasMetadata object) {
    return time(object.getMetadata().getCreationTimestamp(), Instant.EPOCH);
  }
}
