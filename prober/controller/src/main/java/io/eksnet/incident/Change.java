package io.eksnet.incident;

import io.eksnet.model.Labelled;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A difference between two reads of the inventory. It happened between them.
 *
 * @param notBefore when the earlier value was read
 * @param at when the later value was read
 * @param object as the scope of a finding: kind/name, or {@code cluster}
 * @param related further objects that it concerns
 * @param what the attribute that changed, such as {@code listeners}; empty for a whole object
 * @param from what the later value lacks; empty: nothing
 * @param to what the earlier value lacks; empty: nothing
 * @param manager the Kubernetes field manager that wrote the object last; empty: unknown
 */
public record Change(
    Instant notBefore,
    Instant at,
    Kind kind,
    String object,
    List<String> related,
    String what,
    String from,
    String to,
    String manager) {
  /** What happened to the object. */
  public enum Kind implements Labelled {
    ADDED,
    REMOVED,
    CHANGED;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Change {
    related = List.copyOf(related);
  }

  /** The object and those that the change concerns. */
  Stream<String> objects() {
    return Stream.concat(Stream.of(object), related.stream());
  }

  /** One line, such as {@code subnet/subnet-1: tags: kubernetes.io/role/elb=1 removed}. */
  public String text() {
    return difference() + (manager.isEmpty() ? "" : " by " + manager);
  }

  private String difference() {
    if (kind != Kind.CHANGED) {
      var detail = kind == Kind.ADDED ? to : from;
      return object + " " + kind.label() + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
    if (from.isEmpty() || to.isEmpty()) {
      return "%s: %s: %s %s"
          .formatted(
              object, what, from.isEmpty() ? to : from, from.isEmpty() ? "added" : "removed");
    }
    return "%s: %s: %s to %s".formatted(object, what, from, to);
  }
}
