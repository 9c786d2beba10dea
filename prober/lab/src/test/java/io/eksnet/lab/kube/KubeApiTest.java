package io.eksnet.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.Awaiting;
import io.eksnet.lab.cluster.Behavior.KubeFault;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeResource.Ingress;
import io.eksnet.lab.cluster.KubeResource.KubeEvent;
import io.eksnet.lab.cluster.KubeResource.KubeObject;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.TestClusters;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeApiTest {
  @TempDir Path directory;

  private final ClusterState healthy = TestClusters.healthy();
  private KubeApi api;
  private KubernetesClient client;

  @BeforeEach
  void start() throws Exception {
    api = KubeApi.start(0, healthy);
    var file = api.writeKubeconfig(directory.resolve("kubeconfig"));
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(file)))
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
  }

  @Test
  void showsTheClusterToTheRealClient() {
    assertThat(client.nodes().list().getItems()).hasSize(6);
    assertThat(client.pods().inNamespace("kube-system").withLabel("k8s-app", "kube-dns").list())
        .satisfies(
            pods ->
                assertThat(pods.getItems())
                    .extracting(pod -> pod.getStatus().getPhase())
                    .containsExactly("Running", "Running"));
    var node = client.nodes().list().getItems().get(0);
    assertThat(node.getSpec().getProviderID()).matches("aws:///eu-west-1[abc]/i-[0-9a-f]{17}");
    assertThat(node.getMetadata().getLabels())
        .containsKey("topology.kubernetes.io/zone")
        .containsEntry("topology.kubernetes.io/region", "eu-west-1");
    var slice =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace("kube-system")
            .withLabel("kubernetes.io/service-name", "kube-dns")
            .list()
            .getItems()
            .get(0);
    assertThat(slice.getEndpoints()).hasSize(2);
    assertThat(slice.getEndpoints()).allMatch(e -> e.getConditions().getReady());
    var ingress = client.network().v1().ingresses().inNamespace("shop").withName("admin").get();
    assertThat(ingress.getStatus().getLoadBalancer().getIngress().get(0).getHostname())
        .isEqualTo("internal-k8s-shop-admin-9e8d7c6b5a-1234567890.eu-west-1.elb.amazonaws.com");
    var workload = client.apps().daemonSets().inNamespace("kube-system").withName("aws-node").get();
    assertThat(workload.getStatus().getNumberReady()).isEqualTo(6);
    assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("33");
  }

  @Test
  void keepsTheAgeOfThings() {
    var created =
        client.network().v1().ingresses().inNamespace("shop").withName("storefront").get();

    assertThat(created.getMetadata().getCreationTimestamp()).isEqualTo("2026-10-22T08:00:00Z");
  }

  @Test
  void selectsEventsByTheirFields() {
    api.update(withEvents());
    var selections = new LinkedHashMap<String, String>();
    selections.put("involvedObject.kind=Pod", "backoff sandbox");
    selections.put("involvedObject.kind==Ingress", "reconcile");
    selections.put("involvedObject.kind=Service", "");
    selections.put("involvedObject.kind!=Pod", "reconcile upgrade");
    selections.put("involvedObject.kind!=Pod,involvedObject.kind!=Node", "reconcile");
    selections.put("involvedObject.kind=Pod,type=Warning", "backoff sandbox");
    selections.put("involvedObject.kind=Pod,reason!=BackOff", "sandbox");
    selections.put("type!=Normal", "backoff sandbox");
    selections.put("source=ingress", "reconcile");
    selections.put("involvedObject.namespace=shop", "reconcile");
    selections.put("metadata.name=upgrade", "upgrade");
    selections.put("metadata.namespace=kube-system", "backoff sandbox");
    selections.put("involvedObject.uid=", "");
    selections.put("involvedObject.fieldPath=", "backoff reconcile sandbox upgrade");

    selections.forEach(
        (selector, names) -> assertThat(namesOfEvents(selector)).as(selector).isEqualTo(names));
  }

  private String namesOfEvents(String selector) {
    var options = new ListOptionsBuilder().withFieldSelector(selector).build();
    return client.v1().events().inAnyNamespace().list(options).getItems().stream()
        .map(event -> event.getMetadata().getName())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Test
  void refusesAFieldThatEventsDoNotHave() {
    for (var selector : List.of("reasons=Failed", "status.phase=Running", "involvedObject.kind")) {
      assertThatThrownBy(() -> namesOfEvents(selector))
          .as(selector)
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(400));
    }
  }

  private ClusterState withEvents() {
    return withoutEvents()
        .with(
            event("sandbox", "Pod kube-system/coredns-5d4f8b6c7-0", "FailedCreatePodSandBox"),
            event("backoff", "Pod kube-system/coredns-5d4f8b6c7-0", "BackOff"),
            event("reconcile", "Ingress shop/storefront", "SuccessfullyReconciled"),
            event("upgrade", "Node ip-10-0-1-10.eu-west-1.compute.internal", "NodeReady"));
  }

  private ClusterState withoutEvents() {
    var state = healthy;
    for (var event : healthy.all(KubeEvent.class)) {
      state = state.without(KubeEvent.class, event.key());
    }
    return state;
  }

  private static KubeEvent event(String name, String about, String reason) {
    var warning = about.startsWith("Pod");
    var at = Instant.parse("2026-10-22T08:00:00Z");
    return new KubeEvent(
        name,
        about,
        warning ? "Warning" : "Normal",
        reason,
        "",
        about.startsWith("Ingress") ? "ingress" : "kubelet",
        "",
        1,
        at,
        at);
  }

  @Test
  void watchSendsSelectedEventsOnly() throws Exception {
    api.update(withoutEvents());
    var seen = new CopyOnWriteArrayList<String>();
    var options = new ListOptionsBuilder().withFieldSelector("involvedObject.kind=Ingress").build();
    try (var watch =
        client.v1().events().inAnyNamespace().watch(options, new RecordingWatcher<>(seen))) {
      assertThat(watch).isNotNull();
      api.update(withEvents());
      Awaiting.becomes(() -> List.copyOf(seen), List.of("ADDED reconcile"));

      api.update(withoutEvents());
      Awaiting.becomes(() -> List.copyOf(seen), List.of("ADDED reconcile", "DELETED reconcile"));
    }
  }

  @Test
  void watchDeletesAnObjectThatIsNoLongerSelected() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var name = "frontend-6b7c8d9f4-0";
    var options = new ListOptionsBuilder().withFieldSelector("status.phase!=Succeeded").build();
    var pod = client.pods().inNamespace("shop").withLabel("app", "frontend");
    var ended = "{set: Pod, where: {name: %s}, to: {phase: Succeeded}}".formatted(name);
    try (var watch = pod.watch(options, new RecordingWatcher<>(seen))) {
      assertThat(watch).isNotNull();
      Awaiting.becomes(() -> seen.contains("ADDED " + name), true);
      api.update(healthy.change(ended));
      Awaiting.becomes(() -> seen.contains("DELETED " + name), true);
      seen.clear();

      api.update(healthy);
      Awaiting.becomes(() -> List.copyOf(seen), List.of("ADDED " + name));
    }
  }

  /** As kube-apiserver, which has no watch cache for events. */
  @Test
  void endsAWatchInTimeAndSendsNoBookmarksForEvents() throws Exception {
    try (var quick = KubeApi.start(0, healthy, Duration.ofMillis(100));
        var reader =
            new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl(quick.url()).build())
                .build()) {
      var bookmarks = new AtomicInteger();
      var events = new AtomicInteger();
      var options =
          new ListOptionsBuilder().withAllowWatchBookmarks(true).withTimeoutSeconds(1L).build();
      try (var watch =
          reader
              .v1()
              .events()
              .inAnyNamespace()
              .watch(options, new CountingWatcher<>(bookmarks, events))) {
        assertThat(watch).isNotNull();
        Awaiting.becomes(() -> quick.requests("WATCH events") >= 2, true);
      }
      assertThat(bookmarks).hasValue(0);
    }
  }

  @Test
  void informersSeeWhatChanges() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    try (var informer = client.pods().inAnyNamespace().inform(recorder(seen))) {
      Awaiting.becomes(seen::size, 31);
      Awaiting.becomes(informer::isWatching, true);
      seen.clear();

      var other = "shop/frontend-6b7c8d9f4-0";
      api.update(
          healthy
              .change("{set: Pod, where: {name: coredns-5d4f8b6c7-0}, to: {ready: false}}")
              .without(Pod.class, other));

      Awaiting.becomes(
          () -> List.copyOf(seen),
          List.of("- frontend-6b7c8d9f4-0", "~ coredns-5d4f8b6c7-0 Ready=False"));

      seen.clear();
      api.update(healthy);
      Awaiting.becomes(
          () -> seen.stream().sorted().toList(),
          List.of("+ frontend-6b7c8d9f4-0", "~ coredns-5d4f8b6c7-0 Ready=True"));
    }
  }

  private static ResourceEventHandler<io.fabric8.kubernetes.api.model.Pod> recorder(
      List<String> seen) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(io.fabric8.kubernetes.api.model.Pod pod) {
        seen.add("+ " + pod.getMetadata().getName());
      }

      @Override
      public void onUpdate(
          io.fabric8.kubernetes.api.model.Pod old, io.fabric8.kubernetes.api.model.Pod pod) {
        seen.add("~ " + pod.getMetadata().getName() + " Ready=" + ready(pod));
      }

      @Override
      public void onDelete(io.fabric8.kubernetes.api.model.Pod pod, boolean unknown) {
        seen.add("- " + pod.getMetadata().getName());
      }
    };
  }

  private static String ready(io.fabric8.kubernetes.api.model.Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }

  @Test
  void informersSeeCustomResources() throws Exception {
    var bindings =
        new ResourceDefinitionContext.Builder()
            .withGroup("elbv2.k8s.aws")
            .withVersion("v1beta1")
            .withKind("TargetGroupBinding")
            .withPlural("targetgroupbindings")
            .withNamespaced(true)
            .build();
    try (var informer = client.genericKubernetesResources(bindings).inAnyNamespace().inform()) {
      Awaiting.becomes(() -> informer.getStore().list().size(), 2);
      GenericKubernetesResource one = informer.getStore().list().get(0);
      assertThat(one.<String>get("spec", "targetType")).isEqualTo("ip");
      assertThat(one.<Integer>get("spec", "serviceRef", "port")).isEqualTo(8000);
    }
    assertThat(client.genericKubernetesResources("karpenter.k8s.aws/v1", "EC2NodeClass").list())
        .satisfies(
            classes ->
                assertThat(classes.getItems().get(0).<String>get("status", "conditions", 0, "type"))
                    .isEqualTo("SubnetsReady"));
  }

  @Test
  void aKindWithoutCrdIsNotFound() {
    var classes =
        new ResourceDefinitionContext.Builder()
            .withGroup("eks.amazonaws.com")
            .withVersion("v1")
            .withKind("NodeClass")
            .withPlural("nodeclasses")
            .build();

    assertThatThrownBy(() -> client.genericKubernetesResources(classes).list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    assertThat(client.getApiResources("eks.amazonaws.com/v1")).isNull();
    assertThat(client.getApiResources("elbv2.k8s.aws/v1beta1").getResources()).hasSize(2);
    assertThat(client.hasApiGroup("karpenter.k8s.aws", true)).isTrue();
    assertThat(client.hasApiGroup("networking.istio.io", false)).isFalse();
  }

  @Test
  void yamlIsShownAsItIs() {
    api.update(
        healthy.with(
            new KubeObject(
                "ENIConfig eu-west-1a",
                """
                apiVersion: crd.k8s.amazonaws.com/v1alpha1
                kind: ENIConfig
                metadata: {name: eu-west-1a}
                spec: {subnet: subnet-1, securityGroups: [sg-1]}
                """)));

    var config =
        client
            .genericKubernetesResources("crd.k8s.amazonaws.com/v1alpha1", "ENIConfig")
            .withName("eu-west-1a")
            .get();
    assertThat(config.<String>get("spec", "subnet")).isEqualTo("subnet-1");
  }

  @Test
  void unschedulablePodHasReason() {
    var words =
        "0/8 nodes are available: 8 node(s) had untolerated taint"
            + " {eks.amazonaws.com/compute-type: fargate}.";
    api.update(
        healthy.change(
            """
            set: Pod
            where: {name: coredns-5d4f8b6c7-0}
            to:
              node: ""
              ip: ""
              phase: Pending
              ready: false
              conditions:
              - {type: PodScheduled, status: "False", reason: Unschedulable, message: "%s"}
            """
                .formatted(words)));

    var pod = client.pods().inNamespace("kube-system").withName("coredns-5d4f8b6c7-0").get();
    assertThat(pod.getSpec().getNodeName()).isNull();
    assertThat(pod.getStatus().getConditions())
        .extracting(c -> c.getType() + " " + c.getStatus() + " " + c.getReason())
        .containsExactly("PodScheduled False Unschedulable");
    assertThat(pod.getStatus().getConditions().get(0).getMessage()).isEqualTo(words);
  }

  @Test
  void eventsAreAboutTheirObjects() {
    api.update(
        healthy.change(
            """
            add: KubeEvent
            as:
              name: storefront.1
              about: Ingress shop/storefront
              type: Warning
              reason: FailedBuildModel
              source: ingress
              count: 2
              last: 2026-11-21T08:01:00Z
            """));

    var events =
        client.v1().events().inNamespace("shop").list().getItems().stream()
            .filter(one -> one.getType().equals("Warning"))
            .toList();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getInvolvedObject().getName()).isEqualTo("storefront");
    assertThat(events.get(0).getCount()).isEqualTo(2);
    assertThat(events.get(0).getLastTimestamp()).isEqualTo("2026-11-21T08:01:00Z");
  }

  @Test
  void keepsLeasesAndReportsConflicts() {
    var leases = client.leases().inNamespace("eksnet");
    var made =
        leases
            .resource(
                new LeaseBuilder()
                    .withNewMetadata()
                    .withName("leader")
                    .endMetadata()
                    .withNewSpec()
                    .withHolderIdentity("one")
                    .endSpec()
                    .build())
            .create();
    leases.resource(made).edit(lease -> holder(lease, "two"));

    assertThat(leases.withName("leader").get().getSpec().getHolderIdentity()).isEqualTo("two");
    assertThatThrownBy(() -> leases.resource(holder(made, "three")).lockResourceVersion().update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    api.update(healthy);
    assertThat(leases.withName("leader").get().getSpec().getHolderIdentity()).isEqualTo("two");
  }

  private static io.fabric8.kubernetes.api.model.coordination.v1.Lease holder(
      io.fabric8.kubernetes.api.model.coordination.v1.Lease lease, String name) {
    return new LeaseBuilder(lease).editSpec().withHolderIdentity(name).endSpec().build();
  }

  @Test
  void aDeniedVerbIsForbiddenAndCutsTheWatches() throws Exception {
    try (var informer = client.network().v1().ingresses().inAnyNamespace().inform()) {
      Awaiting.becomes(() -> informer.getStore().list().size(), 2);
      Awaiting.becomes(informer::isWatching, true);
      Awaiting.becomes(api::openWatches, 1);

      api.update(healthy.with(new KubeFault("ingresses", KubeFault.Kind.FORBIDDEN)));

      Awaiting.becomes(informer::isWatching, false);
      assertThatThrownBy(() -> client.network().v1().ingresses().inAnyNamespace().list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
      assertThat(client.pods().inAnyNamespace().list().getItems()).hasSize(31);
    }
  }

  @Test
  void cutWatchesAreOpenedAgainAndSeeWhatWasMissed() throws Exception {
    try (var informer = client.network().v1().ingresses().inAnyNamespace().inform()) {
      Awaiting.becomes(api::openWatches, 1);

      api.closeWatches("ingresses");
      api.update(healthy.without(Ingress.class, "shop/admin"));

      Awaiting.becomes(() -> informer.getStore().list().size(), 1);
      Awaiting.becomes(() -> api.requests("WATCH ingresses") >= 2, true);
    }
  }

  @Test
  void labelsSelect() {
    assertThat(
            client.pods().inAnyNamespace().withLabels(Map.of("app", "backend")).list().getItems())
        .hasSize(3);
  }

  @Test
  void sendsBookmarksAndNothingOverWatchesThatWereDeaf() throws Exception {
    client.close();
    api.close();
    api = KubeApi.start(0, healthy, Duration.ofMillis(50));
    client =
        new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl(api.url()).build())
            .build();
    var bookmarks = new AtomicInteger();
    var events = new AtomicInteger();
    var options = new ListOptionsBuilder().withAllowWatchBookmarks(true).build();
    var watch = client.nodes().watch(options, new CountingWatcher<>(bookmarks, events));
    Awaiting.becomes(() -> bookmarks.get() >= 2, true);

    api.update(healthy.with(new KubeFault("nodes", KubeFault.Kind.DEAF)));
    Awaiting.becomes(() -> client.nodes().list().getItems().size(), 6);
    api.update(healthy);
    var before = events.get() + bookmarks.get();
    api.update(healthy.change("{set: Node, where: {zone: eu-west-1a}, to: {ready: false}}"));
    assertThat(client.nodes().list().getItems()).hasSize(6);

    assertThat(events.get() + bookmarks.get()).isEqualTo(before);
    watch.close();
  }

  private record RecordingWatcher<T extends HasMetadata>(List<String> seen) implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T resource) {
      seen.add(action + " " + resource.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {}
  }

  private record CountingWatcher<T>(AtomicInteger bookmarks, AtomicInteger events)
      implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T resource) {
      (action == Action.BOOKMARK ? bookmarks : events).incrementAndGet();
    }

    @Override
    public void onClose(WatcherException cause) {}
  }
}
