package io.eksnet.lab.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Any other Kubernetes object, in YAML as people write it. */
public record KubeObject(String key, String yaml) implements Item {
  /** An object; its key is {@code Kind namespace/name} or {@code Kind name}. */
  public static KubeObject of(String yaml) {
    var object = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    var meta = object.getMetadata();
    var namespace = meta.getNamespace();
    var name = (namespace == null ? "" : namespace + "/") + meta.getName();
    return new KubeObject(object.getKind() + " " + name, yaml);
  }

  /** The same with a text replaced wherever it stands. */
  public KubeObject replaced(String text, String by) {
    if (!yaml.contains(text)) {
      throw new IllegalArgumentException(key + " does not contain \"" + text + "\"");
    }
    return of(yaml.replace(text, by));
  }
}
