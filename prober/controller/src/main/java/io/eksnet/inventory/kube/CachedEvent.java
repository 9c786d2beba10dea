package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.text;
import static io.eksnet.inventory.kube.KubeObjects.time;

import io.eksnet.model.inventory.SandboxFailure;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.MicroTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an event about a reconcile of the AWS Load Balancer Controller or about a pod
 * sandbox. Count and time are read from the fields of the core API and from the series of {@code
 * events.k8s.io}.
 *
 * @param subject the involved object, such as {@code Ingress/namespace/name}
 * @param node of the kubelet that reported it, or empty
 * @param sandbox the failure, if the event is about a pod sandbox
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
  private static final Set<String> RECONCILED_KINDS =
      Set.of("Ingress", "Service", "Gateway", "TargetGroupBinding");

  /**
   * Reasons of the AWS Load Balancer Controller ({@code pkg/k8s/events.go}), and of the service
   * controller of Kubernetes (cloud-provider, {@code controllers/service}).
   */
  private static final Set<String> RECONCILE_REASONS =
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
          "FailedCleanup",
          "FailedCleanupStatus",
          "SyncLoadBalancerFailed",
          "EnsuredLoadBalancer");

  /** Other events are dropped. */
  static Optional<CachedEvent> of(Event event) {
    var object = event.getInvolvedObject();
    if (object == null) {
      return Optional.empty();
    }
    var reason = text(event.getReason());
    var sandbox = SandboxEventParser.parse(reason, text(event.getMessage()));
    var reconcile =
        RECONCILED_KINDS.contains(text(object.getKind())) && RECONCILE_REASONS.contains(reason);
    return sandbox.isEmpty() && !reconcile
        ? Optional.empty()
        : Optional.of(
            new CachedEvent(
                text(event.getMetadata().getUid()),
                subject(
                    text(object.getKind()), text(object.getNamespace()), text(object.getName())),
                node(event).intern(),
                "Warning".equals(event.getType()),
                reason,
                KubeObjects.message(event.getMessage()),
                last(event),
                count(event),
                sandbox));
  }

  static String subject(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  private static String node(Event event) {
    var source = Optional.ofNullable(event.getSource()).map(s -> text(s.getHost())).orElse("");
    var kubelet = "kubelet".equals(event.getReportingComponent());
    return source.isEmpty() && kubelet ? text(event.getReportingInstance()) : source;
  }

  private static Instant last(Event event) {
    return Stream.of(
            time(event.getLastTimestamp(), Instant.EPOCH),
            micro(event.getEventTime()),
            micro(event.getSeries() == null ? null : event.getSeries().getLastObservedTime()))
        .max(Instant::compareTo)
        .filter(at -> at.isAfter(Instant.EPOCH))
        .orElseGet(() -> KubeObjects.created(event));
  }

  private static Instant micro(@Nullable MicroTime time) {
    return time == null ? Instant.EPOCH : time(time.getTime(), Instant.EPOCH);
  }

  private static int count(Event event) {
    var series = event.getSeries() == null ? null : event.getSeries().getCount();
    return Stream.of(Optional.ofNullable(series), Optional.ofNullable(event.getCount()))
        .flatMap(Optional::stream)
        .mapToInt(Integer::intValue)
        .reduce(1, Math::max);
  }
}
