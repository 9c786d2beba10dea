package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourcesJoinTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private static CachedEvent event(String reason, boolean warning, String message, Instant at) {
    return new CachedEvent(
        reason + at, "Ingress/shop/web", "", warning, reason, message, at, 3, Optional.empty());
  }

  @Test
  void usesTheLastReconcileEvent() {
    var failed =
        event("FailedBuildModel", true, "couldn't auto-discover subnets", NOW.minusSeconds(60));
    var succeeded = event("SuccessfullyReconciled", false, "Successfully reconciled", NOW);

    var failing = Reconciles.of(List.of(failed)).of("Ingress", "shop", "web").orElseThrow();
    assertThat(failing.failing()).isTrue();
    assertThat(failing.cause()).isEqualTo(ReconcileCause.SUBNET_DISCOVERY);
    assertThat(failing.count()).isEqualTo(3);

    assertThat(
            Reconciles.of(List.of(failed, succeeded))
                .of("Ingress", "shop", "web")
                .orElseThrow()
                .failing())
        .isFalse();
    assertThat(Reconciles.of(List.of(failed)).of("Ingress", "shop", "other")).isEmpty();
  }

  @Test
  void ignoresReconcileEventsFromBeforeAChangeOfClass() {
    var failed =
        event("FailedBuildModel", true, "couldn't auto-discover subnets", NOW.minusSeconds(60));
    var all = Reconciles.of(List.of(failed));
    var nginx = new CachedIngressClass(new IngressClass("nginx", "k8s.io/ingress-nginx", true), "");
    var alb = new CachedIngressClass(new IngressClass("alb", "ingress.k8s.aws/alb", false), "");
    var foreign = IngressSources.otherControllersClasses(List.of(nginx, alb));

    assertThat(foreign).containsExactly("nginx");
    assertThat(reconcile("alb", foreign, all)).isPresent();
    assertThat(reconcile("unknown", foreign, all)).isPresent();
    assertThat(reconcile("nginx", foreign, all)).isEmpty();
  }

  private static Optional<Reconcile> reconcile(String name, Set<String> foreign, Reconciles all) {
    var ingress =
        IngressSources.ingress(
                Yaml.read(
                    Ingress.class,
                    """
                    metadata: {name: web, namespace: shop, creationTimestamp: "2026-02-01T10:00:00Z"}
                    spec: {ingressClassName: %s}
                    """
                        .formatted(name)))
            .orElseThrow();
    return IngressSources.ingresses(List.of(ingress), Map.of(), foreign, all).get(0).reconcile();
  }

  @Test
  void classParametersOverrideAnnotations() {
    var ingress =
        IngressSources.ingress(
                Yaml.read(
                    Ingress.class,
                    """
                    metadata:
                      name: web
                      namespace: shop
                      annotations:
                        alb.ingress.kubernetes.io/scheme: internal
                        alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS":443}]'
                        kubectl.kubernetes.io/last-applied-configuration: long
                    spec:
                      ingressClassName: alb
                      rules:
                      - host: shop.example.com
                        http:
                          paths:
                          - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}
                          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}
                    status: {loadBalancer: {ingress: [{hostname: k8s-shop-web-1.elb.amazonaws.com}]}}
                    """))
            .orElseThrow();
    var parameters =
        CachedIngressClass.Parameters.of(
                Yaml.read(
                    GenericKubernetesResource.class,
                    """
                    apiVersion: elbv2.k8s.aws/v1beta1
                    kind: IngressClassParams
                    metadata: {name: public}
                    spec:
                      scheme: internet-facing
                      subnets: {ids: [subnet-1, subnet-2]}
                    """))
            .orElseThrow();

    var joined =
        IngressSources.ingresses(
                List.of(ingress), Map.of("alb", parameters), Set.of(), Reconciles.of(List.of()))
            .get(0);

    assertThat(ingress.scheme()).isEqualTo(Scheme.INTERNAL);
    assertThat(joined.scheme()).isEqualTo(Scheme.INTERNET_FACING);
    assertThat(ingress.namesSubnets()).isFalse();
    assertThat(joined.annotations()).containsEntry(KubeIngress.SUBNETS, "[subnet-1, subnet-2]");
    assertThat(joined.namesSubnets()).isTrue();
    assertThat(joined.tls()).isTrue();
    assertThat(joined.addresses()).containsExactly("k8s-shop-web-1.elb.amazonaws.com");
    assertThat(joined.rules())
        .extracting(r -> r.host() + r.path() + " " + r.service() + ":" + r.servicePort())
        .containsExactly("shop.example.com/api api:80", "shop.example.com/ web:http");
    assertThat(joined.annotations())
        .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
  }

  @Test
  void readsNode() {
    var node =
        NodeSources.node(
            Yaml.read(
                Node.class,
                """
                metadata:
                  name: ip-10-0-1-2
                  labels: {topology.kubernetes.io/zone: eu-west-1a}
                spec: {providerID: 'aws:///eu-west-1a/i-0abc'}
                status:
                  addresses:
                  - {type: Hostname, address: ip-10-0-1-2}
                  - {type: InternalIP, address: 10.0.1.2}
                  - {type: ExternalIP, address: 203.0.113.7}
                  - {type: InternalIP, address: '2001:db8::1'}
                  allocatable: {pods: "29"}
                  conditions:
                  - {type: Ready, status: "True"}
                  - {type: MemoryPressure, status: "False"}
                  - {type: NetworkingReady, status: "False", reason: IPAMDNotRunning, message: ipamd is down}
                """));

    assertThat(node.ready()).isTrue();
    assertThat(node.podSlots()).isEqualTo(29);
    assertThat(node.instanceId()).isEqualTo("i-0abc");
    assertThat(node.addresses()).containsExactly("10.0.1.2", "2001:db8::1");
    assertThat(NodeSources.zones(List.<KubeNode>of(node)))
        .containsEntry("ip-10-0-1-2", "eu-west-1a");
  }

  @Test
  void treatsAnEndpointWithoutConditionsAsReady() {
    var slice =
        CachedEndpointSlice.of(
                Yaml.read(
                    EndpointSlice.class,
                    """
                    metadata: {name: api-x, namespace: shop, labels: {kubernetes.io/service-name: api}}
                    addressType: IPv4
                    endpoints:
                    - {addresses: [10.0.1.7], nodeName: n1, zone: eu-west-1a, targetRef: {kind: Pod, name: api-0, namespace: shop}}
                    - {addresses: [10.0.1.8], conditions: {ready: false, terminating: true}}
                    """))
            .orElseThrow();

    assertThat(slice.endpoints())
        .extracting(e -> e.address() + " " + e.ready() + " " + e.terminating())
        .containsExactly("10.0.1.7 true false", "10.0.1.8 false true");
    assertThat(slice.pods()).containsExactly("api-0");
  }

  @Test
  void countsARunningContainerAsCrashLoopingBetweenCrashes() {
    var running = new CachedPod.Detail("", "", false, 3, NOW, "", CredentialSource.NONE);

    assertThat(WorkloadSources.isCrashLooping(running, NOW.plus(Duration.ofMinutes(9)))).isTrue();
    assertThat(WorkloadSources.isCrashLooping(running, NOW.plus(Duration.ofMinutes(10)))).isFalse();
    assertThat(
            WorkloadSources.isCrashLooping(
                new CachedPod.Detail("", "", false, 1, NOW, "", CredentialSource.NONE),
                NOW.plusSeconds(1)))
        .isFalse();
  }

  @Test
  void cniSettingsAreAbsentWithoutAwsNode() {
    assertThatThrownBy(() -> WorkloadSources.cniSettings(List.of()))
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.lack().reason()).isEqualTo(Unavailable.Reason.ABSENT));
  }

  @Test
  void readsCniSettingsOfTheAwsNodeDaemonSet() {
    var workload =
        CachedWorkload.of(
                Yaml.read(
                    DaemonSet.class,
                    """
                    metadata: {name: aws-node, namespace: kube-system}
                    spec:
                      template:
                        metadata: {labels: {k8s-app: aws-node}}
                        spec:
                          serviceAccountName: aws-node
                          containers:
                          - name: aws-node
                            env:
                            - {name: ENABLE_PREFIX_DELEGATION, value: "true"}
                            - {name: MY_NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                    status: {desiredNumberScheduled: 3, numberReady: 2}
                    """))
            .orElseThrow();

    assertThat(workload.desired()).isEqualTo(3);
    assertThat(workload.ready()).isEqualTo(2);
    assertThat(WorkloadSources.cniSettings(List.of(workload)))
        .isEqualTo(new CniSettings(true, false, true, false, true));
  }
}
