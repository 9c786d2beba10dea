package io.eksnet.model.inventory;

/**
 * An API that the API server forwards to a Service of the cluster, with the result of the last
 * request that the API server sent to it as a test (APIService, condition {@code Available}).
 *
 * @param name such as {@code v1beta1.metrics.k8s.io}
 * @param port of the Service
 * @param message of the condition, after its reason; empty if it is available
 */
public record AggregatedApi(
    String name, String namespace, String service, int port, Problem problem, String message) {
  /** Why it is not available. */
  public enum Problem {
    /** It is available, or that is not known yet. */
    NONE,
    /** The Service, its port or its pods are missing. */
    NO_BACKEND,
    /** There was no response. */
    UNREACHABLE,
    /** The API server does not trust its certificate. */
    CERTIFICATE,
    /** It responds with an error. */
    RESPONDS
  }
}
