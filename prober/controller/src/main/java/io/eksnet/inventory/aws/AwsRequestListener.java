package io.eksnet.inventory.aws;

/** Receives the outcome of every AWS request, on worker threads; must not block. */
public interface AwsRequestListener {
  AwsRequestListener NOOP = (service, operation, outcome, nanos) -> {};

  /**
   * A request completed.
   *
   * @param service {@code ec2}, {@code elbv2}, {@code eks} or {@code sts}
   * @param outcome {@code ok}, {@code denied}, {@code throttled}, {@code error} or {@code timeout}
   * @param nanos its duration, without the wait for the rate limit
   */
  void onRequest(String service, String operation, String outcome, long nanos);

  /** A request waited this long for the rate limit of its service. */
  default void onRateLimitWait(String service, long nanos) {}
}
