package io.eksnet.incident;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.model.diagnosis.Causality;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Findings that were open at the same time and are connected.
 *
 * @param id such as {@code inc-20261129-0258-1f3a}: when it opened, in UTC, and a hash of its first
 *     finding; it never changes
 * @param mergedIds the IDs of incidents that turned out to be part of this one
 * @param opened when its first finding began
 * @param closed when its last finding ended; empty: it is open
 * @param parts its findings, in the order of their start
 * @param agents nodes of the agents whose probes failed while it was open, sorted
 * @param changes those before it, most likely ones first
 */
public record Incident(
    String id,
    List<String> mergedIds,
    Instant opened,
    Optional<Instant> closed,
    List<Part> parts,
    List<String> agents,
    List<Change> changes) {
  /** The confidence of a finding from {@code at} on. */
  public record ConfidenceSample(Instant at, int percent) {}

  /**
   * One finding over time.
   *
   * @param began when it was first found
   * @param ended when it was no longer found; empty: it is open
   * @param finding as it was found last
   * @param firstEvidence its evidence when it was first reported
   * @param confidence samples, one for each difference, oldest first
   */
  public record Part(
      Instant began,
      Optional<Instant> ended,
      Finding finding,
      List<String> firstEvidence,
      List<ConfidenceSample> confidence) {
    public Part {
      firstEvidence = List.copyOf(firstEvidence);
      confidence = List.copyOf(confidence);
    }

    boolean isOpen() {
      return ended.isEmpty();
    }

    boolean isOf(Finding other) {
      return finding.cause() == other.cause() && finding.scope().equals(other.scope());
    }
  }

  public Incident {
    mergedIds = List.copyOf(mergedIds);
    parts = List.copyOf(parts);
    agents = List.copyOf(agents);
    changes = List.copyOf(changes);
  }

  public boolean isOpen() {
    return closed.isEmpty();
  }

  /** Whether a link to {@code other} means this incident. */
  public boolean hasId(String other) {
    return id.equals(other) || mergedIds.contains(other);
  }

  /** Its findings as they were found last. */
  public List<Finding> findings() {
    return parts.stream().map(Part::finding).toList();
  }

  /** The causes that no other finding of it explains, the most certain one first. */
  public List<RootCause> causes() {
    return Causality.causes(findings()).stream()
        .sorted(
            Comparator.comparingInt((Finding finding) -> finding.confidence().percent()).reversed())
        .map(Finding::cause)
        .distinct()
        .toList();
  }

  /** The objects that its findings name. */
  public Set<String> objects() {
    return findings().stream().flatMap(Incident::objects).collect(toCollection(LinkedHashSet::new));
  }

  static Stream<String> objects(Finding finding) {
    return Stream.concat(Stream.of(finding.scope()), finding.affected().stream());
  }
}
