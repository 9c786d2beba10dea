package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.CredentialSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodCredentialsTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "NONE | {containers: [{name: a}]}",
        "NONE | {containers: [{name: a, env: [{name: AWS_REGION, value: eu-west-1}]}]}",
        "IRSA | {containers: [{name: a, env: [{name: AWS_ROLE_ARN, value: 'arn:role'}]}]}",
        "IRSA | {containers: [{name: a}, {name: b, env: [{name: AWS_WEB_IDENTITY_TOKEN_FILE}]}]}",
        "IRSA | {containers: [{name: a}], volumes: [{name: t, projected: {sources:"
            + " [{serviceAccountToken: {audience: sts.amazonaws.com, path: token}}]}}]}",
        "POD_IDENTITY | {containers: [{name: a, env: [{name: AWS_CONTAINER_CREDENTIALS_FULL_URI,"
            + " value: 'http://169.254.170.23/v1/credentials'}]}]}",
        "POD_IDENTITY | {containers: [{name: a}], volumes: [{name: t, projected: {sources:"
            + " [{serviceAccountToken: {audience: pods.eks.amazonaws.com, path: token}}]}}]}",
        "NONE | {containers: [{name: a}], volumes: [{name: t, projected: {sources:"
            + " [{serviceAccountToken: {path: token}}]}}]}",
        "IRSA | {containers: [{name: a, env: [{name: AWS_ROLE_ARN}, {name:"
            + " AWS_CONTAINER_CREDENTIALS_FULL_URI}]}]}",
        "STATIC | {containers: [{name: a, env: [{name: AWS_ACCESS_KEY_ID}]}]}",
        "STATIC | {containers: [{name: a, envFrom: [{secretRef: {name: aws}}]}]}",
        "NONE | {containers: [{name: a, envFrom: [{configMapRef: {name: aws}}]}]}",
      })
  void readsWhatThePodCarries(CredentialSource expected, String spec) {
    var pod =
        Serialization.unmarshal(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: " + spec, Pod.class);

    assertThat(PodCredentials.of(pod)).isEqualTo(expected);
  }
}
