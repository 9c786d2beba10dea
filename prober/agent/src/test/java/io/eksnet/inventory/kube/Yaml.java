package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Objects as kubectl shows them. */
final class Yaml {
  private static final KubernetesSerialization READER = new KubernetesSerialization();

  private Yaml() {}

  static <T> T read(Class<T> type, String yaml) {
    return READER.unmarshal(yaml, type);
  }
}
