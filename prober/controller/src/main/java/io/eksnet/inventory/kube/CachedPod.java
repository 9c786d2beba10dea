package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.message;
import static io.eksnet.inventory.kube.KubeObjects.number;
import static io.eksnet.inventory.kube.KubeObjects.text;
import static io.eksnet.inventory.kube.KubeObjects.time;

import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.ReadinessGate;
import io.eksnet.model.inventory.Scheduling;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pod.
 *
 * @param role as in {@link Roles}
 * @param since when it was scheduled, or created if it is not
 * @param tolerations while it has no node
 * @param branchInterface the id of the branch ENI of a pod with security groups of its own
 * @param traits its labels and container ports, as in {@link PodTraits}; empty if they are too long
 * @param pendingGates readiness gates of load balancers that are all that it waits for
 * @param registries of the images of its containers, such as {@code public.ecr.aws}
 * @param pullError of the first container that waits for its image
 * @param detail only for pods with a role
 */
record CachedPod(
    String namespace,
    String name,
    String role,
    String node,
    String ip,
    String phase,
    boolean ready,
    boolean hostNetwork,
    boolean terminating,
    Scheduling scheduling,
    List<PodToleration> tolerations,
    Instant created,
    Instant since,
    Optional<String> branchInterface,
    Optional<String> traits,
    List<ReadinessGate> pendingGates,
    Set<String> registries,
    Optional<ImagePullError> pullError,
    Optional<Detail> detail) {
  private static final Set<String> TERMINAL_PHASES = Set.of("Succeeded", "Failed");

  /** Before the name of a TargetGroupBinding; the second one is that of EKS Auto Mode. */
  private static final Pattern GATE_PREFIX =
      Pattern.compile("^target-health\\.(?:elbv2\\.k8s\\.aws|eks\\.amazonaws\\.com)/");

  private static final String POD_ENI_ANNOTATION = "vpc.amazonaws.com/pod-eni";

  /** What is kept of a pod; nothing of one that has ended and no longer takes a slot. */
  static Optional<CachedPod> of(Pod pod) {
    var status = pod.getStatus();
    var spec = pod.getSpec();
    if (status == null || spec == null || TERMINAL_PHASES.contains(text(status.getPhase()))) {
      return Optional.empty();
    }
    var conditions = list(status.getConditions());
    var scheduled = condition(conditions, "PodScheduled");
    var role = Roles.of(KubeObjects.labels(pod));
    var created = KubeObjects.created(pod);
    return Optional.of(
        new CachedPod(
            KubeObjects.namespace(pod),
            KubeObjects.name(pod),
            role,
            text(spec.getNodeName()).intern(),
            text(status.getPodIP()),
            text(status.getPhase()).intern(),
            condition(conditions, "Ready").filter(CachedPod::isTrue).isPresent(),
            Boolean.TRUE.equals(spec.getHostNetwork()),
            pod.getMetadata().getDeletionTimestamp() != null,
            scheduling(text(spec.getNodeName()), scheduled),
            text(spec.getNodeName()).isEmpty()
                ? list(spec.getTolerations()).stream().map(PodToleration::of).toList()
                : List.of(),
            created,
            scheduled
                .filter(CachedPod::isTrue)
                .map(c -> time(c.getLastTransitionTime(), created))
                .orElse(created),
            branchInterface(KubeObjects.annotations(pod).get(POD_ENI_ANNOTATION)),
            PodTraits.of(pod),
            pendingGates(pod, conditions),
            registries(spec),
            pullError(pod),
            role.isEmpty() ? Optional.empty() : Optional.of(Detail.of(pod))));
  }

  /**
   * The gates of the AWS Load Balancer Controller that are not true, if the containers are ready.
   */
  private static List<ReadinessGate> pendingGates(Pod pod, List<PodCondition> conditions) {
    return condition(conditions, "ContainersReady").filter(CachedPod::isTrue).stream()
        .flatMap(
            ready ->
                list(pod.getSpec().getReadinessGates()).stream()
                    .map(gate -> text(gate.getConditionType()))
                    .filter(type -> GATE_PREFIX.matcher(type).find())
                    .filter(type -> condition(conditions, type).filter(CachedPod::isTrue).isEmpty())
                    .map(
                        type ->
                            gate(
                                pod,
                                GATE_PREFIX.matcher(type).replaceFirst(""),
                                condition(conditions, type),
                                time(ready.getLastTransitionTime(), KubeObjects.created(pod)))))
        .toList();
  }

  private static ReadinessGate gate(
      Pod pod, String binding, Optional<PodCondition> condition, Instant since) {
    return new ReadinessGate(
        KubeObjects.namespace(pod),
        KubeObjects.name(pod),
        binding,
        condition.map(c -> text(c.getReason())).orElse(""),
        condition.map(c -> message(c.getMessage())).orElse(""),
        since);
  }

  private static Set<String> registries(PodSpec spec) {
    return Stream.concat(
            list(spec.getInitContainers()).stream(), list(spec.getContainers()).stream())
        .flatMap(container -> ImageReference.registry(text(container.getImage())).stream())
        .map(String::intern)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<ImagePullError> pullError(Pod pod) {
    return containers(pod)
        .flatMap(
            status ->
                waiting(status).stream()
                    .flatMap(
                        state ->
                            ImagePullError.parse(
                                text(state.getReason()),
                                text(state.getMessage()),
                                text(status.getImage()))
                                .stream()))
        .findFirst();
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return Stream.concat(
        list(pod.getStatus().getInitContainerStatuses()).stream(),
        list(pod.getStatus().getContainerStatuses()).stream());
  }

  private static Optional<ContainerStateWaiting> waiting(ContainerStatus status) {
    return Optional.ofNullable(status.getState()).map(ContainerState::getWaiting);
  }

  boolean isPending() {
    return phase.equals("Pending");
  }

  private static Optional<PodCondition> condition(List<PodCondition> conditions, String type) {
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  private static boolean isTrue(PodCondition condition) {
    return "True".equals(condition.getStatus());
  }

  private static Scheduling scheduling(String node, Optional<PodCondition> scheduled) {
    if (!node.isEmpty()) {
      return Scheduling.DONE;
    }
    return SchedulerMessageParser.scheduling(
        scheduled
            .filter(c -> "False".equals(c.getStatus()) && "Unschedulable".equals(c.getReason()))
            .map(c -> message(c.getMessage()))
            .orElse(""));
  }

  /** The id in {@code [{"eniId":"eni-…","privateIp":"…","vlanId":1,"subnetCidr":"…"}]}. */
  static Optional<String> branchInterface(@Nullable String annotation) {
    if (annotation == null || annotation.isBlank()) {
      return Optional.empty();
    }
    try {
      return new JsonArray(annotation)
          .stream()
              .filter(JsonObject.class::isInstance)
              .map(entry -> ((JsonObject) entry).getValue("eniId"))
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .filter(id -> id.startsWith("eni-"))
              .findFirst();
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  /**
   * What is also kept of a pod with a role.
   *
   * @param trouble why a container waits or last terminated, or empty
   * @param backingOff whether a container is in CrashLoopBackOff
   * @param restarts of the container with the most
   * @param lastEnd when a container last terminated with an error
   * @param lastWords its termination message, or empty
   * @param credentials what it carries to get AWS credentials
   */
  record Detail(
      String schedulerName,
      String trouble,
      boolean backingOff,
      int restarts,
      Instant lastEnd,
      String lastWords,
      CredentialSource credentials) {
    private static Detail of(Pod pod) {
      var containers = containers(pod).toList();
      var last =
          containers.stream()
              .flatMap(c -> lastFailure(c).stream())
              .max(Comparator.comparing(Detail::finishedAt));
      return new Detail(
          text(pod.getSpec().getSchedulerName()),
          trouble(containers, last),
          containers.stream().anyMatch(c -> waitingText(c).startsWith("CrashLoopBackOff")),
          containers.stream().mapToInt(c -> number(c.getRestartCount(), 0)).max().orElse(0),
          last.map(Detail::finishedAt).orElse(Instant.EPOCH),
          last.map(t -> message(t.getMessage())).orElse(""),
          PodCredentials.of(pod));
    }

    private static String trouble(
        List<ContainerStatus> containers, Optional<ContainerStateTerminated> last) {
      var waiting =
          containers.stream()
              .filter(c -> !Boolean.TRUE.equals(c.getReady()))
              .map(Detail::waitingText)
              .filter(text -> !text.isEmpty())
              .findFirst();
      var terminated =
          last.map(
              t ->
                  "last ended: %s, exit code %s %s"
                      .formatted(text(t.getReason()), t.getExitCode(), message(t.getMessage()))
                      .strip());
      return message(
          String.join("; ", Stream.of(waiting, terminated).flatMap(Optional::stream).toList()));
    }

    private static String waitingText(ContainerStatus status) {
      return waiting(status)
          .map(w -> (text(w.getReason()) + " " + message(w.getMessage())).strip())
          .orElse("");
    }

    /** Exit code 0 is success, as of an init container that has completed. */
    private static Optional<ContainerStateTerminated> lastFailure(ContainerStatus status) {
      return Stream.of(
              Optional.ofNullable(status.getState()).map(ContainerState::getTerminated),
              Optional.ofNullable(status.getLastState()).map(ContainerState::getTerminated))
          .flatMap(Optional::stream)
          .filter(t -> !Integer.valueOf(0).equals(t.getExitCode()))
          .findFirst();
    }

    private static Instant finishedAt(ContainerStateTerminated terminated) {
      return time(terminated.getFinishedAt(), Instant.EPOCH);
    }
  }
}
