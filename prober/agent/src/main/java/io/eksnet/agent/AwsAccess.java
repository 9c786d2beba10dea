package io.eksnet.agent;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * How this process reaches AWS, from the environment variables of the AWS SDKs.
 *
 * @param endpoints by service, where {@code AWS_ENDPOINT_URL} or {@code AWS_ENDPOINT_URL_EC2} and
 *     the like replace the endpoints of AWS
 * @param method the source of credentials: {@code irsa}, {@code pod_identity} or {@code other}
 */
public record AwsAccess(Map<String, URI> endpoints, String method) {
  private static final Map<String, String> NAMES =
      Map.of(
          "ec2", "EC2",
          "elbv2", "ELASTIC_LOAD_BALANCING_V2",
          "eks", "EKS",
          "sts", "STS");

  public AwsAccess {
    endpoints = Map.copyOf(endpoints);
  }

  public static AwsAccess of(Map<String, String> environment) {
    var endpoints = new HashMap<String, URI>();
    NAMES.forEach(
        (service, name) -> {
          var url =
              environment.getOrDefault(
                  "AWS_ENDPOINT_URL_" + name, environment.getOrDefault("AWS_ENDPOINT_URL", ""));
          if (!url.isEmpty()) {
            endpoints.put(service, URI.create(url));
          }
        });
    return new AwsAccess(endpoints, method(environment));
  }

  private static String method(Map<String, String> environment) {
    if (environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      return "pod_identity";
    }
    return environment.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE") ? "irsa" : "other";
  }
}
