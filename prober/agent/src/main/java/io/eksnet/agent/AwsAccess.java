package io.eksnet.agent;

import java.util.Map;

/**
 * How this process reaches AWS; endpoints, profiles and credentials are read by the AWS SDK itself.
 *
 * @param method the source of credentials: {@code irsa}, {@code pod_identity} or {@code other}
 */
public record AwsAccess(String method) {
  public static AwsAccess of(Map<String, String> environment) {
    return new AwsAccess(method(environment));
  }

  private static String method(Map<String, String> environment) {
    if (environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      return "pod_identity";
    }
    return environment.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE") ? "irsa" : "other";
  }
}
