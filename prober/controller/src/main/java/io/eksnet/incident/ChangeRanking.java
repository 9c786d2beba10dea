package io.eksnet.incident;

import static java.util.stream.Collectors.joining;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.inventory.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The changes before findings, those on the same objects first. */
public final class ChangeRanking {
  /** How long before a finding a change may be its reason. */
  static final Duration WINDOW = Duration.ofMinutes(15);

  /** AWS is read every few minutes, so a change may be read after the fault that it caused. */
  static final Duration READ_DELAY = Duration.ofMinutes(10);

  private static final int MAX_HOPS = 3;
  private static final int MENTIONED = 1;
  private static final int SAME_KIND = MAX_HOPS + 1;
  private static final int UNRELATED = MAX_HOPS + 2;

  /** What findings call the objects of a kind. */
  private static final Map<String, String> KINDS =
      Map.of(
          "fargateprofile", "fargate profile",
          "podidentityassociation", "pod identity association",
          "endpoint", "vpc endpoint",
          "subnet", "subnet",
          "nodeclass", "node class",
          "ingressclass", "ingressclass",
          "node", "node ");

  private ChangeRanking() {}

  /** A change, and how close its objects are to those of the findings: 0 is one of them. */
  private record Ranked(Change change, int distance) {}

  /**
   * The changes that may have happened in the 15 minutes before {@code start}: first by how close
   * their objects are to those of the findings, then the latest first.
   *
   * @param start when the first of the findings began
   */
  public static List<Change> before(
      Instant start, Collection<Finding> findings, List<Change> changes, Inventory inventory) {
    var candidates =
        changes.stream()
            .filter(change -> !change.at().isBefore(start.minus(WINDOW)))
            .filter(change -> !change.notBefore().isAfter(start))
            .filter(change -> !change.at().isAfter(start.plus(READ_DELAY)))
            .toList();
    if (candidates.isEmpty()) {
      return List.of();
    }
    var distances = RelatedObjects.of(inventory).distances(objects(findings), MAX_HOPS);
    var text =
        findings.stream()
            .flatMap(ChangeRanking::texts)
            .collect(joining("\n"))
            .toLowerCase(Locale.ROOT);
    return candidates.stream()
        .map(change -> new Ranked(change, distance(change, distances, text)))
        .sorted(
            Comparator.comparingInt(Ranked::distance)
                .thenComparing(ranked -> ranked.change().at(), Comparator.reverseOrder()))
        .map(Ranked::change)
        .toList();
  }

  private static Set<String> objects(Collection<Finding> findings) {
    var objects = new LinkedHashSet<String>();
    for (var finding : findings) {
      objects.add(finding.scope());
      objects.addAll(finding.affected());
      if (finding.cause().layer() == Layer.DNS) {
        objects.add("component/coredns");
      }
    }
    return objects;
  }

  /** The closest of its objects, unless the text of the findings names the change itself. */
  private static int distance(Change change, Map<String, Integer> distances, String text) {
    var closest =
        change
            .objects()
            .mapToInt(object -> distances.getOrDefault(object, UNRELATED))
            .min()
            .orElse(UNRELATED);
    return Math.min(closest, mention(change, text));
  }

  private static int mention(Change change, String text) {
    if (names(text, change.object())) {
      return MENTIONED;
    }
    var kind = KINDS.get(kind(change.object()));
    if (kind == null || !text.contains(kind)) {
      return UNRELATED;
    }
    return !change.what().isEmpty() && text.contains(singular(change.what()))
        ? MENTIONED
        : SAME_KIND;
  }

  /** A common word, such as the node class "default", is a name only with its kind. */
  private static boolean names(String text, String object) {
    var name = name(object);
    return name.contains("-")
        ? text.contains(name)
        : object.contains("/") && text.contains(object.toLowerCase(Locale.ROOT));
  }

  private static String singular(String what) {
    return what.endsWith("s") ? what.substring(0, what.length() - 1) : what;
  }

  private static String kind(String object) {
    return object.substring(0, Math.max(0, object.indexOf('/')));
  }

  private static String name(String object) {
    return object.substring(object.indexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  private static Stream<String> texts(Finding finding) {
    return Stream.of(
            Stream.of(finding.scope()),
            finding.affected().stream(),
            finding.evidence().stream(),
            finding.excluded().stream(),
            finding.fix().stream())
        .flatMap(lines -> lines);
  }
}
