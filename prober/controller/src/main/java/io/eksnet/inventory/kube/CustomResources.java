package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.message;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.NodePool;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept of the custom resources of AWS controllers, and resources computed from them. */
final class CustomResources {
  private CustomResources() {}

  /** Of {@code elbv2.k8s.aws}, or of {@code eks.amazonaws.com} in Auto Mode. */
  static Optional<TargetGroupBinding> targetGroupBinding(GenericKubernetesResource object) {
    var fields = new Fields(object);
    return Optional.of(
        new TargetGroupBinding(
            KubeObjects.namespace(object),
            KubeObjects.name(object),
            fields.text("spec", "serviceRef", "name"),
            fields.text("spec", "serviceRef", "port"),
            fields.text("spec", "targetGroupARN"),
            Optional.empty()));
  }

  /** Of Karpenter or of Auto Mode. */
  static Optional<NodeClass> nodeClass(GenericKubernetesResource object) {
    var fields = new Fields(object);
    var spec = fields.at("spec");
    return Optional.of(
        new NodeClass(
            group(object),
            object.getMetadata().getName(),
            conditions(fields),
            spec == null ? List.of() : Templates.unrendered(spec),
            fields.objects("status", "subnets").stream()
                .map(s -> Fields.text(s, "id"))
                .filter(id -> !id.isEmpty())
                .toList()));
  }

  /** Of Karpenter or of Auto Mode. */
  static Optional<NodePool> nodePool(GenericKubernetesResource object) {
    var fields = new Fields(object);
    return Optional.of(
        new NodePool(
            object.getMetadata().getName(),
            conditions(fields),
            reachedLimits(fields.map("spec", "limits"), fields.map("status", "resources"))));
  }

  /**
   * Karpenter launches no instance with more of a resource than is left of its limit ({@code
   * filterByRemainingResources} of its scheduler). What it would launch is not known, so that the
   * average of the nodes of the pool counts.
   */
  private static Map<String, String> reachedLimits(Map<?, ?> limits, Map<?, ?> used) {
    var nodes = Math.max(1, amount(used.get("nodes")));
    var reached = new TreeMap<String, String>();
    limits.forEach(
        (resource, limit) -> {
          var inUse = amount(used.get(resource));
          if (inUse > 0 && inUse + inUse / nodes > amount(limit)) {
            reached.put(String.valueOf(resource), "%s of %s".formatted(used.get(resource), limit));
          }
        });
    return reached;
  }

  /** The number of a quantity such as {@code 100}, {@code 500m} or {@code 64Gi}; else 0. */
  private static double amount(@Nullable Object quantity) {
    try {
      return quantity == null
          ? 0
          : Quantity.parse(quantity.toString()).getNumericalAmount().doubleValue();
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  private static List<Condition> conditions(Fields fields) {
    return fields.objects("status", "conditions").stream().map(Fields::condition).toList();
  }

  static Optional<EniConfig> eniConfig(GenericKubernetesResource object) {
    var fields = new Fields(object);
    return Optional.of(
        new EniConfig(object.getMetadata().getName(), fields.text("spec", "subnet")));
  }

  private static String group(GenericKubernetesResource object) {
    var version = text(object.getApiVersion());
    return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
  }

  /** TargetGroupBindings with their last reconcile event. */
  static List<TargetGroupBinding> targetGroupBindings(
      Collection<TargetGroupBinding> bindings, Reconciles reconciles) {
    return bindings.stream()
        .sorted(
            Comparator.comparing(TargetGroupBinding::namespace)
                .thenComparing(TargetGroupBinding::name))
        .map(b -> withReconcile(b, reconciles))
        .toList();
  }

  private static TargetGroupBinding withReconcile(
      TargetGroupBinding binding, Reconciles reconciles) {
    return new TargetGroupBinding(
        binding.namespace(),
        binding.name(),
        binding.service(),
        binding.servicePort(),
        binding.targetGroupArn(),
        reconciles.of("TargetGroupBinding", binding.namespace(), binding.name()));
  }

  /** The fields of an object without a Java class; a field of another type counts as absent. */
  record Fields(GenericKubernetesResource object) {
    /** The text at a path, or an empty one. */
    String text(String... path) {
      var value = at(path);
      return value instanceof String || value instanceof Number ? value.toString() : "";
    }

    /** The texts in the list at a path. */
    List<String> texts(String... path) {
      return list(path).stream().filter(String.class::isInstance).map(String.class::cast).toList();
    }

    /** The objects in the list at a path. */
    List<Map<?, ?>> objects(String... path) {
      return objects(list(path));
    }

    /** The value at a path. */
    @Nullable Object at(String... path) {
      Object value = object.getAdditionalProperties();
      for (var name : path) {
        value = value instanceof Map<?, ?> map ? map.get(name) : null;
      }
      return value;
    }

    /** The object at a path, or an empty one. */
    Map<?, ?> map(String... path) {
      return at(path) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** The text of a field of one of the objects, or an empty one. */
    static String text(Map<?, ?> map, String name) {
      return map.get(name) instanceof String text ? text : "";
    }

    /** The whole number in a field of one of the objects, or 0. */
    static int number(Map<?, ?> map, String name) {
      return map.get(name) instanceof Number number ? number.intValue() : 0;
    }

    /** A condition in the status of an object. */
    static Condition condition(Map<?, ?> map) {
      return new Condition(
          text(map, "type"),
          text(map, "status"),
          text(map, "reason"),
          message(text(map, "message")));
    }

    /** The objects in the list in a field of one of the objects. */
    static List<Map<?, ?>> objects(Map<?, ?> map, String name) {
      return map.get(name) instanceof List<?> list ? objects(list) : List.of();
    }

    private static List<Map<?, ?>> objects(List<?> list) {
      return list.stream()
          .filter(Map.class::isInstance)
          .<Map<?, ?>>map(entry -> (Map<?, ?>) entry)
          .toList();
    }

    private List<?> list(String... path) {
      return at(path) instanceof List<?> list ? list : List.of();
    }
  }
}
