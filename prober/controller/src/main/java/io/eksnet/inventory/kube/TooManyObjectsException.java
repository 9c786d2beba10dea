package io.eksnet.inventory.kube;

/** A kind has more objects than the controller keeps. */
final class TooManyObjectsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooManyObjectsException(ResourceKind<?, ?> kind, int maxObjects) {
    super(
        "%s: more than %d objects; the limit protects the controller's memory"
            .formatted(kind.label(), maxObjects),
        null,
        false,
        false);
  }
}
