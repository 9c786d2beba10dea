package io.eksnet.inventory.kube;

import java.util.Locale;
import java.util.Optional;

/** Reads references to container images. */
final class ImageReference {
  /** The registry of references that name none (distribution/reference, {@code normalize.go}). */
  private static final String DEFAULT_REGISTRY = "docker.io";

  private ImageReference() {}

  /**
   * The registry, with its port if it has one; empty without a reference. As container runtimes, it
   * takes the first part for a registry if it has a dot or a port, or is {@code localhost}.
   */
  static Optional<String> registry(String image) {
    if (image.isEmpty()) {
      return Optional.empty();
    }
    var slash = image.indexOf('/');
    var first = slash < 0 ? "" : image.substring(0, slash);
    var isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    return Optional.of(isHost ? first.toLowerCase(Locale.ROOT) : DEFAULT_REGISTRY);
  }
}
