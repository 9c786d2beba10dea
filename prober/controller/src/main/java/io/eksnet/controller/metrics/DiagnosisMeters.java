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
 * Findings as metrics: 1 while one is open, then 0 for a while, so that its end is scraped. Scopes
 * are bounded by the objects of a cluster, and findings above a limit have no series.
 */
public final class DiagnosisMeters {
  private static final Duration RETENTION = Duration.ofMinutes(5);
  private static final int MAX_FINDINGS = 1_000;
  private static final int MAX_SCOPE_LENGTH = 512;

  private final Gauge active;
  private final Gauge notices;
  private final Map<List<String>, Instant> seen = new HashMap<>();

  DiagnosisMeters(MetricFactory instruments) {
    active = instruments.gauge(Catalogue.DIAGNOSIS_ACTIVE);
    notices = instruments.gauge(Catalogue.NOTICE_ACTIVE);
  }

  /** Sets the findings that are open now. */
  public synchronized void update(List<Finding> findings, Instant now) {
    var open =
        findings.stream()
            .limit(MAX_FINDINGS)
            .map(DiagnosisMeters::labels)
            .collect(Collectors.toSet());
    open.forEach(
        labels -> {
          seen.put(labels, now);
          active.labelValues(labels.toArray(String[]::new)).set(1);
        });
    seen.entrySet().removeIf(entry -> isExpired(entry.getKey(), open, entry.getValue(), now));
    evictExcess(open);
  }

  /** Sets the notices that are open now. */
  public synchronized void updateNotices(List<Finding> open) {
    notices.clear();
    open.forEach(notice -> notices.labelValues(notice.cause().label()).set(1));
  }

  /** Removes all series: another replica leads, and a 0 would contradict its findings. */
  public synchronized void forget() {
    seen.clear();
    active.clear();
    notices.clear();
  }

  private boolean isExpired(
      List<String> labels, Set<List<String>> open, Instant last, Instant now) {
    if (open.contains(labels)) {
      return false;
    }
    if (last.plus(RETENTION).isAfter(now)) {
      active.labelValues(labels.toArray(String[]::new)).set(0);
      return false;
    }
    active.remove(labels.toArray(String[]::new));
    return true;
  }

  /** Bounds the series of findings that open and close with ever new scopes. */
  private void evictExcess(Set<List<String>> open) {
    seen.entrySet().stream()
        .filter(entry -> !open.contains(entry.getKey()))
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
        truncate(finding.scope()),
        finding.confidence().label());
  }

  private static String truncate(String scope) {
    return scope.length() <= MAX_SCOPE_LENGTH ? scope : scope.substring(0, MAX_SCOPE_LENGTH) + "…";
  }
}
