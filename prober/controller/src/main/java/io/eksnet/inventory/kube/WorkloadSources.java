package io.eksnet.inventory.kube;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Resources that are computed from Deployments, DaemonSets and their pods. */
final class WorkloadSources {
  /** Twice the kubelet's longest back-off between two starts (MaxContainerBackOff, 5 min). */
  private static final Duration CRASH_LOOP_WINDOW = Duration.ofMinutes(10);

  private static final int MIN_RESTARTS = 3;

  private WorkloadSources() {}

  /**
   * The cluster's network components; Auto Mode runs none of them as pods.
   *
   * @param role the role annotation of a service account by namespace and name, if known
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
            .filter(pod -> isCrashLooping(pod, now))
            .max(Comparator.comparing(CachedPod.Detail::lastEnd));
    var message = crashing.map(CachedPod.Detail::lastWords).orElse("");
    return new Component(
        workload.role(),
        workload.namespace(),
        workload.serviceAccount(),
        workload.desired(),
        workload.ready(),
        crashing.isPresent(),
        message.isEmpty() ? ReconcileCause.OTHER : ReconcileErrorParser.parse(message),
        message.isEmpty() ? crashing.map(CachedPod.Detail::trouble).orElse("") : message,
        role,
        credentials(pods));
  }

  /** Without pods, nothing carries credentials. */
  private static Set<CredentialSource> credentials(List<CachedPod.Detail> pods) {
    return pods.isEmpty()
        ? Set.of(CredentialSource.NONE)
        : pods.stream().map(CachedPod.Detail::credentials).collect(Collectors.toUnmodifiableSet());
  }

  private static List<CachedPod.Detail> details(
      CachedWorkload workload, Collection<CachedPod> pods) {
    return pods.stream()
        .filter(p -> p.role().equals(workload.role()) && p.namespace().equals(workload.namespace()))
        .flatMap(p -> p.detail().stream())
        .toList();
  }

  /** Between two crashes a container runs for a while, and still counts as in a crash loop. */
  static boolean isCrashLooping(CachedPod.Detail pod, Instant now) {
    return pod.backingOff()
        || (pod.restarts() >= MIN_RESTARTS && now.isBefore(pod.lastEnd().plus(CRASH_LOOP_WINDOW)));
  }

  /** The settings of the VPC CNI. */
  static CniSettings cniSettings(Collection<CachedWorkload> daemonSets) {
    return daemonSets.stream()
        .filter(w -> w.role().equals(Roles.AWS_NODE))
        .findFirst()
        .map(w -> cniSettings(w.env()))
        .orElseThrow(
            () ->
                new SourceException(
                    Unavailable.Reason.ABSENT,
                    "no DaemonSet aws-node; the cluster uses Auto Mode, Fargate or another CNI"));
  }

  /**
   * The environment of {@code aws-node}, with the defaults of the README of amazon-vpc-cni-k8s. In
   * an IPv6 cluster prefixes are /80, and no subnet runs out of them.
   */
  static CniSettings cniSettings(Map<String, String> env) {
    return new CniSettings(
        flag(env, "ENABLE_PREFIX_DELEGATION", false) && !flag(env, "ENABLE_IPv6", false),
        flag(env, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", false),
        flag(env, "ENABLE_SUBNET_DISCOVERY", true),
        flag(env, "ENABLE_POD_ENI", false),
        !env.getOrDefault("POD_SECURITY_GROUP_ENFORCING_MODE", "strict").equals("standard"));
  }

  private static boolean flag(Map<String, String> env, String name, boolean otherwise) {
    var value = env.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value.equalsIgnoreCase("true") || value.equals("1");
  }
}
