package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.SandboxFailure;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.MicroTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an event that tells of a load balancer's reconciling or of a pod's network. Both
 * shapes are read: the count and last timestamp of the core API, and the series of {@code
 * events.k8s.io}, which the core API shows too.
 *
 * @param subject {@code Ingress/namespace/name} and the like
 * @param node whose kubelet tells it, or empty
 * @param sandbox the class, if it tells of a pod's network
 */
record CachedEvent(
    String uid,
    String subject,
    String node,
    boolean warning,
    String reason,
    String message,
    Instant last,
    int count,
    Optional<SandboxFailure> sandbox) {
  private static final Set<String> BALANCED = Set.of("Ingress", "TargetGroupBinding");

  /** Reasons of the AWS Load Balancer Controller ({@code pkg/k8s/events.go}). */
  private static final Set<String> RECONCILING =
      Set.of(
          "SuccessfullyReconciled",
          "FailedBuildModel",
          "FailedDeployModel",
          "FailedAddFinalizer",
          "FailedRemoveFinalizer",
          "FailedUpdateStatus",
          "FailedLoadGroupID",
          "ConflictingIngressClass",
          "BackendNotFound",
          "FailedNetworkReconcile",
          "FailedReconcile",
          "FailedCleanup");

  /** Nothing of events that tell of something else. */
  static Optional<CachedEvent> of(Event event) {
    var object = event.getInvolvedObject();
    if (object == null) {
      return Optional.empty();
    }
    var reason = Texts.of(event.getReason());
    var sandbox = SandboxEventParser.failure(reason, Texts.of(event.getMessage()));
    var reconciling = BALANCED.contains(Texts.of(object.getKind())) && RECONCILING.contains(reason);
    return sandbox.isEmpty() && !reconciling
        ? Optional.empty()
        : Optional.of(
            new CachedEvent(
                Texts.of(event.getMetadata().getUid()),
                subject(
                    Texts.of(object.getKind()),
                    Texts.of(object.getNamespace()),
                    Texts.of(object.getName())),
                node(event).intern(),
                "Warning".equals(event.getType()),
                reason,
                Texts.message(event.getMessage()),
                last(event),
                count(event),
                sandbox));
  }

  static String subject(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  private static String node(Event event) {
    var source = Optional.ofNullable(event.getSource()).map(s -> Texts.of(s.getHost())).orElse("");
    var kubelet = "kubelet".equals(event.getReportingComponent());
    return source.isEmpty() && kubelet ? Texts.of(event.getReportingInstance()) : source;
  }

  private static Instant last(Event event) {
    return Stream.of(
            Times.of(event.getLastTimestamp(), Instant.EPOCH),
            micro(event.getEventTime()),
            micro(event.getSeries() == null ? null : event.getSeries().getLastObservedTime()))
        .max(Instant::compareTo)
        .filter(at -> at.isAfter(Instant.EPOCH))
        .orElseGet(() -> new Meta(event).created());
  }

  private static Instant micro(@Nullable MicroTime time) {
    return time == null ? Instant.EPOCH : Times.of(time.getTime(), Instant.EPOCH);
  }

  private static int count(Event event) {
    var series = event.getSeries() == null ? null : event.getSeries().getCount();
    return Stream.of(Optional.ofNullable(series), Optional.ofNullable(event.getCount()))
        .flatMap(Optional::stream)
        .mapToInt(Integer::intValue)
        .reduce(1, Math::max);
  }
}
