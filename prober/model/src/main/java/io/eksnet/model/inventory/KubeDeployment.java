package io.eksnet.model.inventory;

import java.util.List;

/**
 * What people and tools change of a Deployment.
 *
 * @param images of its containers, in their order
 * @param restartedAt the annotation {@code kubectl.kubernetes.io/restartedAt} of its pods, or empty
 * @param manager the field manager that wrote its spec last, such as {@code argocd-controller}; or
 *     empty
 */
public record KubeDeployment(
    String namespace,
    String name,
    int replicas,
    List<String> images,
    String restartedAt,
    String manager) {
  public KubeDeployment {
    images = List.copyOf(images);
  }
}
