package io.eksnet.inventory.aws;

/** Where the credentials come from. */
public sealed interface AwsCredentials {
  /** Whatever the SDK finds: IRSA, EKS Pod Identity, environment, profile, instance. */
  record DefaultChain() implements AwsCredentials {}

  /**
   * Fixed keys, for emulators and tests.
   *
   * @param sessionToken empty: none
   */
  record Fixed(String accessKeyId, String secretAccessKey, String sessionToken)
      implements AwsCredentials {
    @Override
    public String toString() {
      return "Fixed[" + accessKeyId + "]";
    }
  }
}
