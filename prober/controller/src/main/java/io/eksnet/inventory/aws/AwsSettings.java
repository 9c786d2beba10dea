package io.eksnet.inventory.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * How AWS is asked.
 *
 * @param endpoints other addresses than AWS's own by service ({@code ec2}, {@code elbv2}, {@code
 *     eks}, {@code sts})
 * @param credentialMethod {@code irsa}, {@code pod_identity} or {@code other}; for the metric
 * @param callTimeout of one call, with getting the credentials for it
 * @param budgets other budgets than the usual ones, by service
 */
public record AwsSettings(
    String region,
    String cluster,
    Map<String, URI> endpoints,
    AwsCredentials credentials,
    String credentialMethod,
    Duration callTimeout,
    Map<String, RateLimit> budgets) {
  /** Describe calls of big accounts take seconds; more than this is an outage. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

  public AwsSettings {
    if (region.isBlank()) {
      throw new IllegalArgumentException(
          "no region is known: set region in the config, or AWS_REGION");
    }
    if (cluster.isBlank()) {
      throw new IllegalArgumentException(
          "no cluster is known: set cluster in the config to the name of the EKS cluster");
    }
    if (callTimeout.isNegative() || callTimeout.isZero()) {
      throw new IllegalArgumentException("the call timeout must be positive, not " + callTimeout);
    }
    endpoints = Map.copyOf(endpoints);
    budgets = Map.copyOf(budgets);
  }

  /** AWS itself, with the credentials that the SDK finds. */
  public static AwsSettings of(String region, String cluster, String credentialMethod) {
    return new AwsSettings(
        region,
        cluster,
        Map.of(),
        new AwsCredentials.DefaultChain(),
        credentialMethod,
        CALL_TIMEOUT,
        Map.of());
  }

  RateLimit budget(AwsService service) {
    return budgets.getOrDefault(service.label(), service.budget());
  }
}
