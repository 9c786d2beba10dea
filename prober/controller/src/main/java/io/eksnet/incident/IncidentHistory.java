package io.eksnet.incident;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.incident.Incident.ConfidenceSample;
import io.eksnet.incident.Incident.Part;
import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.Inventory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The incidents of a cluster, oldest first: the last 200, in 8 MiB.
 *
 * <p>A finding that ends and comes back within 5 minutes continues its incident. A new finding
 * joins an incident that is open, or closed for less than 5 minutes, if it is connected with one of
 * its findings; if it is connected with several incidents, they become one, with the ID of the
 * oldest. Findings are connected if one explains the other, if they name the same object or objects
 * next to each other on the path of requests, or if they have the same cause and began within 5
 * minutes.
 */
public record IncidentHistory(List<Incident> all) {
  public static final IncidentHistory NONE = new IncidentHistory(List.of());

  static final int MAX_INCIDENTS = 200;
  static final long MAX_BYTES = 8L << 20;

  /** Further findings of an incident are left out. */
  static final int MAX_PARTS = 50;

  private static final int MAX_CONFIDENCE_SAMPLES = 50;
  private static final int MAX_AGENTS = 100;
  private static final int MAX_CHANGES = 20;
  private static final int BYTES_PER_CHARACTER = 2;
  private static final Duration CONTINUE_WITHIN = Duration.ofMinutes(5);
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Objects on the path of requests; nodes, zones and subnets are shared by what is unrelated. */
  private static final Set<String> PATH_KINDS =
      Set.of(
          "ingress",
          "gateway",
          "httproute",
          "grpcroute",
          "tcproute",
          "tlsroute",
          "service",
          "target_group",
          "targetgroupbinding",
          "lb");

  /** A finding and when it was first found. */
  public record Open(Instant since, Finding finding) {}

  /**
   * What a diagnosis found.
   *
   * @param findings what is wrong, without notices and ignored findings
   * @param agents nodes of the agents whose probes fail
   * @param inventory the input of the diagnosis
   * @param changes recent ones
   * @param complete whether a finding that is missing has ended; not when the evidence is
   *     incomplete
   */
  public record Diagnosed(
      Instant at,
      List<Open> findings,
      Set<String> agents,
      Inventory inventory,
      List<Change> changes,
      boolean complete) {}

  public IncidentHistory {
    all = List.copyOf(all);
  }

  /** The incident that a link with this ID means. */
  public Optional<Incident> find(String id) {
    return all.stream().filter(incident -> incident.hasId(id)).findFirst();
  }

  public List<Incident> open() {
    return all.stream().filter(Incident::isOpen).toList();
  }

  /** The incidents after a diagnosis. */
  public IncidentHistory update(Diagnosed now) {
    var left = new ArrayList<>(now.findings());
    left.sort(Comparator.comparing(Open::since).thenComparing(open -> open.finding().cause()));
    var next = new ArrayList<Incident>();
    for (var incident : all) {
      next.add(isActive(incident, now.at()) ? continued(incident, left, now) : incident);
    }
    var grown = !left.isEmpty();
    if (grown) {
      var related = RelatedObjects.of(now.inventory());
      left.forEach(open -> add(next, open, now.at(), related));
    }
    next.replaceAll(incident -> incident.isOpen() ? withContext(incident, now) : incident);
    return new IncidentHistory(grown ? bounded(next) : next);
  }

  /** Whether findings may continue it. */
  private static boolean isActive(Incident incident, Instant now) {
    return incident
        .closed()
        .map(closed -> !closed.plus(CONTINUE_WITHIN).isBefore(now))
        .orElse(true);
  }

  /** The incident with its findings as they are now; removes these from {@code left}. */
  private static Incident continued(Incident incident, List<Open> left, Diagnosed now) {
    var parts =
        incident.parts().stream()
            .map(
                part ->
                    take(left, part)
                        .map(open -> found(part, open.finding(), now.at()))
                        .orElseGet(() -> now.complete() ? ended(part, now.at()) : part))
            .toList();
    return withParts(incident, parts);
  }

  private static Optional<Open> take(List<Open> left, Part part) {
    var found = left.stream().filter(open -> part.isOf(open.finding())).findFirst();
    found.ifPresent(left::remove);
    return found;
  }

  private static Part found(Part part, Finding finding, Instant at) {
    var samples = part.confidence();
    var percent = finding.confidence().percent();
    var isNew = samples.isEmpty() || samples.get(samples.size() - 1).percent() != percent;
    return new Part(
        part.began(),
        Optional.empty(),
        finding,
        part.firstEvidence(),
        isNew && samples.size() < MAX_CONFIDENCE_SAMPLES
            ? Stream.concat(samples.stream(), Stream.of(new ConfidenceSample(at, percent))).toList()
            : samples);
  }

  private static Part ended(Part part, Instant at) {
    return part.isOpen()
        ? new Part(
            part.began(), Optional.of(at), part.finding(), part.firstEvidence(), part.confidence())
        : part;
  }

  private static void add(
      List<Incident> incidents, Open open, Instant now, RelatedObjects related) {
    var part =
        new Part(
            open.since(),
            Optional.empty(),
            open.finding(),
            open.finding().evidence(),
            List.of(new ConfidenceSample(now, open.finding().confidence().percent())));
    var connected =
        incidents.stream()
            .filter(incident -> isActive(incident, now))
            .filter(incident -> isConnected(incident, part, now, related))
            .toList();
    if (connected.isEmpty()) {
      if (incidents.stream().filter(Incident::isOpen).count() < MAX_INCIDENTS) {
        incidents.add(opened(incidents, part));
      }
      return;
    }
    incidents.set(incidents.indexOf(connected.get(0)), joined(connected, part));
    incidents.removeAll(connected.subList(1, connected.size()));
  }

  private static boolean isConnected(
      Incident incident, Part part, Instant now, RelatedObjects related) {
    return incident.parts().stream()
        .filter(
            other -> other.ended().map(at -> !at.plus(CONTINUE_WITHIN).isBefore(now)).orElse(true))
        .anyMatch(other -> isConnected(other, part, related));
  }

  private static boolean isConnected(Part one, Part other, RelatedObjects related) {
    return Causality.causes(List.of(one.finding(), other.finding())).size() == 1
        || (one.finding().cause() == other.finding().cause()
            && Duration.between(one.began(), other.began()).abs().compareTo(CONTINUE_WITHIN) <= 0)
        || shareObject(one.finding(), other.finding(), related);
  }

  private static boolean shareObject(Finding one, Finding other, RelatedObjects related) {
    var objects =
        Incident.objects(one)
            .filter(IncidentHistory::isSpecific)
            .collect(toCollection(HashSet::new));
    related.distances(objects, 1).keySet().stream()
        .filter(IncidentHistory::isOnPath)
        .forEach(objects::add);
    return Incident.objects(other).anyMatch(objects::contains);
  }

  private static boolean isSpecific(String object) {
    return object.contains("/") && !object.startsWith("zone/");
  }

  private static boolean isOnPath(String object) {
    return PATH_KINDS.contains(object.substring(0, Math.max(0, object.indexOf('/'))));
  }

  private static Incident opened(List<Incident> incidents, Part part) {
    return new Incident(
        id(incidents, part),
        List.of(),
        part.began(),
        Optional.empty(),
        List.of(part),
        List.of(),
        List.of());
  }

  private static String id(List<Incident> incidents, Part first) {
    var crc = new CRC32();
    crc.update(
        (first.finding().cause().label() + " " + first.finding().scope())
            .getBytes(StandardCharsets.UTF_8));
    var time = ID_TIME.format(first.began());
    return Stream.iterate(crc.getValue(), hash -> hash + 1)
        .map(hash -> "inc-%s-%04x".formatted(time, hash & 0xffff))
        .filter(id -> incidents.stream().noneMatch(incident -> incident.hasId(id)))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The first of the incidents, with the findings of all and one more. Above the limit those that
   * ended go first, then the latest.
   */
  private static Incident joined(List<Incident> incidents, Part more) {
    var first = incidents.get(0);
    var others = incidents.subList(1, incidents.size());
    var parts =
        Stream.concat(
                incidents.stream().flatMap(incident -> incident.parts().stream()), Stream.of(more))
            .sorted(Comparator.comparing((Part part) -> !part.isOpen()).thenComparing(Part::began))
            .limit(MAX_PARTS)
            .sorted(Comparator.comparing(Part::began))
            .toList();
    var merged =
        Stream.concat(
                first.mergedIds().stream(),
                others.stream()
                    .flatMap(
                        other -> Stream.concat(Stream.of(other.id()), other.mergedIds().stream())))
            .toList();
    return withParts(
        new Incident(
            first.id(),
            merged,
            incidents.stream()
                .map(Incident::opened)
                .reduce(more.began(), (one, other) -> one.isBefore(other) ? one : other),
            first.closed(),
            first.parts(),
            union(incidents.stream().map(Incident::agents).toList()),
            first.changes()),
        parts);
  }

  /** It is open while one of its findings is, and closed since the last of them ended. */
  private static Incident withParts(Incident incident, List<Part> parts) {
    var closed =
        parts.stream().anyMatch(Part::isOpen)
            ? Optional.<Instant>empty()
            : parts.stream().flatMap(part -> part.ended().stream()).max(Comparator.naturalOrder());
    return new Incident(
        incident.id(),
        incident.mergedIds(),
        incident.opened(),
        closed,
        parts,
        incident.agents(),
        incident.changes());
  }

  private static Incident withContext(Incident incident, Diagnosed now) {
    return new Incident(
        incident.id(),
        incident.mergedIds(),
        incident.opened(),
        incident.closed(),
        incident.parts(),
        union(List.of(incident.agents(), now.agents())),
        changes(incident, now));
  }

  /** Those known before stay if the list of changes was lost since. */
  private static List<Change> changes(Incident incident, Diagnosed now) {
    if (now.at().isAfter(incident.opened().plus(ChangeRanking.READ_DELAY))) {
      return incident.changes();
    }
    var ranked =
        ChangeRanking.before(
            incident.opened(), incident.findings(), now.changes(), now.inventory());
    return ranked.isEmpty() ? incident.changes() : ranked.stream().limit(MAX_CHANGES).toList();
  }

  private static List<String> union(Collection<? extends Collection<String>> nodes) {
    var all = new TreeSet<String>();
    nodes.forEach(all::addAll);
    return all.stream().limit(MAX_AGENTS).toList();
  }

  /** Drops the oldest closed incidents above the limits. */
  private static List<Incident> bounded(List<Incident> incidents) {
    var kept = new ArrayList<>(incidents);
    var bytes = kept.stream().mapToLong(IncidentHistory::bytes).sum();
    for (var incident : incidents) {
      if (kept.size() <= MAX_INCIDENTS && bytes <= MAX_BYTES) {
        break;
      }
      if (!incident.isOpen()) {
        kept.remove(incident);
        bytes -= bytes(incident);
      }
    }
    return kept;
  }

  private static long bytes(Incident incident) {
    return (long) incident.toString().length() * BYTES_PER_CHARACTER;
  }
}
