package io.eksnet.lab.cluster;

import java.time.Instant;

/**
 * A TargetGroupBinding.
 *
 * @param apiVersion {@code elbv2.k8s.aws/v1beta1}, or {@code eks.amazonaws.com/v1} of Auto Mode
 * @param role the role of another account, or empty
 */
public record Binding(
    String apiVersion,
    String namespace,
    String name,
    String targetGroupArn,
    String targetType,
    String service,
    int port,
    String groupId,
    String role,
    Instant created)
    implements Item {
  @Override
  public String key() {
    return namespace + "/" + name;
  }
}
