package io.eksnet.controller.metrics;

import io.eksnet.metrics.Catalogue;
import io.eksnet.metrics.MetricFactory;
import io.eksnet.model.diagnosis.Finding;
import io.prometheus.metrics.core.metrics.Gauge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The findings: 1 while one is there, 0 for a while after it, so that its end is scraped. A scope
 * is bounded by the objects of a cluster; beyond a bound, findings are not shown one by one.
 */
public final class DiagnosisMeters {
  private static final Duration SHOWN_AFTER = Duration.ofMinutes(5);
  private static final int MAX_FINDINGS = 1_000;
  private static final int MAX_SCOPE_LENGTH = 512;

  private final Gauge active;
  private final Gauge notices;
  private final Map<List<String>, Instant> seen = new HashMap<>();

  DiagnosisMeters(MetricFactory instruments) {
    active = instruments.gauge(Catalogue.DIAGNOSIS_ACTIVE);
    notices = instruments.gauge(Catalogue.NOTICE_ACTIVE);
  }

  /** What was found last. */
  public synchronized void update(List<Finding> findings, Instant now) {
    var there =
        findings.stream()
            .limit(MAX_FINDINGS)
            .map(DiagnosisMeters::labels)
            .collect(Collectors.toSet());
    there.forEach(
        labels -> {
          seen.put(labels, now);
          active.labelValues(labels.toArray(String[]::new)).set(1);
        });
    seen.entrySet().removeIf(entry -> isOver(entry.getKey(), there, entry.getValue(), now));
    forgetOverMost(there);
  }

  /** Sets the notices that are open now. */
  public synchronized void updateNotices(List<Finding> open) {
    notices.clear();
    open.forEach(notice -> notices.labelValues(notice.cause().label()).set(1));
  }

  /** This process diagnoses no more; a 0 of its own would deny what the one that leads finds. */
  public synchronized void forget() {
    seen.clear();
    active.clear();
    notices.clear();
  }

  private boolean isOver(List<String> labels, Set<List<String>> there, Instant last, Instant now) {
    if (there.contains(labels)) {
      return false;
    }
    if (last.plus(SHOWN_AFTER).isAfter(now)) {
      active.labelValues(labels.toArray(String[]::new)).set(0);
      return false;
    }
    active.remove(labels.toArray(String[]::new));
    return true;
  }

  /** Findings that come and go under ever new scopes are not many series either. */
  private void forgetOverMost(Set<List<String>> there) {
    seen.entrySet().stream()
        .filter(entry -> !there.contains(entry.getKey()))
        .sorted(Map.Entry.comparingByValue())
        .limit(Math.max(0, seen.size() - 2L * MAX_FINDINGS))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            labels -> {
              seen.remove(labels);
              active.remove(labels.toArray(String[]::new));
            });
  }

  private static List<String> labels(Finding finding) {
    return List.of(
        finding.cause().label(),
        finding.cause().layer().label(),
        cut(finding.scope()),
        finding.confidence().label());
  }

  private static String cut(String scope) {
    return scope.length() <= MAX_SCOPE_LENGTH ? scope : scope.substring(0, MAX_SCOPE_LENGTH) + "…";
  }
}
