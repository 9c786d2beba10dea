package io.eksnet.inventory.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/**
 * How AWS is called.
 *
 * @param endpoints overrides of those of the SDK by service ({@code ec2}, {@code elbv2}, {@code
 *     eks}, {@code sts}); for tests
 * @param credentialMethod {@code irsa}, {@code pod_identity} or {@code other}; for the metric
 * @param callTimeout of one request, from the rate limit on
 * @param rateLimits overrides by service
 */
public record AwsSettings(
    String region,
    String cluster,
    Map<String, URI> endpoints,
    AwsCredentials credentials,
    String credentialMethod,
    Duration callTimeout,
    Map<String, RateLimit> rateLimits) {
  /** Describe requests of large accounts take seconds; longer than this is an outage. */
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
    rateLimits = Map.copyOf(rateLimits);
  }

  /** The endpoints and credentials that the SDK finds in environment and profile. */
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

  /** The Region of the AWS profile in use, if there is one ({@code AWS_PROFILE}). */
  public static Optional<String> profileRegion() {
    try {
      return Optional.ofNullable(new AwsProfileRegionProvider().getRegion()).map(Region::id);
    } catch (SdkClientException e) {
      return Optional.empty(); // the SDK throws if no profile or Region is configured
    }
  }

  RateLimit rateLimit(AwsService service) {
    return rateLimits.getOrDefault(service.label(), service.defaultLimit());
  }
}
