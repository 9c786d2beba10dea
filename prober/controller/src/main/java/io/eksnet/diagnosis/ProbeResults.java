package io.eksnet.diagnosis;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.Result;
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

/** Latest probe results of series with one type of key; nodes without results are unknown. */
record ProbeResults<S extends SeriesKey>(List<Series<S>> series) {
  /** The latest results of one series on one node. */
  record Series<S extends SeriesKey>(String node, String zone, S key, ResultWindow window) {
    private boolean failedDuring(NavigableSet<Span> successes) {
      return window.failures().filter(span -> span.holdsOneOf(successes)).isPresent();
    }
  }

  static <S extends SeriesKey> ProbeResults<S> none() {
    return new ProbeResults<>(List.of());
  }

  ProbeResults<S> where(Predicate<S> key) {
    return filter(one -> key.test(one.key()));
  }

  ProbeResults<S> onNodes(Predicate<String> node) {
    return filter(one -> node.test(one.node()));
  }

  ProbeResults<S> matching(Predicate<ResultWindow> window) {
    return filter(one -> window.test(one.window()));
  }

  ProbeResults<S> failing() {
    return matching(ResultWindow::failing);
  }

  ProbeResults<S> failing(String outcome) {
    return matching(window -> window.failing(outcome));
  }

  /** Series whose last two runs failed, each in one of these ways. */
  ProbeResults<S> failingWith(Set<String> outcomes) {
    return matching(
        window ->
            window.failing()
                && window.results().stream()
                    .limit(2)
                    .allMatch(result -> outcomes.contains(result.outcome())));
  }

  /** The outcomes of the last runs. */
  Set<String> lastOutcomes() {
    return series.stream()
        .flatMap(one -> one.window().last().stream())
        .map(Result::outcome)
        .collect(toCollection(TreeSet::new));
  }

  ProbeResults<S> healthy() {
    return matching(ResultWindow::healthy);
  }

  /**
   * Series that failed while one of {@code others} succeeded on the same node. A success only
   * before or after the failures proves nothing about the time between.
   */
  <O extends SeriesKey> ProbeResults<S> failedWhileAnySucceeded(ProbeResults<O> others) {
    var byNode = others.onNodes(nodes()::contains).groupBy(Series::node);
    var successes = new HashMap<String, NavigableSet<Span>>();
    return filter(
        one ->
            one.failedDuring(
                successes.computeIfAbsent(
                    one.node(), node -> byNode.getOrDefault(node, none()).successes())));
  }

  /** Series that failed while each of {@code others} on the same node succeeded. */
  <O extends SeriesKey> ProbeResults<S> failedWhileAllSucceeded(ProbeResults<O> others) {
    var byNode = others.onNodes(nodes()::contains).groupBy(Series::node);
    return filter(
        one ->
            byNode.getOrDefault(one.node(), none()).series().stream()
                .allMatch(
                    other -> one.failedDuring(new ProbeResults<>(List.of(other)).successes())));
  }

  /** Series that failed while one of these runs, of any node, succeeded. */
  ProbeResults<S> failedDuring(NavigableSet<Span> successes) {
    return filter(one -> one.failedDuring(successes));
  }

  /** From start to end of each run that succeeded. */
  NavigableSet<Span> successes() {
    return series.stream()
        .flatMap(one -> one.window().successes())
        .collect(toCollection(TreeSet::new));
  }

  boolean isEmpty() {
    return series.isEmpty();
  }

  int size() {
    return series.size();
  }

  /** Whether there are results and all are healthy. */
  boolean allHealthy() {
    return !isEmpty() && healthy().size() == size();
  }

  /** Whether there are results and all are failing with this outcome. */
  boolean allFailing(String outcome) {
    return !isEmpty() && failing(outcome).size() == size();
  }

  /** Whether there are results and all are failing, each in one of these ways. */
  boolean allFailingWith(Set<String> outcomes) {
    return !isEmpty() && failingWith(outcomes).size() == size();
  }

  Set<String> nodes() {
    return values(Series::node);
  }

  Set<String> zones() {
    return values(Series::zone);
  }

  /** Whether these are from more than half of the nodes that {@code others} are from. */
  boolean fromMostNodesOf(ProbeResults<S> others) {
    return nodes().size() * 2 > others.nodes().size();
  }

  Set<String> values(Function<Series<S>, String> value) {
    return series.stream().map(value).collect(toCollection(TreeSet::new));
  }

  Map<String, ProbeResults<S>> groupBy(Function<Series<S>, String> key) {
    return series.stream().collect(groupingBy(key, collectingAndThen(toList(), ProbeResults::new)));
  }

  private ProbeResults<S> filter(Predicate<Series<S>> condition) {
    return new ProbeResults<>(series.stream().filter(condition).toList());
  }
}
