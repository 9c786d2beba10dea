package io.eksnet.diagnosis;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.DnsPod;
import io.eksnet.model.inventory.Eligibility;
import io.eksnet.model.inventory.IneligibleReason;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.PendingPod;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SandboxFailure;
import io.eksnet.model.inventory.SandboxFailures;
import io.eksnet.model.inventory.Scheduling;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.SecurityPath.Use;
import io.eksnet.model.inventory.SecurityPath.Verdict;
import io.eksnet.model.inventory.UnschedulableReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Incidents that can be applied to a scene, alone or together. */
@SuppressWarnings("ImmutableEnumChecker")
enum Incidents {
  COREDNS_ON_FARGATE(
      RootCause.COREDNS_FARGATE_NOT_ADMITTED,
      scene ->
          dnsIsDown(scene)
              .with(Resources.NODES, List.<KubeNode>of())
              .each(Resources.DNS_PODS, pod -> pending(pod, UnschedulableReason.FARGATE_TAINT))),
  COREDNS_WITHOUT_SLOTS(
      RootCause.COREDNS_UNSCHEDULABLE,
      scene ->
          dnsIsDown(scene)
              .each(
                  Resources.DNS_PODS, pod -> pending(pod, UnschedulableReason.INSUFFICIENT_PODS))),
  COREDNS_CRASHES(
      RootCause.COREDNS_NOT_READY,
      scene -> dnsIsDown(scene).each(Resources.DNS_PODS, Incidents::crashing)),
  KUBE_PROXY_STUCK(
      RootCause.SERVICE_PATH_BROKEN,
      scene -> scene.failing("n3"::equals, Scene.dns("service"), "timeout", Phase.PROCESSING)),
  ONE_REPLICA_SICK(
      RootCause.COREDNS_REPLICA_SICK,
      scene ->
          scene.failing(
              subject -> subject instanceof DnsKey dns && dns.server().equals(Scene.DNS_IPS.get(1)),
              "servfail",
              Phase.PROCESSING)),
  VPC_DNS_FAILS(
      RootCause.VPC_RESOLVER_FAILING,
      scene -> scene.failing(Scene.dns("vpc_resolver").or(outside()), "timeout", Phase.PROCESSING)),
  FORWARD_OVERLOADED(
      RootCause.COREDNS_FORWARD_BROKEN,
      scene -> scene.failing(outside(), "refused_rcode", Phase.PROCESSING)),
  LINK_LOCAL_THROTTLED(
      RootCause.LINKLOCAL_THROTTLED,
      scene ->
          scene.host(
              "n1"::equals,
              host ->
                  new HostReport(
                      host.nameserversOk(),
                      host.podIdentityAgent(),
                      host.ipamd(),
                      host.pool(),
                      Map.of("linklocal", 4_000L),
                      host.privateEndpoints(),
                      host.failingAddresses()))),
  TCP_53_BLOCKED(
      RootCause.DNS_TCP_BLOCKED,
      scene ->
          scene.failing(
              subject -> subject instanceof DnsKey dns && dns.proto().equals("tcp"),
              "timeout",
              Phase.CONNECT)),
  NO_NAT(
      RootCause.NO_EGRESS, scene -> scene.failing(Scene.a(StsKey.class), "timeout", Phase.CONNECT)),
  KARPENTER_WITHOUT_ROLE(
      RootCause.CREDENTIALS_NOT_ASSOCIATED,
      scene ->
          add(
              scene,
              Resources.COMPONENTS,
              new Component(
                  "karpenter",
                  "karpenter",
                  "karpenter",
                  2,
                  0,
                  true,
                  ReconcileCause.CREDENTIALS,
                  "panic: ec2imds: GetRegion, canceled, context deadline exceeded",
                  Optional.of(""),
                  Set.of(CredentialSource.NONE)))),
  HEALTH_PATH_WRONG(
      RootCause.TARGET_HEALTH_CHECK_MISMATCH,
      scene ->
          unhealthy(
                  scene,
                  "Target.ResponseCodeMismatch",
                  "Health checks failed with these codes: [404]")
              .failing(Scene.a(TargetKey.class), "http_status", Phase.PROCESSING)),
  SECURITY_GROUP_CLOSED(
      RootCause.SECURITY_GROUP_BLOCKS_TARGET,
      scene ->
          unhealthy(scene, "Target.Timeout", "Request timed out")
              .with(
                  Resources.SECURITY_PATHS,
                  Scene.TARGET_IPS.stream()
                      .<SecurityPath>map(ip -> Scene.path(ip, Use.TRAFFIC, Verdict.BLOCKED))
                      .toList())),
  APPLICATION_HANGS(
      RootCause.TARGET_HUNG,
      scene ->
          unhealthy(scene, "Target.Timeout", "Request timed out")
              .failing(Scene.a(TargetKey.class), "timeout", Phase.PROCESSING)),
  NOTHING_LISTENS(
      RootCause.TARGET_PORT_WRONG,
      scene ->
          unhealthy(scene, "Target.FailedHealthChecks", "Health checks failed")
              .failing(Scene.a(TargetKey.class), "conn_refused", Phase.CONNECT)),
  APPLICATION_FAILS(
      RootCause.APPLICATION_ERROR,
      scene ->
          scene.results(
              n -> true,
              Scene.a(LbKey.class),
              at ->
                  new Result(at, "http_status", Phase.PROCESSING, 500, false, false, 0, Map.of()))),
  SUBNETS_NOT_TAGGED(
      RootCause.LB_SUBNETS_NOT_DISCOVERABLE,
      scene ->
          scene
              .each(
                  Resources.INGRESSES,
                  ingress ->
                      failing(
                          ingress,
                          ReconcileCause.SUBNET_DISCOVERY,
                          "unable to resolve at least one subnet"))
              .each(
                  Resources.LB_SUBNETS,
                  e ->
                      new Eligibility(
                          Scheme.INTERNET_FACING,
                          e.subnetId(),
                          e.zone(),
                          IneligibleReason.NO_ROLE_TAG))),
  CONTROLLER_LACKS_RIGHTS(
      RootCause.INGRESS_RECONCILE_FAILING,
      scene ->
          scene.each(
              Resources.INGRESSES,
              ingress -> failing(ingress, ReconcileCause.IAM, "UnauthorizedOperation"))),
  HOST_POINTS_ELSEWHERE(
      RootCause.INGRESS_DNS_MISMATCH,
      scene ->
          scene.with(
              Resources.INGRESS_HOSTS,
              List.of(new IngressHost("shop", "web", "shop.example.com", List.of(), false)))),
  NODE_CUT_OFF(
      RootCause.ZONE_OR_NODE_PARTITION,
      scene ->
          scene.failing(
              subject -> subject instanceof PodKey path && path.peer().equals("n2"),
              "timeout",
              Phase.CONNECT)),
  SUBNET_FULL(
      RootCause.SUBNET_EXHAUSTED,
      scene ->
          scene
              .each(
                  Resources.SUBNETS,
                  subnet ->
                      subnet.id().equals("subnet-a") ? Scene.subnet("subnet-a", 0, 2) : subnet)
              .pool(
                  node -> Scene.zone(node).equals(Scene.ZONES.get(0)),
                  new AddressPool(
                      20,
                      20,
                      2,
                      3,
                      9,
                      Map.of("CreateNetworkInterface/InsufficientFreeAddressesInSubnet", 9L)))),
  IPAMD_IS_DOWN(
      RootCause.IPAMD_DOWN,
      scene ->
          scene.host(
              "n6"::equals,
              host ->
                  new HostReport(
                      host.nameserversOk(),
                      host.podIdentityAgent(),
                      Optional.of(false),
                      Optional.empty(),
                      host.allowances(),
                      host.privateEndpoints(),
                      host.failingAddresses()))),
  SLOTS_FULL(
      RootCause.POD_SLOTS_FULL,
      scene ->
          add(
              scene.each(Resources.NODES, Incidents::full),
              Resources.PENDING_PODS,
              new PendingPod(
                  "shop",
                  "web-9",
                  "",
                  new Scheduling(
                      false, UnschedulableReason.INSUFFICIENT_PODS, "6 Insufficient pods."),
                  Scene.NOW.minusSeconds(90)))),
  BRANCH_LIMIT(
      RootCause.BRANCH_ENI_LIMIT,
      scene ->
          add(
              scene,
              Resources.SANDBOX_FAILURES,
              new SandboxFailures(
                  Scene.ZONES.get(1), "n2", SandboxFailure.BRANCH_ENI, 4, "", Scene.NOW))),
  TEMPLATE_NOT_RENDERED(
      RootCause.NODECLASS_UNRENDERED_TEMPLATE,
      scene ->
          add(
              scene,
              Resources.NODE_CLASSES,
              new NodeClass(
                  "karpenter.k8s.aws",
                  "default",
                  List.of(
                      new Condition(
                          "SubnetsReady",
                          "False",
                          "SubnetsNotFound",
                          "SubnetSelector did not match any Subnets")),
                  List.of("spec.subnetSelectorTerms[0].tags.discovery: ${cluster_name}"),
                  List.of())));

  final RootCause cause;
  final UnaryOperator<Scene> change;

  Incidents(RootCause cause, UnaryOperator<Scene> change) {
    this.cause = cause;
    this.change = change;
  }

  Scene alone() {
    return change.apply(Scene.healthy());
  }

  private static Scene dnsIsDown(Scene scene) {
    return scene
        .failing(Scene.dns("service").or(Scene.dns("backend")), "conn_refused", Phase.PROCESSING)
        .failing(Scene.a(StsKey.class), "conn_refused", Phase.RESOLVE);
  }

  private static Predicate<SeriesKey> outside() {
    return Scene.dns("service", "aws").or(Scene.dns("service", "external"));
  }

  private static Scene unhealthy(Scene scene, String reason, String description) {
    return scene.targets(
        scene.targets().stream()
            .map(target -> Scene.target(target.id(), "unhealthy", reason, description))
            .toList());
  }

  private static <T> Scene add(Scene scene, Resource<List<T>> part, T element) {
    var all = new ArrayList<>(scene.evidence().inventory().list(part));
    all.add(element);
    return scene.with(part, List.copyOf(all));
  }

  private static DnsPod pending(DnsPod pod, UnschedulableReason obstacle) {
    var text =
        obstacle == UnschedulableReason.FARGATE_TAINT
            ? "0/2 nodes are available: 2 node(s) had untolerated taint"
                + " {eks.amazonaws.com/compute-type: fargate}."
            : "0/6 nodes are available: 6 Insufficient pods.";
    return new DnsPod(
        pod.name(),
        "",
        "",
        "Pending",
        false,
        new Scheduling(false, obstacle, text),
        pod.schedulerName(),
        pod.created(),
        "");
  }

  private static DnsPod crashing(DnsPod pod) {
    return new DnsPod(
        pod.name(),
        pod.node(),
        pod.ip(),
        pod.phase(),
        false,
        pod.scheduling(),
        pod.schedulerName(),
        pod.created(),
        "CrashLoopBackOff");
  }

  private static KubeNode full(KubeNode node) {
    return new KubeNode(
        node.name(),
        node.zone(),
        node.instanceId(),
        List.of(),
        node.computeType(),
        node.ready(),
        node.podSlots(),
        node.podSlots(),
        List.of(),
        node.created());
  }

  static KubeIngress failing(KubeIngress ingress, ReconcileCause cause, String message) {
    return new KubeIngress(
        ingress.namespace(),
        ingress.name(),
        ingress.className(),
        ingress.group(),
        ingress.scheme(),
        ingress.rules(),
        ingress.tls(),
        List.of(),
        ingress.annotations(),
        Optional.of(new Reconcile(true, cause, "FailedBuildModel", message, 5)),
        ingress.created());
  }
}
