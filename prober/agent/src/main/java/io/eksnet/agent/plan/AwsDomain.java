package io.eksnet.agent.plan;

/** The domain of the endpoints of a region. */
final class AwsDomain {
  private AwsDomain() {}

  /** The partition aws-cn has its own (AWS General Reference, "AWS service endpoints"). */
  static String of(String region) {
    return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  }
}
