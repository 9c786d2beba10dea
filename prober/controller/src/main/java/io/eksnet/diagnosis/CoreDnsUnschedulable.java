package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.FargateProfile;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** R1, R2: CoreDNS pods are not scheduled. */
final class CoreDnsUnschedulable implements DiagnosisRule {
  /** Labels of the pods of the EKS add-on (EKS User Guide, "Get started with AWS Fargate"). */
  private static final Map<String, String> COREDNS_LABELS =
      Map.of("k8s-app", "kube-dns", "eks.amazonaws.com/component", "coredns");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var pending =
        evidence.list(Resources.DNS_PODS).stream()
            .filter(CoreDnsUnschedulable::isUnschedulable)
            .toList();
    var notAdmitted = pending.stream().filter(CoreDnsUnschedulable::waitsForFargate).toList();
    if (!notAdmitted.isEmpty()
        && evidence.list(Resources.NODES).stream().noneMatch(CoreDnsUnschedulable::hasFreeSlot)) {
      return Stream.of(fargateNotAdmitted(notAdmitted, evidence));
    }
    return pending.isEmpty() ? Stream.empty() : Stream.of(unschedulable(pending, evidence));
  }

  private static boolean isUnschedulable(DnsPod pod) {
    return pod.node().isEmpty()
        && !pod.scheduling().scheduled()
        && pod.scheduling().reason() != UnschedulableReason.NONE;
  }

  /**
   * The admission webhook assigns a pod to the {@code fargate-scheduler} when it is created, and
   * never later (EKS User Guide, "Get started with AWS Fargate").
   */
  private static boolean waitsForFargate(DnsPod pod) {
    return pod.scheduling().reason() == UnschedulableReason.FARGATE_TAINT
        && !pod.schedulerName().equals("fargate-scheduler");
  }

  private static boolean hasFreeSlot(KubeNode node) {
    return node.computeType() != ComputeType.FARGATE
        && node.ready()
        && node.podsOnIt() < node.podSlots();
  }

  private static Finding fargateNotAdmitted(List<DnsPod> pods, EvidenceIndex evidence) {
    var first = pods.get(0);
    var profile =
        evidence.list(Resources.FARGATE_PROFILES).stream()
            .filter(p -> p.selectors().stream().anyMatch(CoreDnsUnschedulable::selectsCoreDns))
            .findFirst();
    return Finding.builder(RootCause.COREDNS_FARGATE_NOT_ADMITTED, "cluster", 95)
        .evidence(
            "%d CoreDNS pods are Pending with schedulerName %s: \"%s\""
                .formatted(pods.size(), first.schedulerName(), first.scheduling().message()))
        .evidenceIf(profile.isPresent(), profile.map(p -> describe(p, first)).orElse(""))
        .evidenceIf(
            profile.isEmpty() && evidence.inventory().snapshot(Resources.FARGATE_PROFILES).fresh(),
            "no Fargate profile selects the CoreDNS pods")
        .evidenceIf(
            !first.scheduling().message().contains("compute-type"),
            "the nodes have the taint " + FindingText.list(first.scheduling().taints()))
        .supportedBy(evidence.inventory(), Resources.DNS_PODS, Resources.NODES)
        .excludes("not CPU or memory: the scheduler reports only the taint of Fargate nodes")
        .explainsIf(!answers(evidence))
        .fix(
            "check that a Fargate profile with the namespace kube-system is ACTIVE: "
                + profile
                    .map(
                        p ->
                            AwsCommand.of(evidence.inventory())
                                .ofCluster(
                                    "describe-fargate-profile",
                                    "--fargate-profile-name " + p.name()))
                    .orElseGet(
                        () ->
                            AwsCommand.of(evidence.inventory())
                                .ofCluster("list-fargate-profiles", "")),
            "in the CoreDNS pod template, remove the annotation eks.amazonaws.com/compute-type, or"
                + " set it to fargate: kubectl -n kube-system patch deployment coredns --type json"
                + " -p '[{\"op\":\"remove\",\"path\":\"/spec/template/metadata/annotations/"
                + "eks.amazonaws.com~1compute-type\"}]'",
            "kubectl -n kube-system rollout restart deployment coredns",
            "to keep the setting, configure computeType of the EKS add-on coredns")
        .build();
  }

  private static boolean selectsCoreDns(FargateProfile.Selector selector) {
    return selector.namespace().equals("kube-system")
        && COREDNS_LABELS.entrySet().containsAll(selector.labels().entrySet());
  }

  /** Whether the replicas that run are enough to answer. */
  private static boolean answers(EvidenceIndex evidence) {
    return evidence.dns().service().allHealthy();
  }

  private static String describe(FargateProfile profile, DnsPod pod) {
    return "Fargate profile %s selects kube-system, is %s and was created %s the pod %s"
        .formatted(
            profile.name(),
            profile.status(),
            profile.created().isAfter(pod.created()) ? "after" : "before",
            pod.name());
  }

  private static Finding unschedulable(List<DnsPod> pending, EvidenceIndex evidence) {
    var scheduling = pending.get(0).scheduling();
    return Finding.builder(RootCause.COREDNS_UNSCHEDULABLE, "cluster", 90)
        .evidence(
            "%d of %d CoreDNS pods are not scheduled (%s): \"%s\""
                .formatted(
                    pending.size(),
                    evidence.list(Resources.DNS_PODS).size(),
                    scheduling.reason().label(),
                    scheduling.message()))
        .evidenceIf(
            scheduling.message().contains("taint(s)") && !scheduling.taints().isEmpty(),
            "taints of the nodes: " + FindingText.list(scheduling.taints()))
        .supportedBy(evidence.inventory(), Resources.DNS_PODS)
        .excludesIf(answers(evidence), "not an outage: the other replicas answer")
        .explainsIf(!answers(evidence))
        .fix(remedy(scheduling.reason()), "kubectl -n kube-system get pods -l k8s-app=kube-dns")
        .build();
  }

  private static String remedy(UnschedulableReason obstacle) {
    return switch (obstacle) {
      case INSUFFICIENT_PODS -> "add nodes or raise max-pods: all pod slots are in use";
      case INSUFFICIENT_CPU, INSUFFICIENT_MEMORY ->
          "add nodes, or lower the resource requests of CoreDNS";
      case AFFINITY -> "add nodes that its affinity and topology spread constraints accept";
      case VOLUME -> "check why its volume is not bound: CoreDNS needs none by default";
      case NO_NODES -> "add nodes: the cluster has none";
      case NODES_NOT_READY ->
          "make the nodes ready: read their conditions, and the logs of aws-node and kubelet on them";
      case CORDONED -> "kubectl uncordon the nodes, or add nodes";
      case TAINT, FARGATE_TAINT -> "add a toleration for the taint, or add nodes without the taint";
      case OTHER, NONE -> "follow the message of the scheduler";
    };
  }
}
