package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.Resources;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Node classes and what is wrong with them. */
final class NodeClasses {
  private NodeClasses() {}

  /** Those with a false condition that is so. */
  static Stream<NodeClass> withFalse(Predicate<Condition> so, Evidence evidence) {
    return evidence.inventory().list(Resources.NODE_CLASSES).stream()
        .filter(nodeClass -> condition(so, nodeClass).isPresent());
  }

  static Optional<Condition> condition(Predicate<Condition> so, NodeClass nodeClass) {
    return nodeClass.conditions().stream()
        .filter(condition -> condition.status().equals("False"))
        .filter(so)
        .findFirst();
  }

  static boolean findsNoSubnets(Condition condition) {
    return condition.reason().equals("SubnetsNotFound");
  }

  static boolean lacksPermission(Condition condition) {
    return condition.reason().endsWith("AuthCheckFailed");
  }

  static String said(Condition condition) {
    return "%s=%s, %s: \"%s\""
        .formatted(condition.type(), condition.status(), condition.reason(), condition.message());
  }
}
