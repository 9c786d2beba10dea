package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.ResultWindow.Span;
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
record ProbeResults<S extends SeriesKey>(List<Sighting<S>> all) {
  /** What one agent saw of one subject. */
  record Sighting<S extends SeriesKey>(String node, String zone, S subject, ResultWindow track) {
    private boolean failedWhile(NavigableSet<Span> successes) {
      return track.failures().filter(span -> span.holdsOneOf(successes)).isPresent();
    }
  }

  static <S extends SeriesKey> ProbeResults<S> of(Evidence evidence, Class<S> type) {
    return new ProbeResults<>(
        evidence.agents().stream().flatMap(agent -> ProbeResults.of(agent, type)).toList());
  }

  private static <S extends SeriesKey> Stream<Sighting<S>> of(AgentReport agent, Class<S> type) {
    return agent.tracks().stream()
        .filter(track -> type.isInstance(track.subject()) && !track.results().isEmpty())
        .map(
            track -> new Sighting<>(agent.node(), agent.zone(), type.cast(track.subject()), track));
  }

  /** Those of such subjects. */
  ProbeResults<S> where(Predicate<S> subject) {
    return only(seen -> subject.test(seen.subject()));
  }

  /** Those of such nodes. */
  ProbeResults<S> on(Predicate<String> node) {
    return only(seen -> node.test(seen.node()));
  }

  /** Those whose latest runs came to this. */
  ProbeResults<S> that(Predicate<ResultWindow> track) {
    return only(seen -> track.test(seen.track()));
  }

  ProbeResults<S> failing() {
    return that(ResultWindow::failing);
  }

  ProbeResults<S> failing(String outcome) {
    return that(track -> track.failing(outcome));
  }

  ProbeResults<S> healthy() {
    return that(ResultWindow::healthy);
  }

  /**
   * Those that failed while one of these succeeded on the same node. What succeeded only before or
   * after the failures may have failed as well.
   */
  <O extends SeriesKey> ProbeResults<S> whileGood(ProbeResults<O> others) {
    var byNode = others.on(nodes()::contains).by(Sighting::node);
    var successes = new HashMap<String, NavigableSet<Span>>();
    return only(
        seen ->
            seen.failedWhile(
                successes.computeIfAbsent(seen.node(), node -> byNode.of(node).successes())));
  }

  /** Those during whose failures each of these, of the same node, succeeded as well. */
  <O extends SeriesKey> ProbeResults<S> whileAllGood(ProbeResults<O> others) {
    var byNode = others.on(nodes()::contains).by(Sighting::node);
    return only(
        seen ->
            byNode.of(seen.node()).all().stream()
                .allMatch(
                    other -> seen.failedWhile(new ProbeResults<>(List.of(other)).successes())));
  }

  /** Those that failed while one of these runs succeeded. */
  ProbeResults<S> failedWhile(NavigableSet<Span> successes) {
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
  boolean fromMostNodesOf(ProbeResults<S> others) {
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
  record Groups<S extends SeriesKey>(Map<String, List<Sighting<S>>> byKey) {
    ProbeResults<S> of(String key) {
      return new ProbeResults<>(byKey.getOrDefault(key, List.of()));
    }
  }

  private ProbeResults<S> only(Predicate<Sighting<S>> so) {
    return new ProbeResults<>(all.stream().filter(so).toList());
  }
}
