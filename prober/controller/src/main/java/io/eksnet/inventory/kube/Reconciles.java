package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last reconcile event of the AWS Load Balancer Controller about each object. */
final class Reconciles {
  /**
   * Times are whole seconds: of two in the same second the success, which ends a retry, is later.
   */
  private static final Comparator<CachedEvent> BY_TIME =
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
                    event.subject(), event, (a, b) -> BY_TIME.compare(a, b) >= 0 ? a : b));
    return found;
  }

  /** The last reconcile of an object, if there was an event about it. */
  Optional<Reconcile> of(String kind, String namespace, String name) {
    return Optional.ofNullable(last.get(CachedEvent.subject(kind, namespace, name)))
        .map(
            event ->
                new Reconcile(
                    event.warning(), cause(event), event.reason(), event.message(), event.count()));
  }

  private static ReconcileCause cause(CachedEvent event) {
    return switch (event.reason()) {
      // both are about an invalid reference, whatever the message
      case "BackendNotFound", "ConflictingIngressClass" -> ReconcileCause.ANNOTATION;
      default ->
          event.warning() ? ReconcileErrorParser.parse(event.message()) : ReconcileCause.OTHER;
    };
  }
}
