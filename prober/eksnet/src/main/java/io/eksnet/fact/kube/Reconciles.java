package io.eksnet.fact.kube;

import io.eksnet.core.inventory.Reconcile;
import io.eksnet.core.inventory.ReconcileCause;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last word of the load balancer controller about each of its objects. */
final class Reconciles {
  /** When two were said in the same second, the success is the later one: it ends the attempt. */
  private static final Comparator<SeenEvent> LATER =
      Comparator.comparing(SeenEvent::last).thenComparing(event -> !event.warning());

  private final Map<String, SeenEvent> last = new HashMap<>();

  private Reconciles() {}

  static Reconciles of(Collection<SeenEvent> events) {
    var found = new Reconciles();
    events.stream()
        .filter(event -> event.sandbox().isEmpty())
        .forEach(
            event ->
                found.last.merge(
                    event.subject(), event, (a, b) -> LATER.compare(a, b) >= 0 ? a : b));
    return found;
  }

  /** What it said of an object, if it said something lately. */
  Optional<Reconcile> about(String kind, String namespace, String name) {
    return Optional.ofNullable(last.get(SeenEvent.subject(kind, namespace, name)))
        .map(
            event ->
                new Reconcile(
                    event.warning(),
                    cause(event),
                    event.reason(),
                    event.message(),
                    event.last(),
                    event.count()));
  }

  private static ReconcileCause cause(SeenEvent event) {
    return switch (event.reason()) {
      // both name a reference that leads nowhere, whatever the words
      case "BackendNotFound", "ConflictingIngressClass" -> ReconcileCause.ANNOTATION;
      default -> event.warning() ? ControllerWords.cause(event.message()) : ReconcileCause.OTHER;
    };
  }
}
