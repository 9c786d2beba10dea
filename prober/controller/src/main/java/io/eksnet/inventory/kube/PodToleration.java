package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.Taint;
import io.fabric8.kubernetes.api.model.Toleration;

/** A toleration of a pod; empty parts match every taint (Kubernetes, "Taints and Tolerations"). */
record PodToleration(String key, String operator, String value, String effect) {
  static PodToleration of(Toleration toleration) {
    return new PodToleration(
        text(toleration.getKey()),
        text(toleration.getOperator()),
        text(toleration.getValue()),
        text(toleration.getEffect()));
  }

  boolean tolerates(Taint taint) {
    return (effect.isEmpty() || effect.equals(taint.effect()))
        && (key.isEmpty() ? operator.equals("Exists") : key.equals(taint.key()))
        && (operator.equals("Exists") || value.equals(taint.value()));
  }
}
