package io.eksnet.inventory.kube;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The interface of a pod with security groups of its own, from its annotation. */
final class BranchInterface {
  static final String ANNOTATION = "vpc.amazonaws.com/pod-eni";

  private BranchInterface() {}

  /** The id in {@code [{"eniId":"eni-…","privateIp":"…","vlanId":1,"subnetCidr":"…"}]}. */
  static Optional<String> of(@Nullable String annotation) {
    if (annotation == null || annotation.isBlank()) {
      return Optional.empty();
    }
    try {
      return new JsonArray(annotation)
          .stream()
              .filter(JsonObject.class::isInstance)
              .map(entry -> ((JsonObject) entry).getValue("eniId"))
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .filter(id -> id.startsWith("eni-"))
              .findFirst();
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }
}
