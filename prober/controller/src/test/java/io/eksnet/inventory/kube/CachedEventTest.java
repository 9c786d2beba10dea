package io.eksnet.inventory.kube;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.SandboxFailure;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachedEventTest {
  @Test
  void readsCountAndLastTimestampOfCoreEvents() {
    var event =
        CachedEvent.of(
                Yaml.read(
                    Event.class,
                    """
                    metadata: {name: api.17, namespace: shop, uid: u1}
                    involvedObject: {kind: Pod, namespace: shop, name: api}
                    reason: FailedCreatePodSandBox
                    type: Warning
                    message: 'plugin type="aws-cni" failed (add): add cmd: failed to assign an IP address to container'
                    firstTimestamp: "2026-03-01T10:00:00Z"
                    lastTimestamp: "2026-03-01T10:07:00Z"
                    count: 41
                    source: {component: kubelet, host: ip-10-0-3-4}
                    """))
            .orElseThrow();

    assertThat(event.count()).isEqualTo(41);
    assertThat(event.last()).isEqualTo(Instant.parse("2026-03-01T10:07:00Z"));
    assertThat(event.node()).isEqualTo("ip-10-0-3-4");
    assertThat(event.sandbox()).contains(SandboxFailure.NO_IP);
  }

  @Test
  void readsTheSeriesOfEventsApi() {
    var event =
        CachedEvent.of(
                Yaml.read(
                    Event.class,
                    """
                    metadata: {name: api.18, namespace: shop, uid: u2, creationTimestamp: "2026-03-01T10:00:00Z"}
                    involvedObject: {kind: Pod, namespace: shop, name: api}
                    reason: FailedCreatePodSandBox
                    type: Warning
                    message: 'Error received from AddNetwork gRPC call'
                    eventTime: "2026-03-01T10:00:00.000000Z"
                    series: {count: 5, lastObservedTime: "2026-03-01T10:09:00.123456Z"}
                    reportingComponent: kubelet
                    reportingInstance: ip-10-0-3-5
                    """))
            .orElseThrow();

    assertThat(event.count()).isEqualTo(5);
    assertThat(event.last()).isEqualTo(Instant.parse("2026-03-01T10:09:00.123456Z"));
    assertThat(event.node()).isEqualTo("ip-10-0-3-5");
    assertThat(event.sandbox()).contains(SandboxFailure.IPAMD_UNREACHABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "Ingress, FailedDeployModel",
    "TargetGroupBinding, BackendNotFound",
    "Gateway, FailedBuildModel",
    "Service, FailedBuildModel",
    "Service, FailedCleanupStatus",
    "Service, SyncLoadBalancerFailed"
  })
  void keepsReconcileEventsOfObjectsWithLoadBalancers(String kind, String reason) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withUid("u4")
            .endMetadata()
            .withNewInvolvedObject()
            .withKind(kind)
            .withNamespace("shop")
            .withName("edge")
            .endInvolvedObject()
            .withReason(reason)
            .withType("Warning")
            .build();

    assertThat(CachedEvent.of(event))
        .hasValueSatisfying(kept -> assertThat(kept.subject()).isEqualTo(kind + "/shop/edge"));
  }

  @ParameterizedTest
  @CsvSource({"Pod, Scheduled", "Ingress, CreateCertificate", "Node, FailedBuildModel"})
  void dropsOtherEvents(String kind, String reason) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withUid("u3")
            .endMetadata()
            .withNewInvolvedObject()
            .withKind(kind)
            .withName("a")
            .endInvolvedObject()
            .withReason(reason)
            .build();

    assertThat(CachedEvent.of(event)).isEmpty();
  }

  /** The API server leaves out only what would be dropped here. */
  @Test
  void theSelectorExcludesNoEventThatIsKept() {
    var excluded =
        Stream.of(ResourceKinds.EVENTS.fieldSelector().split(","))
            .map(requirement -> requirement.split("!=", 2))
            .collect(groupingBy(pair -> pair[0], mapping(pair -> pair[1], toList())));

    assertThat(excluded.keySet()).containsExactlyInAnyOrder("involvedObject.kind", "reason");
    assertThat(excluded.getOrDefault("involvedObject.kind", List.of()))
        .doesNotContain("Pod", "Service", "Ingress", "Gateway", "TargetGroupBinding");
    for (var kind : List.of("Pod", "Service", "Ingress", "Gateway", "TargetGroupBinding")) {
      for (var reason : excluded.getOrDefault("reason", List.of())) {
        var event =
            new EventBuilder()
                .withNewMetadata()
                .withUid("u5")
                .endMetadata()
                .withNewInvolvedObject()
                .withKind(kind)
                .endInvolvedObject()
                .withReason(reason)
                .withMessage("failed to assign an IP address")
                .build();
        assertThat(CachedEvent.of(event)).as(kind + " " + reason).isEmpty();
      }
    }
  }
}
