package io.eksnet.diagnose;

import io.eksnet.core.Subject;
import io.eksnet.core.diagnosis.AgentReport;
import io.eksnet.core.diagnosis.Evidence;
import io.eksnet.core.diagnosis.Track;
import io.eksnet.core.diagnosis.Track.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What agents saw of subjects of one type; nodes without a result say nothing. */
record Sightings<S extends Subject>(List<Sighting<S>> all) {
  /** What one agent saw of one subject. */
  record Sighting<S extends Subject>(String node, String zone, S subject, Track track) {
    private boolean failedWhile(NavigableSet<Span> successes) {
      return track.failures().filter(span -> span.holdsOneOf(successes)).isPresent();
    }
  }

  static <S extends Subject> Sightings<S> of(Evidence evidence, Class<S> type) {
    return new Sightings<>(
        evidence.agents().stream().flatMap(agent -> Sightings.of(agent, type)).toList());
  }

  private static <S extends Subject> Stream<Sighting<S>> of(AgentReport agent, Class<S> type) {
    return agent.tracks().stream()
        .filter(track -> type.isInstance(track.subject()) && !track.results().isEmpty())
        .map(
            track -> new Sighting<>(agent.node(), agent.zone(), type.cast(track.subject()), track));
  }

  /** Those of such subjects. */
  Sightings<S> where(Predicate<S> subject) {
    return only(seen -> subject.test(seen.subject()));
  }

  /** Those of such nodes. */
  Sightings<S> on(Predicate<String> node) {
    return only(seen -> node.test(seen.node()));
  }

  /** Those whose latest runs came to this. */
  Sightings<S> that(Predicate<Track> track) {
    return only(seen -> track.test(seen.track()));
  }

  Sightings<S> failing() {
    return that(Track::failing);
  }

  Sightings<S> failing(String outcome) {
    return that(track -> track.failing(outcome));
  }

  Sightings<S> healthy() {
    return that(Track::healthy);
  }

  /**
   * Those that failed while one of these succeeded on the same node. What succeeded only before or
   * after the failures may have failed as well.
   */
  <O extends Subject> Sightings<S> whileGood(Sightings<O> others) {
    var byNode = others.on(nodes()::contains).by(Sighting::node);
    var successes = new HashMap<String, NavigableSet<Span>>();
    return only(
        seen ->
            seen.failedWhile(
                successes.computeIfAbsent(seen.node(), node -> byNode.of(node).successes())));
  }

  /** Those during whose failures each of these, of the same node, succeeded as well. */
  <O extends Subject> Sightings<S> whileAllGood(Sightings<O> others) {
    var byNode = others.on(nodes()::contains).by(Sighting::node);
    return only(
        seen ->
            byNode.of(seen.node()).all().stream()
                .allMatch(other -> seen.failedWhile(new Sightings<>(List.of(other)).successes())));
  }

  /** Those that failed while one of these runs succeeded. */
  Sightings<S> failedWhile(NavigableSet<Span> successes) {
    return only(seen -> seen.failedWhile(successes));
  }

  /** When runs that succeeded began and ended. */
  NavigableSet<Span> successes() {
    return all.stream()
        .flatMap(seen -> seen.track().successes())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether there are any and all are healthy. */
  boolean allHealthy() {
    return !isEmpty() && healthy().all.size() == all.size();
  }

  Set<String> nodes() {
    return values(Sighting::node);
  }

  Set<String> zones() {
    return values(Sighting::zone);
  }

  /** Whether these are from more than half of the nodes that {@code others} are from. */
  boolean fromMostNodesOf(Sightings<S> others) {
    return nodes().size() * 2 > others.nodes().size();
  }

  Set<String> values(Function<Sighting<S>, String> of) {
    return all.stream().map(of).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of each key, found in one pass: a cluster has thousands of nodes. */
  Groups<S> by(Function<Sighting<S>, String> key) {
    return new Groups<>(all.stream().collect(Collectors.groupingBy(key)));
  }

  /** Sightings by a key; none under one that was not seen. */
  record Groups<S extends Subject>(Map<String, List<Sighting<S>>> byKey) {
    Sightings<S> of(String key) {
      return new Sightings<>(byKey.getOrDefault(key, List.of()));
    }
  }

  private Sightings<S> only(Predicate<Sighting<S>> so) {
    return new Sightings<>(all.stream().filter(so).toList());
  }
}
