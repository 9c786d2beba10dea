package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ReconcileCause;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R63: AWS refuses a change because of a quota. One finding for each quota of the account or the
 * VPC; quotas of a single load balancer are counted by load balancer.
 */
final class QuotaExceeded implements DiagnosisRule {
  /** Error codes of the ELB, EC2 and WAF APIs. */
  private static final Pattern CODE =
      Pattern.compile(
          "\\b(TooMany\\w+|[A-Z]\\w*(?:Limits?|Quota)Exceeded\\w*|Max\\w+CountExceeded)\\b");

  /** Quotas that each load balancer has (Elastic Load Balancing, "Quotas"). */
  private static final Pattern OF_LOAD_BALANCER =
      Pattern.compile(
          "TooMany(Rules|Certificates|Listeners|Targets|Actions|Tags|Registrations\\w*|Unique\\w+)"
              + "|there's too many attached");

  /** Reasons of Karpenter and the code of EC2 behind the first of them. */
  private static final Pattern EC2 =
      Pattern.compile("V(CPU|cpu)LimitExceeded|(Spot|Fleet)QuotaExceeded|MaxSpotInstanceCount");

  /** What to delete or to raise, by error code. */
  private static final Map<String, String> STEPS =
      Map.of(
          "VCPULimitExceeded",
          "raise the quota of On-Demand vCPUs for this family of instances, or use others",
          "SpotQuotaExceeded",
          "raise the quota of Spot vCPUs for this family of instances, or use On-Demand instances",
          "RulesPerSecurityGroupLimitExceeded",
          "merge or remove rules of the security group, or raise the quota \"Inbound or outbound"
              + " rules per security group\" of Amazon VPC",
          "SecurityGroupsPerInterfaceLimitExceeded",
          "use fewer security groups, or raise the quota \"Security groups per network interface\"",
          "SecurityGroupLimitExceeded",
          "delete unused security groups, or raise the quota \"VPC security groups per Region\"",
          "TooManyRules",
          "split the Ingress group: each load balancer has its own quota of rules",
          "TooManyCertificates",
          "split the Ingress group, or use certificates with several names",
          "TooManyLoadBalancers",
          "share load balancers with group.name, delete unused ones, or raise the quota",
          "TooManyTargetGroups",
          "delete unused target groups, or raise the quota",
          "TooManyTargets",
          "split the Ingress group, or raise the quota of targets for each load balancer");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return ReconcileFailure.of(ReconcileCause.QUOTA_EXCEEDED, evidence)
        .collect(groupingBy(QuotaExceeded::quota, TreeMap::new, toList()))
        .values()
        .stream()
        .map(QuotaExceeded::finding);
  }

  private static String quota(ReconcileFailure failure) {
    return OF_LOAD_BALANCER.matcher(failure.message()).find()
        ? code(failure) + " " + failure.shared()
        : code(failure);
  }

  /** The error code of AWS, or an empty text. */
  private static String code(ReconcileFailure failure) {
    var code = CODE.matcher(failure.message());
    return code.find() ? code.group(1) : "";
  }

  private static Finding finding(List<ReconcileFailure> failures) {
    var first = failures.get(0);
    var code = code(first);
    return ReportedError.finding(RootCause.QUOTA_EXCEEDED, first.scope(), 95, failures)
        .excludes("not a missing permission: AWS names a quota")
        .fix(
            STEPS.getOrDefault(code, "delete what is no longer used, or raise the quota"),
            "aws service-quotas list-service-quotas --service-code %s"
                .formatted(serviceCode(first.message())))
        .build();
  }

  private static String serviceCode(String message) {
    if (message.contains("WAF")) {
      return "wafv2";
    }
    if (EC2.matcher(message).find()) {
      return "ec2";
    }
    return message.contains("SecurityGroup") ? "vpc" : "elasticloadbalancing";
  }
}
