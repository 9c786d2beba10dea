package io.eksnet.inventory.kube;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The parts that tell of the cluster's network components. */
final class ComponentParts {
  /** The kubelet waits 5 min at most between two starts (kubelet, crash loop back-off). */
  private static final Duration BETWEEN_ENDS = Duration.ofMinutes(10);

  private static final int MANY = 3;

  private ComponentParts() {}

  /**
   * The components there are; Auto Mode has none of them.
   *
   * @param role what the service account of a namespace is annotated with, if known
   */
  static List<Component> components(
      Collection<CachedWorkload> workloads,
      Collection<CachedPod> pods,
      BiFunction<String, String, Optional<String>> role,
      Instant now) {
    return workloads.stream()
        .filter(w -> !w.role().equals(Roles.AGENT))
        .sorted(
            Comparator.comparing(CachedWorkload::role)
                .thenComparing(CachedWorkload::namespace)
                .thenComparing(CachedWorkload::serviceAccount))
        .map(
            w -> component(w, details(w, pods), role.apply(w.namespace(), w.serviceAccount()), now))
        .toList();
  }

  private static Component component(
      CachedWorkload workload, List<CachedPod.Detail> pods, Optional<String> role, Instant now) {
    var crashing =
        pods.stream()
            .filter(pod -> crashing(pod, now))
            .max(Comparator.comparing(CachedPod.Detail::lastEnd));
    var words = crashing.map(CachedPod.Detail::lastWords).orElse("");
    return new Component(
        workload.role(),
        workload.namespace(),
        workload.serviceAccount(),
        workload.desired(),
        workload.ready(),
        crashing.isPresent(),
        words.isEmpty() ? ReconcileCause.OTHER : ReconcileErrorParser.cause(words),
        words.isEmpty() ? crashing.map(CachedPod.Detail::trouble).orElse("") : words,
        !pods.isEmpty() && pods.stream().allMatch(CachedPod.Detail::credentials),
        role);
  }

  private static List<CachedPod.Detail> details(
      CachedWorkload workload, Collection<CachedPod> pods) {
    return pods.stream()
        .filter(p -> p.role().equals(workload.role()) && p.namespace().equals(workload.namespace()))
        .flatMap(p -> p.detail().stream())
        .toList();
  }

  /** Between two ends a container runs for a while: it counts until it has run longer. */
  static boolean crashing(CachedPod.Detail pod, Instant now) {
    return pod.backingOff()
        || (pod.restarts() >= MANY && now.isBefore(pod.lastEnd().plus(BETWEEN_ENDS)));
  }

  /** How the VPC CNI is set up. */
  static CniSettings cni(Collection<CachedWorkload> daemonSets) {
    return daemonSets.stream()
        .filter(w -> w.role().equals(Roles.AWS_NODE))
        .findFirst()
        .map(w -> CniEnvironment.settings(w.env()))
        .orElseThrow(
            () ->
                new SourceException(
                    Unavailable.Why.ABSENT,
                    "no DaemonSet aws-node: Auto Mode, Fargate or another CNI"));
  }
}
