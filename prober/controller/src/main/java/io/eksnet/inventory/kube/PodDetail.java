package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** From a pod with a role to the details that tell of its health. */
final class PodDetail {
  /** What the webhooks of IRSA and of EKS Pod Identity inject (amazon-eks-pod-identity-webhook). */
  private static final Set<String> INJECTED =
      Set.of("AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_FULL_URI");

  private PodDetail() {}

  static CachedPod.Detail of(Pod pod, Meta meta) {
    var containers =
        Stream.concat(
                Meta.list(pod.getStatus().getInitContainerStatuses()).stream(),
                Meta.list(pod.getStatus().getContainerStatuses()).stream())
            .toList();
    var last =
        containers.stream()
            .flatMap(c -> ended(c).stream())
            .max(Comparator.comparing(PodDetail::end));
    return new CachedPod.Detail(
        Texts.of(pod.getSpec().getSchedulerName()),
        meta.annotations().getOrDefault("eks.amazonaws.com/compute-type", ""),
        trouble(containers, last),
        containers.stream().anyMatch(c -> waits(c).startsWith("CrashLoopBackOff")),
        containers.stream()
            .mapToInt(c -> Optional.ofNullable(c.getRestartCount()).orElse(0))
            .max()
            .orElse(0),
        last.map(PodDetail::end).orElse(Instant.EPOCH),
        last.map(t -> Texts.message(t.getMessage())).orElse(""),
        injected(pod));
  }

  private static String trouble(
      List<ContainerStatus> containers, Optional<ContainerStateTerminated> last) {
    var waiting =
        containers.stream()
            .filter(c -> !Boolean.TRUE.equals(c.getReady()))
            .map(PodDetail::waits)
            .filter(text -> !text.isEmpty())
            .findFirst();
    var ending =
        last.map(
            t ->
                "last ended: %s, exit code %s %s"
                    .formatted(
                        Texts.of(t.getReason()), t.getExitCode(), Texts.message(t.getMessage()))
                    .strip());
    return Texts.message(
        String.join("; ", Stream.of(waiting, ending).flatMap(Optional::stream).toList()));
  }

  private static String waits(ContainerStatus status) {
    return Optional.ofNullable(status.getState())
        .map(ContainerState::getWaiting)
        .map(w -> (Texts.of(w.getReason()) + " " + Texts.message(w.getMessage())).strip())
        .orElse("");
  }

  /** The last end of a container that failed; an init container that did its work did not. */
  private static Optional<ContainerStateTerminated> ended(ContainerStatus status) {
    return Stream.of(
            Optional.ofNullable(status.getState()).map(ContainerState::getTerminated),
            Optional.ofNullable(status.getLastState()).map(ContainerState::getTerminated))
        .flatMap(Optional::stream)
        .filter(t -> !Integer.valueOf(0).equals(t.getExitCode()))
        .findFirst();
  }

  private static Instant end(ContainerStateTerminated terminated) {
    return Times.of(terminated.getFinishedAt(), Instant.EPOCH);
  }

  private static boolean injected(Pod pod) {
    return Meta.list(pod.getSpec().getContainers()).stream()
        .flatMap(c -> Meta.list(c.getEnv()).stream())
        .anyMatch(env -> INJECTED.contains(env.getName()));
  }
}
