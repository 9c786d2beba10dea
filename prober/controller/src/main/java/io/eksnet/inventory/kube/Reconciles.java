package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last word of the load balancer controller about each of its objects. */
final class Reconciles {
  /** When two were said in the same second, the success is the later one: it ends the attempt. */
  private static final Comparator<CachedEvent> LATER =
      Comparator.comparing(CachedEvent::last).thenComparing(event -> !event.warning());

  private final Map<String, CachedEvent> last = new HashMap<>();

  private Reconciles() {}

  static Reconciles of(Collection<CachedEvent> events) {
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
    return Optional.ofNullable(last.get(CachedEvent.subject(kind, namespace, name)))
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

  private static ReconcileCause cause(CachedEvent event) {
    return switch (event.reason()) {
      // both name a reference that leads nowhere, whatever the words
      case "BackendNotFound", "ConflictingIngressClass" -> ReconcileCause.ANNOTATION;
      default ->
          event.warning() ? ReconcileErrorParser.cause(event.message()) : ReconcileCause.OTHER;
    };
  }
}
