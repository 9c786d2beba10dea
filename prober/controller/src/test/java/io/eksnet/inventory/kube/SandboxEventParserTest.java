package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.SandboxFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxEventParserTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "NO_IP | Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
            + " network for sandbox \"5f\": plugin type=\"aws-cni\" name=\"aws-cni\" failed (add):"
            + " add cmd: failed to assign an IP address to container",
        "IPAMD_UNREACHABLE | (combined from similar events): Failed to create pod sandbox: plugin"
            + " type=\"aws-cni\" failed (add): add cmd: Error received from AddNetwork gRPC call:"
            + " rpc error: code = Unavailable",
        "NETWORK_POLICY | Failed to create pod sandbox: plugin type=\"aws-cni\" failed (add): add"
            + " cmd: failed to setup network policy",
        "BRANCH_ENI | Failed to create pod sandbox: pod does not have vpc.amazonaws.com/pod-eni"
            + " annotation: failed to assign an IP address to container",
        "OTHER | Failed to create pod sandbox: failed to get sandbox image: context deadline"
            + " exceeded",
      })
  void classifiesKubeletEvents(SandboxFailure failure, String message) {
    assertThat(SandboxEventParser.parse("FailedCreatePodSandBox", message)).contains(failure);
  }

  @Test
  void classifiesEventsOfTheVpcResourceController() {
    assertThat(SandboxEventParser.parse("BranchAllocationFailed", "no capacity"))
        .contains(SandboxFailure.BRANCH_ENI);
  }

  @Test
  void ignoresOtherEvents() {
    assertThat(SandboxEventParser.parse("BackOff", "failed to assign an IP address")).isEmpty();
  }
}
