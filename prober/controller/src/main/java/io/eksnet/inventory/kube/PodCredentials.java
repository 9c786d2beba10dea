package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.CredentialSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a pod carries to get AWS credentials, from its spec: it is injected when the pod is created
 * (amazon-eks-pod-identity-webhook), so it holds whatever service accounts and associations say
 * now.
 */
final class PodCredentials {
  private static final Set<String> IRSA_VARIABLES =
      Set.of("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE");
  private static final Set<String> POD_IDENTITY_VARIABLES =
      Set.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  private static final Set<String> STATIC_VARIABLES =
      Set.of("AWS_ACCESS_KEY_ID", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE");

  private static final String IRSA_AUDIENCE = "sts.amazonaws.com";
  private static final String POD_IDENTITY_AUDIENCE = "pods.eks.amazonaws.com";
  private static final String KUBE2IAM_ANNOTATION = "iam.amazonaws.com/role";

  private PodCredentials() {}

  static CredentialSource of(Pod pod) {
    var variables =
        list(pod.getSpec().getContainers()).stream()
            .flatMap(container -> list(container.getEnv()).stream())
            .map(variable -> text(variable.getName()))
            .collect(Collectors.toSet());
    var audiences = audiences(pod).collect(Collectors.toSet());
    // an SDK asks for a web identity before it asks the Pod Identity agent
    if (variables.stream().anyMatch(IRSA_VARIABLES::contains)
        || audiences.contains(IRSA_AUDIENCE)) {
      return CredentialSource.IRSA;
    }
    if (variables.stream().anyMatch(POD_IDENTITY_VARIABLES::contains)
        || audiences.contains(POD_IDENTITY_AUDIENCE)) {
      return CredentialSource.POD_IDENTITY;
    }
    return variables.stream().anyMatch(STATIC_VARIABLES::contains)
            || readsSecret(pod)
            || KubeObjects.annotations(pod).containsKey(KUBE2IAM_ANNOTATION)
        ? CredentialSource.STATIC
        : CredentialSource.NONE;
  }

  /** Of the service account tokens that are mounted. */
  private static Stream<String> audiences(Pod pod) {
    return list(pod.getSpec().getVolumes()).stream()
        .filter(volume -> volume.getProjected() != null)
        .flatMap(volume -> list(volume.getProjected().getSources()).stream())
        .filter(source -> source.getServiceAccountToken() != null)
        .map(source -> text(source.getServiceAccountToken().getAudience()));
  }

  private static boolean readsSecret(Pod pod) {
    return list(pod.getSpec().getContainers()).stream()
        .flatMap(container -> list(container.getEnvFrom()).stream())
        .anyMatch(from -> from.getSecretRef() != null);
  }
}
