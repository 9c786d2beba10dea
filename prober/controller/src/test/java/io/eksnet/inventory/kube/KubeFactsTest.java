package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Agent;
import io.eksnet.model.inventory.AgentFleet;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.Endpoint;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.UnschedulableReason;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KubeFactsTest {
  private KubernetesMockServer server;
  private KubernetesClient kubectl;

  @BeforeEach
  void startApiServer() {
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(List.of()),
            false);
    server.init();
    kubectl = server.createClient();
    apply(CLUSTER);
  }

  @AfterEach
  void close() {
    kubectl.close();
    server.destroy();
  }

  private void apply(String yaml) {
    for (var document : yaml.split("(?m)^---$")) {
      var object = Yaml.read(HasMetadata.class, document);
      if (object instanceof GenericKubernetesResource custom) {
        create(custom);
      } else {
        kubectl.resource(object).create();
      }
    }
  }

  private void create(GenericKubernetesResource object) {
    var namespace = object.getMetadata().getNamespace();
    var plural = object.getKind().toLowerCase(Locale.ROOT).replaceAll("(s|y)$", "$1e") + "s";
    plural = plural.replace("yes", "ies");
    var version = object.getApiVersion().split("/", 2);
    server.expectCustomResource(
        new CustomResourceDefinitionContext.Builder()
            .withGroup(version[0])
            .withVersion(version[1])
            .withKind(object.getKind())
            .withPlural(plural)
            .withScope(namespace == null ? "Cluster" : "Namespaced")
            .build());
    var place = namespace == null ? "" : "/namespaces/" + namespace;
    kubectl.raw("/apis/" + object.getApiVersion() + place + "/" + plural, "POST", object);
  }

  private KubeBench bench() {
    return new KubeBench(kubectl.getMasterUrl().toString(), KubeBench.QUICK);
  }

  @Test
  void readsAllResourcesOfACluster() {
    try (var bench = bench()) {
      var nodes = bench.await(Resources.NODES, list -> list.size() == 2);
      assertThat(nodes)
          .extracting(n -> n.name() + " " + n.zone() + " " + n.podsOnIt() + "/" + n.podSlots())
          .containsExactly("n1 eu-west-1a 4/29", "n2 eu-west-1b 0/29");

      var dns = bench.await(Resources.DNS_PODS, list -> list.size() == 2);
      assertThat(dns)
          .extracting(p -> p.name() + " " + p.node() + " " + p.scheduling().reason())
          .containsExactly(
              "coredns-1 n1 " + UnschedulableReason.NONE,
              "coredns-2  " + UnschedulableReason.FARGATE_TAINT);

      var pending = bench.await(Resources.PENDING_PODS, list -> list.size() == 3);
      assertThat(pending)
          .extracting(p -> p.name() + " " + p.waitsForAddress() + " " + p.scheduling().reason())
          .containsExactly(
              "coredns-2 false " + UnschedulableReason.FARGATE_TAINT,
              "waiting true " + UnschedulableReason.NONE,
              "zz-untolerated false " + UnschedulableReason.NODES_NOT_READY);

      var services = bench.await(Resources.SERVICES, list -> list.get(0).endpoints().isPresent());
      assertThat(services.get(0).clusterIps()).containsExactly("172.20.9.9");
      assertThat(services.get(0).endpoints().orElseThrow())
          .containsExactly(new Endpoint("10.0.1.7", true, false, "n1"));

      var ingress =
          bench.await(Resources.INGRESSES, list -> list.get(0).reconcile().isPresent()).get(0);
      assertThat(ingress.reconcile().orElseThrow().cause())
          .isEqualTo(ReconcileCause.SUBNET_DISCOVERY);
      assertThat(ingress.scheme()).isEqualTo(Scheme.INTERNET_FACING);

      assertThat(bench.await(Resources.SERVICE_PODS, list -> !list.isEmpty()))
          .extracting(p -> p.node() + " " + p.branchInterface().orElse(""))
          .containsExactly("n1 eni-0b1");
      assertThat(bench.await(Resources.NODE_CLASSES, list -> !list.isEmpty()).get(0).unrendered())
          .containsExactly("subnetSelectorTerms[0].tags.karpenter.sh/discovery: ${cluster_name}");
      assertThat(bench.await(Resources.ENI_CONFIGS, list -> !list.isEmpty()).get(0).subnetId())
          .isEqualTo("subnet-0a");
      assertThat(bench.await(Resources.AGENTS, fleet -> fleet.agents().size() == 1))
          .isEqualTo(new AgentFleet(2, List.of(new Agent("n1", "eu-west-1a", "10.0.1.5", true))));
      assertThat(bench.await(Resources.CNI_SETTINGS, cni -> true).prefixDelegation()).isTrue();
      bench.awaitWatches();
    }
  }

  @Test
  void readsProbeResourcesOfTheNamedNamespaces() {
    apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: probed, namespace: shop, labels: {probe: 'true'}}
        spec: {rules: [{host: probed.example.com}]}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: Probe
        metadata: {name: site, namespace: shop}
        spec:
          module: http_2xx
          targets: {ingress: {selector: {matchLabels: {probe: 'true'}}}}
        ---
        apiVersion: monitoring.coreos.com/v1
        kind: Probe
        metadata: {name: site, namespace: other}
        spec: {targets: {staticConfig: {static: [a.test]}}}
        """);
    try (var bench = new KubeBench(kubectl.getMasterUrl().toString(), Set.of("shop"))) {
      var probes = bench.await(Resources.PROBES, list -> !list.isEmpty());
      assertThat(probes)
          .extracting(probe -> probe.namespace() + "/" + probe.name() + " " + probe.targets())
          .containsExactly("shop/site [http://probed.example.com/]");
      bench.awaitWatches();
    }
  }

  @Test
  void asksForNoProbeResourcesUnlessNamespacesAreNamed() {
    try (var bench = KubeBench.standby(Set.of())) {
      assertThat(bench.facts().sources())
          .filteredOn(source -> source.resource().equals(Resources.PROBES))
          .flatExtracting(source -> source.permissions())
          .isEmpty();
      bench.awaitLack(Resources.PROBES, Unavailable.Reason.ABSENT);
      assertThat(KubeFacts.permissions().values().stream().flatMap(List::stream))
          .doesNotContainAnyElementsOf(
              KubeFacts.optionalPermissions().values().stream().flatMap(List::stream).toList());
    }
  }

  @Test
  void readsCauseAndRoleOfACrashingComponent() {
    apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: karpenter
          namespace: karpenter
          annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/karpenter'}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: karpenter, namespace: karpenter}
        spec:
          replicas: 2
          template:
            metadata: {labels: {app.kubernetes.io/name: karpenter}}
            spec: {serviceAccountName: karpenter}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: karpenter-1, namespace: karpenter, labels: {app.kubernetes.io/name: karpenter}}
        spec: {nodeName: n1}
        status:
          phase: Running
          containerStatuses:
          - name: controller
            restartCount: 5
            state: {waiting: {reason: CrashLoopBackOff}}
            lastState: {terminated: {exitCode: 2, reason: Error, message: 'panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded'}}
        """);
    try (var bench = bench()) {
      var components =
          bench.await(
              Resources.COMPONENTS,
              list ->
                  list.stream()
                      .anyMatch(c -> c.name().equals("karpenter") && c.role().isPresent()));

      var karpenter =
          components.stream().filter(c -> c.name().equals("karpenter")).findFirst().orElseThrow();
      assertThat(karpenter.crashLoop()).isTrue();
      assertThat(karpenter.cause()).isEqualTo(ReconcileCause.IMDS_UNREACHABLE);
      assertThat(karpenter.desired()).isEqualTo(2);
      assertThat(karpenter.ready()).isZero();
      assertThat(karpenter.credentials()).containsExactly(CredentialSource.NONE);
      assertThat(karpenter.role())
          .isEqualTo(Optional.of("arn:aws:iam::111122223333:role/karpenter"));
      assertThat(components).extracting(c -> c.name()).containsExactly("aws-node", "karpenter");
      bench.awaitWatches();
    }
  }

  @Test
  void removesDeletedObjects() {
    try (var bench = bench()) {
      bench.await(Resources.NODES, list -> list.size() == 2);

      kubectl.nodes().withName("n2").delete();
      kubectl.pods().inNamespace("kube-system").withName("coredns-2").delete();

      bench.await(Resources.NODES, list -> list.size() == 1);
      bench.await(Resources.DNS_PODS, list -> list.size() == 1);
      bench.awaitWatches();
    }
  }

  @Test
  void hasOneSourceForEveryKubernetesResource() {
    try (var bench = KubeBench.standby(Set.of("shop"))) {
      assertThat(bench.facts().sources())
          .extracting(s -> (Object) s.resource())
          .containsExactlyInAnyOrderElementsOf(
              Resources.all().stream()
                  .filter(p -> p.service().equals("kubernetes"))
                  .<Resource<?>>map(p -> p)
                  .toList());
    }
  }

  @Test
  void needsNoSecretsAndServiceAccountsByNameOnly() {
    try (var bench = KubeBench.standby(Set.of())) {
      var rules =
          bench.facts().sources().stream()
              .flatMap(s -> s.permissions().stream())
              .map(Permission.Rbac.class::cast)
              .distinct()
              .toList();

      assertThat(rules).noneMatch(r -> r.resource().equals("secrets") || r.resource().equals("*"));
      assertThat(rules).allMatch(r -> List.of("get", "list", "watch").containsAll(r.verbs()));
      assertThat(rules)
          .filteredOn(r -> r.resource().equals("serviceaccounts"))
          .singleElement()
          .satisfies(r -> assertThat(r.names()).contains("karpenter").doesNotContain(""))
          .satisfies(r -> assertThat(r.verbs()).containsExactly("get"));
      assertThat(rules).contains(Permission.Rbac.watch("", "pods"));
      // the watches are those that the sources request
      assertThat(bench.facts().watches()).hasSize(33);
      assertThat(rules).hasSize(31);
    }
  }

  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: n1, labels: {topology.kubernetes.io/zone: eu-west-1a}}
      spec: {providerID: 'aws:///eu-west-1a/i-0a'}
      status: {allocatable: {pods: "29"}, conditions: [{type: Ready, status: "True"}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2, labels: {topology.kubernetes.io/zone: eu-west-1b}}
      spec:
        providerID: 'aws:///eu-west-1b/i-0b'
        taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}]
      status: {allocatable: {pods: "29"}, conditions: [{type: Ready, status: "True"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: coredns-1, namespace: kube-system, labels: {k8s-app: kube-dns}}
      spec: {nodeName: n1}
      status: {phase: Running, podIP: 10.0.1.6, conditions: [{type: Ready, status: "True"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: coredns-2, namespace: kube-system, labels: {k8s-app: kube-dns}}
      spec: {schedulerName: default-scheduler}
      status:
        phase: Pending
        conditions:
        - type: PodScheduled
          status: "False"
          reason: Unschedulable
          message: '0/1 nodes are available: 1 node(s) had untolerated taint {eks.amazonaws.com/compute-type: fargate}.'
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: api-0
        namespace: shop
        annotations: {vpc.amazonaws.com/pod-eni: '[{"eniId":"eni-0b1"}]'}
      spec: {nodeName: n1}
      status: {phase: Running, podIP: 10.0.1.7, conditions: [{type: Ready, status: "True"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waiting, namespace: shop}
      spec: {nodeName: n1}
      status: {phase: Pending, conditions: [{type: PodScheduled, status: "True"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: zz-untolerated, namespace: shop}
      spec: {schedulerName: default-scheduler}
      status:
        phase: Pending
        conditions:
        - type: PodScheduled
          status: "False"
          reason: Unschedulable
          message: '0/2 nodes are available: 2 node(s) had untolerated taint(s).'
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: eksnet-agent-1, namespace: eksnet, labels: {app.kubernetes.io/name: eksnet, app.kubernetes.io/component: agent}}
      spec: {nodeName: n1}
      status: {phase: Running, podIP: 10.0.1.5, conditions: [{type: Ready, status: "True"}]}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: eksnet-agent, namespace: eksnet}
      spec:
        template:
          metadata: {labels: {app.kubernetes.io/name: eksnet, app.kubernetes.io/component: agent}}
          spec: {}
      status: {desiredNumberScheduled: 2, numberReady: 1}
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: aws-node, namespace: kube-system}
      spec:
        template:
          metadata: {labels: {k8s-app: aws-node}}
          spec: {serviceAccountName: aws-node, containers: [{name: aws-node, env: [{name: ENABLE_PREFIX_DELEGATION, value: "true"}]}]}
      status: {desiredNumberScheduled: 2, numberReady: 2}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec: {type: ClusterIP, clusterIP: 172.20.9.9, clusterIPs: [172.20.9.9], ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: api-x, namespace: shop, labels: {kubernetes.io/service-name: api}}
      addressType: IPv4
      endpoints:
      - {addresses: [10.0.1.7], nodeName: n1, zone: eu-west-1a, conditions: {ready: true}, targetRef: {kind: Pod, name: api-0, namespace: shop}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web, namespace: shop, annotations: {alb.ingress.kubernetes.io/scheme: internet-facing}}
      spec: {ingressClassName: alb, defaultBackend: {service: {name: api, port: {number: 80}}}}
      ---
      apiVersion: v1
      kind: Event
      metadata: {name: web.17, namespace: shop, uid: e1}
      involvedObject: {kind: Ingress, namespace: shop, name: web}
      reason: FailedBuildModel
      type: Warning
      message: "Failed build model due to couldn't auto-discover subnets: unable to resolve at least one subnet"
      lastTimestamp: "2026-03-01T10:00:00Z"
      count: 3
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: alb}
      spec: {controller: ingress.k8s.aws/alb}
      ---
      apiVersion: elbv2.k8s.aws/v1beta1
      kind: TargetGroupBinding
      metadata: {name: k8s-shop-api, namespace: shop}
      spec: {targetGroupARN: 'arn:tg/1', targetType: ip, serviceRef: {name: api, port: 80}}
      ---
      apiVersion: karpenter.k8s.aws/v1
      kind: EC2NodeClass
      metadata: {name: default}
      spec: {subnetSelectorTerms: [{tags: {karpenter.sh/discovery: '${cluster_name}'}}]}
      status: {conditions: [{type: SubnetsReady, status: "False", reason: SubnetsNotFound, message: SubnetSelector did not match any Subnets}]}
      ---
      apiVersion: crd.k8s.amazonaws.com/v1alpha1
      kind: ENIConfig
      metadata: {name: eu-west-1a}
      spec: {subnet: subnet-0a}
      """;
}
