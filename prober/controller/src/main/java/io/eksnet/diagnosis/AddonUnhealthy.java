package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Addon;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Issue;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R81: EKS reports a health issue of an add-on or of the cluster, or an add-on that the network
 * needs has failed.
 *
 * <p>That an add-on has too few ready pods is left to the rule that knows why.
 */
final class AddonUnhealthy implements DiagnosisRule {
  private static final String TOO_FEW_REPLICAS = "InsufficientNumberOfReplicas";

  /** EKS is at work on the add-on (EKS API Reference, "Addon"). */
  private static final Set<String> IN_PROGRESS = Set.of("CREATING", "UPDATING", "DELETING");

  private static final Set<String> FAILED =
      Set.of("DEGRADED", "CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED");

  /** Add-ons that the network needs, with the rules that know why their pods are not ready. */
  private static final Map<String, List<DiagnosisRule>> NETWORK =
      Map.of(
          "coredns", List.of(new CoreDnsUnschedulable(), new CoreDnsUnhealthy()),
          "vpc-cni",
              List.of(new NodeCniNotReady(), new NodeAddressesUnavailable(), new SubnetFull()),
          "kube-proxy", List.of(),
          "eks-pod-identity-agent", List.of(new PodIdentityAgentDown()));

  /** Pods of a new or restarted add-on may start within that time. */
  private static final Duration START = Duration.ofMinutes(2);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var addons =
        evidence.list(Resources.ADDONS).stream()
            .filter(AddonUnhealthy::isUnhealthy)
            .filter(addon -> !isExplained(addon, evidence))
            .map(addon -> finding(addon, evidence));
    var cluster =
        evidence
            .inventory()
            .get(Resources.CLUSTER)
            .filter(known -> !known.issues().isEmpty())
            .map(known -> finding(known, evidence));
    return Stream.concat(addons, cluster.stream());
  }

  private static boolean isUnhealthy(Addon addon) {
    if (addon.status().filter(IN_PROGRESS::contains).isPresent()) {
      return false;
    }
    return !addon.issues().isEmpty()
        || (NETWORK.containsKey(addon.name())
            && addon.status().filter(FAILED::contains).isPresent());
  }

  private static boolean isExplained(Addon addon, EvidenceIndex evidence) {
    return hasTooFewReplicas(addon)
        && NETWORK.getOrDefault(addon.name(), List.of()).stream()
            .flatMap(rule -> rule.apply(evidence))
            .findAny()
            .isPresent();
  }

  /** Whether all that is wrong may be that. */
  private static boolean hasTooFewReplicas(Addon addon) {
    return addon.issues().stream().allMatch(issue -> issue.code().equals(TOO_FEW_REPLICAS))
        && addon.status().filter(status -> status.endsWith("_FAILED")).isEmpty();
  }

  private static Finding finding(Addon addon, EvidenceIndex evidence) {
    var name = addon.name();
    var described =
        "aws eks describe-addon --cluster-name %s --addon-name %s --query addon.health"
            .formatted(clusterName(evidence), name);
    var finding =
        Finding.builder(
                RootCause.ADDON_UNHEALTHY, "addon/" + name, hasTooFewReplicas(addon) ? 70 : 85)
            .evidence(
                "EKS reports the add-on %s%s"
                    .formatted(name, addon.status().map(status -> " as " + status).orElse("")))
            .supportedBy(evidence.inventory(), Resources.ADDONS)
            .holdFor(hasTooFewReplicas(addon) ? START : Duration.ZERO);
    addon.issues().forEach(issue -> finding.evidence(text(issue)));
    addon.issues().stream()
        .map(issue -> remedy(issue.code(), name, evidence))
        .distinct()
        .forEach(finding::fix);
    return finding.fix(described).build();
  }

  private static Finding finding(EksCluster cluster, EvidenceIndex evidence) {
    var finding =
        Finding.builder(RootCause.ADDON_UNHEALTHY, FindingText.CLUSTER, 85)
            .evidence("EKS reports health issues of the cluster " + cluster.name())
            .supportedBy(evidence.inventory(), Resources.CLUSTER);
    cluster.issues().forEach(issue -> finding.evidence(text(issue)));
    cluster.issues().stream()
        .map(issue -> remedyOfCluster(issue.code()))
        .distinct()
        .forEach(finding::fix);
    return finding
        .fix("aws eks describe-cluster --name %s --query cluster.health".formatted(cluster.name()))
        .build();
  }

  private static String text(Issue issue) {
    return issue.code() + issue.message().map(message -> ": \"" + message + "\"").orElse("");
  }

  private static String remedy(String code, String addon, EvidenceIndex evidence) {
    var update =
        "aws eks update-addon --cluster-name %s --addon-name %s --resolve-conflicts"
            .formatted(clusterName(evidence), addon);
    return switch (code) {
      case "ConfigurationConflict" ->
          "%s PRESERVE keeps what somebody changed in the fields of the add-on, OVERWRITE discards it"
              .formatted(update);
      case "AccessDenied", "AddonPermissionFailure" ->
          "give back the permission that the message names: EKS uses the RBAC role"
              + " eks:addon-manager, and the pods of the add-on their IAM role";
      case TOO_FEW_REPLICAS ->
          "kubectl -n kube-system get events and describe the pods of %s: they are not ready"
              .formatted(addon);
      case "AdmissionRequestDenied" ->
          "repair the admission webhook that the message names, or exclude kube-system from it";
      case "UnsupportedAddonModification" ->
          "undo the change that the message names, which the add-on does not support";
      case "K8sResourceNotFound" ->
          "create the object that the message names again: %s OVERWRITE".formatted(update);
      case "ClusterUnreachable" ->
          "check that the API server of the cluster responds, and that EKS may access it";
      case "AddonSubscriptionNeeded" -> "subscribe to the add-on in AWS Marketplace";
      default -> "do what the message asks for; ask AWS Support if it names nothing";
    };
  }

  /** EKS API Reference, "ClusterIssue". */
  private static String remedyOfCluster(String code) {
    return switch (code) {
      case "InsufficientFreeAddresses" ->
          "free at least 6 addresses in each subnet of the control plane";
      case "IamRoleNotFound", "VpcNotFound", "Ec2SubnetNotFound", "Ec2SecurityGroupNotFound" ->
          "create what the message names again, or give the cluster another one";
      case "KmsGrantRevoked", "KmsKeyDisabled", "KmsKeyMarkedForDeletion", "KmsKeyNotFound" ->
          "restore the KMS key that encrypts the Secrets of the cluster, and its grant";
      case "StsRegionalEndpointDisabled" ->
          "enable the regional STS endpoint in the settings of the account";
      case "ResourceLimitExceeded" -> "raise the quota that the message names";
      case "AccessDenied" -> "allow what the message names in the IAM role of the cluster";
      case "UnsupportedVersion" -> "upgrade the cluster to a version that EKS supports";
      default -> "do what the message asks for; ask AWS Support if it names nothing";
    };
  }

  private static String clusterName(EvidenceIndex evidence) {
    return evidence.inventory().get(Resources.CLUSTER).map(EksCluster::name).orElse("CLUSTER");
  }
}
