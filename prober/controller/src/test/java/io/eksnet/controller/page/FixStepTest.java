package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixStepTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubectl -n kube-system get pods -l k8s-app=kube-dns | false",
        "kubectl --namespace shop describe pod web-1 | false",
        "kubectl logs web-1 --previous | false",
        "kubectl -n kube-system rollout restart deployment coredns | true",
        "kubectl delete pod web-1 | true",
        "aws ec2 describe-subnets --subnet-ids subnet-1 | false",
        "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument | false",
        "aws eks create-addon --cluster-name CLUSTER --addon-name coredns | true",
        "aws s3 | true",
      })
  void marksWhetherACommandChangesSomething(String line, boolean changes) {
    var command = FixStep.of(line).command().orElseThrow();

    assertThat(command.line()).isEqualTo(line);
    assertThat(command.changes()).isEqualTo(changes);
  }

  @Test
  void separatesACommandFromTheSentencesAroundIt() {
    var step =
        FixStep.of(
            "if CoreDNS was changed: kubectl -n kube-system rollout undo deployment coredns");
    var note = FixStep.of("kubectl -n kube-system logs coredns-1: look for errors of the plugin");

    assertThat(step.text()).isEqualTo("If CoreDNS was changed.");
    assertThat(step.command().orElseThrow().line())
        .isEqualTo("kubectl -n kube-system rollout undo deployment coredns");
    assertThat(note.text()).isEmpty();
    assertThat(note.note()).isEqualTo("Look for errors of the plugin.");
  }

  /** As in ARNs and JSON. */
  @Test
  void aColonWithoutASpaceBelongsToTheCommand() {
    var line = "aws elbv2 describe-target-health --target-group-arn arn:aws:elasticloadbalancing:x";

    var step = FixStep.of("see whether they become healthy: " + line + ": after about a minute");

    assertThat(step.command().orElseThrow().line()).isEqualTo(line);
    assertThat(step.text()).isEqualTo("See whether they become healthy.");
    assertThat(step.note()).isEqualTo("After about a minute.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubectl uncordon the nodes, or add nodes",
        "make its pods ready: kubectl -n shop get pods, then describe those that are not",
        "add nodes, or a toleration to the Deployment coredns",
      })
  void aSentenceIsNoCommand(String text) {
    var step = FixStep.of(text);

    assertThat(step.command()).isEmpty();
    assertThat(step.text()).isEqualTo(PageText.capital(text));
  }
}
