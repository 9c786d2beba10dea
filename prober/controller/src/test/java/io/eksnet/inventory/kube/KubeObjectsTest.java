package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.ComputeType;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeObjectsTest {
  @Test
  void readsTheBranchInterfaceFromTheAnnotation() {
    assertThat(
            CachedPod.branchInterface(
                "[{\"eniId\":\"eni-0b1\",\"ifAddress\":\"06:7c\",\"privateIp\":\"10.0.3.9\","
                    + "\"vlanId\":1,\"subnetCidr\":\"10.0.3.0/24\"}]"))
        .contains("eni-0b1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", "[]", "not json", "[1]", "[{\"eniId\":7}]", "{}"})
  void ignoresAnInvalidPodEniAnnotation(String annotation) {
    assertThat(CachedPod.branchInterface(annotation)).isEmpty();
  }

  @Test
  void usesCniDefaultsForAnEmptyEnvironment() {
    assertThat(WorkloadSources.cniSettings(Map.of()))
        .isEqualTo(new CniSettings(false, false, true, false, true));
  }

  /** There prefixes are /80, and those of IPv4 are not asked for. */
  @Test
  void ignoresPrefixDelegationWithIpv6() {
    var env = Map.of("ENABLE_PREFIX_DELEGATION", "true", "ENABLE_IPv6", "true");

    assertThat(WorkloadSources.cniSettings(env).prefixDelegation()).isFalse();
  }

  @Test
  void readsCniSettingsFromTheEnvironment() {
    var env =
        Map.of(
            "ENABLE_PREFIX_DELEGATION", "true",
            "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true",
            "ENABLE_SUBNET_DISCOVERY", "false",
            "ENABLE_POD_ENI", "true",
            "POD_SECURITY_GROUP_ENFORCING_MODE", "standard",
            "WARM_IP_TARGET", "2",
            "MINIMUM_IP_TARGET", "none");

    assertThat(WorkloadSources.cniSettings(env))
        .isEqualTo(new CniSettings(true, true, false, true, false));
  }

  @ParameterizedTest
  @CsvSource({
    "aws:///eu-west-1a/i-0abc, i-0abc",
    "aws:///eu-west-1b/65ae2f2d95/fargate-ip-10-0-1-2.eu-west-1.compute.internal, ''",
    "eks-hybrid:///eu-west-1/shop/mi-0abc, ''",
    "'', ''"
  })
  void readsTheInstanceIdOfEc2NodesOnly(String providerId, String instance) {
    assertThat(NodeSources.instanceId(providerId)).isEqualTo(instance);
  }

  @ParameterizedTest
  @CsvSource({
    "fargate, ip-10-0-1-2, FARGATE",
    "auto, i-0abc, AUTO",
    "hybrid, mi-0abc, HYBRID",
    "ec2, ip-10-0-1-2, EC2",
    "'', fargate-ip-10-0-1-2.eu-west-1.compute.internal, FARGATE",
    "'', ip-10-0-1-2, EC2"
  })
  void readsTheComputeTypeFromLabelOrName(String label, String name, ComputeType type) {
    assertThat(NodeSources.computeType(Map.of("eks.amazonaws.com/compute-type", label), name, ""))
        .isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "401, DENIED",
    "403, DENIED",
    "404, ABSENT",
    "429, THROTTLED",
    "500, ERROR",
    "504, TIMEOUT"
  })
  void mapsStatusCodesToReasons(int code, Unavailable.Reason why) {
    assertThat(ApiClient.unavailable(code, "pods").map(Unavailable::reason)).contains(why);
    assertThat(
            ApiClient.unavailable(
                    new CompletionException(new KubernetesClientException("no", code, null)),
                    "pods")
                .reason())
        .isEqualTo(why);
  }

  @Test
  void mapsMissingResponsesToTimeoutAndOtherErrorsToError() {
    assertThat(
            ApiClient.unavailable(new CompletionException(new TimeoutException()), "pods").reason())
        .isEqualTo(Unavailable.Reason.TIMEOUT);
    assertThat(ApiClient.unavailable(new IllegalStateException("odd"), "pods").reason())
        .isEqualTo(Unavailable.Reason.ERROR);
    assertThat(ApiClient.unavailable(200, "pods")).isEmpty();
  }

  @Test
  void readsTheRoleFromTheAnnotation() {
    assertThat(
            ServiceAccounts.role(
                "{\"metadata\":{\"annotations\":{\"eks.amazonaws.com/role-arn\":\"arn:aws:iam::1:role/x\"}}}"))
        .isEqualTo("arn:aws:iam::1:role/x");
    assertThat(ServiceAccounts.role("{\"metadata\":{\"name\":\"karpenter\"}}")).isEmpty();
  }
}
