package io.eksnet.agent.plan;

import java.util.Arrays;
import java.util.Collections;

/** The domain names of the endpoints of a region. */
public final class AwsDomain {
  private AwsDomain() {}

  /** The partition aws-cn has its own (AWS General Reference, "AWS service endpoints"). */
  static String of(String region) {
    return isChina(region) ? "amazonaws.com.cn" : "amazonaws.com";
  }

  /**
   * The name of a service's endpoint.
   *
   * @param service as VPC endpoints name it: {@code ecr.api} has the host {@code api.ecr.REGION…}
   */
  public static String endpoint(String service, String region) {
    return switch (service) {
      // EKS Auth has names in the domain of dual-stack endpoints only
      case "eks-auth" ->
          "eks-auth." + region + (isChina(region) ? ".api.amazonwebservices.com.cn" : ".api.aws");
      // Route 53 is global in its partition
      case "route53" ->
          region.startsWith("us-gov-") ? "route53.us-gov.amazonaws.com" : "route53." + of(region);
      default -> reversed(service) + "." + region + "." + of(region);
    };
  }

  private static String reversed(String service) {
    var labels = Arrays.asList(service.split("\\.", -1));
    Collections.reverse(labels);
    return String.join(".", labels);
  }

  private static boolean isChina(String region) {
    return region.startsWith("cn-");
  }
}
