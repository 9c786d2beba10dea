package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.UnschedulableReason;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedPodTest {
  private static CachedPod pod(String yaml) {
    return CachedPod.of(Yaml.read(Pod.class, yaml)).orElseThrow();
  }

  @Test
  void readsAnUnschedulableCoreDnsPod() {
    var pod =
        pod(
            """
            metadata:
              name: coredns-6b9575c64c-8x2lt
              namespace: kube-system
              creationTimestamp: "2026-03-01T10:00:00Z"
              labels: {k8s-app: kube-dns, eks.amazonaws.com/component: coredns}
            spec: {schedulerName: default-scheduler}
            status:
              phase: Pending
              conditions:
              - type: PodScheduled
                status: "False"
                reason: Unschedulable
                message: '0/8 nodes are available: 8 node(s) had untolerated taint {eks.amazonaws.com/compute-type: fargate}.'
            """);

    assertThat(pod.role()).isEqualTo("coredns");
    assertThat(pod.scheduling())
        .isEqualTo(
            new Scheduling(
                false,
                UnschedulableReason.FARGATE_TAINT,
                "0/8 nodes are available: 8 node(s) had untolerated taint"
                    + " {eks.amazonaws.com/compute-type: fargate}.",
                List.of("{eks.amazonaws.com/compute-type: fargate}")));
    assertThat(pod.since()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
    assertThat(pod.detail().orElseThrow().schedulerName()).isEqualTo("default-scheduler");
  }

  @Test
  void keepsBranchInterface() {
    var pod =
        pod(
            """
            metadata:
              name: api-0
              namespace: shop
              annotations:
                vpc.amazonaws.com/pod-eni: '[{"eniId":"eni-0b1","privateIp":"10.0.3.9"}]'
            spec: {nodeName: ip-10-0-3-4}
            status:
              phase: Running
              podIP: 10.0.3.9
              conditions:
              - {type: Ready, status: "False", reason: ReadinessGatesNotReady}
            """);

    assertThat(pod.ready()).isFalse();
    assertThat(pod.branchInterface()).contains("eni-0b1");
    assertThat(pod.detail()).isEmpty();
    assertThat(pod.scheduling()).isEqualTo(Scheduling.DONE);
  }

  @Test
  void countsWaitingFromScheduling() {
    var pod =
        pod(
            """
            metadata: {name: web-1, namespace: shop, creationTimestamp: "2026-03-01T10:00:00Z"}
            spec: {nodeName: ip-10-0-3-4}
            status:
              phase: Pending
              conditions:
              - {type: PodScheduled, status: "True", lastTransitionTime: "2026-03-01T10:05:00Z"}
            """);

    assertThat(pod.since()).isEqualTo(Instant.parse("2026-03-01T10:05:00Z"));
    assertThat(pod.isPending()).isTrue();
  }

  @Test
  void keepsTheLastTerminationMessage() {
    var detail =
        pod("""
        metadata:
          name: karpenter-0
          namespace: karpenter
          labels: {app.kubernetes.io/name: karpenter}
        spec:
          nodeName: n
          containers: [{name: controller, env: [{name: CLUSTER_NAME, value: shop}]}]
        status:
          phase: Running
          containerStatuses:
          - name: controller
            ready: false
            restartCount: 7
            state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s}}
            lastState:
              terminated:
                reason: Error
                exitCode: 2
                finishedAt: "2026-03-01T10:00:00Z"
                message: 'panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded'
        """)
            .detail()
            .orElseThrow();

    assertThat(detail.backingOff()).isTrue();
    assertThat(detail.restarts()).isEqualTo(7);
    assertThat(detail.lastEnd()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
    assertThat(detail.lastWords())
        .isEqualTo(
            "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded");
    assertThat(detail.trouble())
        .startsWith("CrashLoopBackOff back-off 5m0s; last ended: Error, exit code 2 panic");
    assertThat(detail.credentials()).isEqualTo(CredentialSource.NONE);
  }

  @Test
  void detectsInjectedCredentials() {
    var detail =
        pod("""
        metadata: {name: lbc, namespace: kube-system, labels: {app.kubernetes.io/name: aws-load-balancer-controller}}
        spec: {containers: [{name: c, env: [{name: AWS_CONTAINER_CREDENTIALS_FULL_URI, value: x}]}]}
        status: {phase: Running}
        """)
            .detail()
            .orElseThrow();

    assertThat(detail.credentials()).isEqualTo(CredentialSource.POD_IDENTITY);
  }

  @Test
  void dropsEndedPods() {
    assertThat(
            CachedPod.of(
                Yaml.read(
                    Pod.class,
                    """
                    metadata: {name: job, namespace: shop}
                    spec: {nodeName: n}
                    status: {phase: Succeeded}
                    """)))
        .isEmpty();
  }
}
