package io.eksnet.lab.world;

import io.eksnet.lab.cluster.AwsFault;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.FargateProfile;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.Ingress;
import io.eksnet.lab.cluster.Ipamd;
import io.eksnet.lab.cluster.KubeEvent;
import io.eksnet.lab.cluster.KubeObject;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.PodIdentity;
import io.eksnet.lab.cluster.SecurityGroup;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.TargetGroup;
import io.eksnet.lab.cluster.VpcResolver;
import io.eksnet.lab.cluster.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The incidents that the lab can replay, each with what a watcher must find in it. */
public final class Scenarios {
  private static final Duration CALM = Duration.ofSeconds(30);
  private static final Duration STAGE = Duration.ofMinutes(2);
  private static final String ZONE_A = HealthyCluster.REGION + "a";
  private static final String STOREFRONT = "Ingress shop/storefront";
  private static final String TAINT =
      "0/6 nodes are available: 6 node(s) had untolerated taint"
          + " {eks.amazonaws.com/compute-type: fargate}. preemption: 0/6 nodes are available: 6"
          + " Preemption is not helpful for scheduling.";
  private static final String PANIC =
      "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded";

  /**
   * A stage of a story.
   *
   * @param what happens to the healthy cluster
   * @param finds causes that must be found in it
   */
  public record Stage(UnaryOperator<ClusterState> what, List<String> finds) {
    public Stage {
      finds = List.copyOf(finds);
    }
  }

  /**
   * An incident: its stages follow each other, and after them the cluster is healthy again.
   *
   * @param says one sentence for people
   */
  public record Story(String name, String says, List<Stage> stages) {
    public Story {
      stages = List.copyOf(stages);
    }

    /** All causes that may be found at any time. */
    public List<String> allowed() {
      return stages.stream().flatMap(stage -> stage.finds().stream()).distinct().toList();
    }
  }

  private Scenarios() {}

  /** All stories. */
  public static List<Story> all() {
    return List.of(
        new Story("healthy", "Nothing is wrong.", List.of()),
        story(
            "coredns-fargate",
            "CoreDNS waits for a Fargate profile; behind it the load balancer finds no subnets.",
            stage(
                state -> coreDnsOnFargate(noSubnetTags(state)),
                "coredns_fargate_not_admitted",
                "downstream_of_dns",
                "lb_subnets_not_discoverable"),
            stage(Scenarios::noSubnetTags, "lb_subnets_not_discoverable")),
        story(
            "subnet-tags",
            "Two of three public subnets lost their role tag.",
            stage(Scenarios::noSubnetTags, "lb_subnets_not_discoverable")),
        story(
            "ip-exhaustion",
            "The subnet of one zone has no addresses left.",
            stage(Scenarios::exhausted, "subnet_exhausted")),
        story(
            "prefix-fragmentation",
            "Addresses are free in one zone, but no block of 16 in a row.",
            stage(Scenarios::fragmented, "subnet_fragmented")),
        story(
            "alb-sg-blocked",
            "The node group no longer lets the load balancer in.",
            stage(
                state ->
                    state.change(
                        SecurityGroup.class,
                        HealthyCluster.NODE_GROUP,
                        group -> group.without(HealthyCluster.BACK_GROUP)),
                "security_group_blocks_target",
                "target_group_failing_open")),
        story(
            "alb-health-path",
            "The health check asks for a path that the application does not have.",
            stage(
                state ->
                    state.change(
                        TargetGroup.class,
                        group -> group.withHealthCheck(group.healthCheck().withPath("/missing"))),
                "target_health_check_mismatch")),
        story(
            "alb-slow-start",
            "An Ingress was just made, and its load balancer takes its time.",
            stage(Scenarios::slowStart)),
        story(
            "rolling-deploy",
            "The frontend is rolled out: one pod goes, its target drains.",
            stage(Scenarios::rollout)),
        story(
            "karpenter-template",
            "A node class was applied with a variable that nobody filled in.",
            stage(Scenarios::template, "nodeclass_unrendered_template")),
        story(
            "pod-identity-namespace",
            "The association of Karpenter is in another namespace than its pods.",
            stage(Scenarios::wrongNamespace, "credentials_not_associated")),
        story(
            "vpc-dns-throttle",
            "The resolver of the VPC drops queries.",
            stage(
                state -> state.with(new VpcResolver("drop")),
                "vpc_resolver_failing",
                "downstream_of_dns")),
        story(
            "aws-throttled",
            "AWS throttles every call.",
            stage(state -> state.with(new AwsFault("*", AwsFault.Kind.THROTTLED)))));
  }

  /** One of them, by name. */
  public static Story story(String name) {
    return all().stream()
        .filter(story -> story.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no scenario \""
                        + name
                        + "\"; there are "
                        + all().stream().map(Story::name).collect(Collectors.joining(", "))));
  }

  /** The timeline of one of them: calm, its stages, and the cluster as it was before. */
  public static Scenario named(String name) {
    var story = story(name);
    var before = new ClusterState[] {ClusterState.EMPTY};
    var steps = new ArrayList<Scenario.Step>();
    var after = CALM;
    for (var stage : story.stages()) {
      var first = steps.isEmpty();
      steps.add(
          new Scenario.Step(
              after,
              story.says(),
              state -> {
                before[0] = first ? state : before[0];
                return stage.what().apply(before[0]);
              }));
      after = after.plus(STAGE);
    }
    if (!story.stages().isEmpty()) {
      steps.add(new Scenario.Step(after, "It is repaired.", state -> before[0]));
    }
    return new Scenario(name, steps);
  }

  private static Story story(String name, String says, Stage... stages) {
    return new Story(name, says, List.of(stages));
  }

  private static Stage stage(UnaryOperator<ClusterState> what, String... finds) {
    return new Stage(what, List.of(finds));
  }

  private static ClusterState coreDnsOnFargate(ClusterState state) {
    var next = state.change(Node.class, node -> node.withComputeType("fargate"));
    for (var pod : state.all(Pod.class)) {
      if (pod.labels().getOrDefault("k8s-app", "").equals("kube-dns")) {
        next = next.with(pod.unschedulable(TAINT));
      }
    }
    return next.with(
        new FargateProfile(
            "fp-system",
            "ACTIVE",
            List.of(HealthyCluster.subnet("private", "a")),
            List.of(new FargateProfile.Selector("kube-system", Map.of())),
            Instant.now()));
  }

  private static ClusterState noSubnetTags(ClusterState state) {
    var next = state;
    for (var zone : List.of("a", "b")) {
      next =
          next.change(
              Subnet.class,
              HealthyCluster.subnet("public", zone),
              subnet -> subnet.withoutTag("kubernetes.io/role/elb"));
    }
    return next.change(Ingress.class, "shop/storefront", ingress -> ingress.withAddress(""))
        .with(
            KubeEvent.of(
                STOREFRONT,
                "Warning",
                "FailedBuildModel",
                "Failed build model due to couldn't auto-discover subnets: unable to resolve at"
                    + " least one subnet. Evaluated 1 subnets: 0 are tagged for other clusters, and"
                    + " 0 have insufficient available IP addresses",
                "ingress",
                Instant.now()));
  }

  private static ClusterState exhausted(ClusterState state) {
    var next =
        state.change(
            Subnet.class, HealthyCluster.subnet("private", "a"), subnet -> subnet.withAvailable(2));
    return starving(next, "AssignPrivateIpAddresses InsufficientFreeAddressesInSubnet");
  }

  private static ClusterState fragmented(ClusterState state) {
    var subnet = state.get(Subnet.class, HealthyCluster.subnet("private", "a"));
    var next =
        state
            .change(
                Workload.class,
                "kube-system/aws-node",
                workload -> workload.withEnv("ENABLE_PREFIX_DELEGATION", "true"))
            .with(
                new Eni(
                    "eni-0f0f0f0f0f0f0f0f0",
                    subnet.id(),
                    subnet.zone(),
                    "vpc_endpoint",
                    "one address in each block",
                    "",
                    0,
                    oneInEachBlock(subnet.cidr()),
                    List.of(),
                    List.of(HealthyCluster.CLUSTER_GROUP),
                    Map.of()));
    return starving(next, "AssignPrivateIpAddresses InsufficientCidrBlocks");
  }

  private static List<String> oneInEachBlock(String cidr) {
    var parts = cidr.substring(0, cidr.indexOf('/')).split("\\.", 4);
    var size = 1 << (32 - Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1)));
    return IntStream.range(0, size / 16)
        .map(block -> block * 16 + 7)
        .mapToObj(
            offset ->
                String.join(
                    ".",
                    parts[0],
                    parts[1],
                    Integer.toString(Integer.parseInt(parts[2]) + offset / 256),
                    Integer.toString(offset % 256)))
        .toList();
  }

  private static ClusterState starving(ClusterState state, String error) {
    var next = state;
    for (var node : state.all(Node.class)) {
      if (node.zone().equals(ZONE_A)) {
        next = next.with(new Ipamd(node.name(), true, 7, Map.of(error, 7L)));
      }
    }
    var node = state.all(Node.class).get(0);
    var pod =
        Pod.running("shop", "frontend-6b7c8d9f4-new", node, "", Instant.now())
            .withLabels(Map.of("app", "frontend"))
            .withoutAddress();
    return next.with(
        pod,
        KubeEvent.of(
                "Pod shop/" + pod.name(),
                "Warning",
                "FailedCreatePodSandBox",
                "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
                    + " network for sandbox: plugin type=\"aws-cni\" name=\"aws-cni\" failed (add):"
                    + " add cmd: failed to assign an IP address to container",
                "kubelet",
                Instant.now())
            .withHost(node.name()));
  }

  private static ClusterState slowStart(ClusterState state) {
    return state.with(
        new Ingress(
            "shop",
            "fresh",
            "alb",
            Map.of("alb.ingress.kubernetes.io/scheme", "internet-facing"),
            List.of(),
            "",
            Instant.now()));
  }

  private static ClusterState rollout(ClusterState state) {
    var old = state.get(Pod.class, "shop/frontend-6b7c8d9f4-0");
    return state
        .with(old.withReady(false).withTerminating(true))
        .change(
            TargetGroup.class,
            HealthyCluster.targetGroup("k8s-shop-frontend-0f1e2d3c4b"),
            group ->
                group.withTargets(
                    group.targets().stream()
                        .filter(target -> !target.id().equals(old.ip()))
                        .toList()));
  }

  private static ClusterState template(ClusterState state) {
    return state.with(
        KubeObject.of(
            """
            apiVersion: karpenter.k8s.aws/v1
            kind: EC2NodeClass
            metadata: {name: default}
            spec:
              role: KarpenterNodeRole-lab
              subnetSelectorTerms: [{tags: {karpenter.sh/discovery: "${cluster_name}"}}]
              securityGroupSelectorTerms: [{tags: {karpenter.sh/discovery: "${cluster_name}"}}]
            status:
              conditions:
              - {type: SubnetsReady, status: "False", reason: SubnetsNotFound, message: SubnetSelector did not match any Subnets}
              - {type: Ready, status: "False", reason: SubnetsNotFound, message: "SubnetsReady=False"}
            """));
  }

  private static ClusterState wrongNamespace(ClusterState state) {
    var next = state;
    for (var pod : state.all(Pod.class)) {
      if (pod.namespace().equals("karpenter")) {
        next = next.with(pod.withEnv(Map.of()).crashing(PANIC, 12));
      }
    }
    for (var identity : state.all(PodIdentity.class)) {
      if (identity.namespace().equals("karpenter")) {
        next =
            next.without(PodIdentity.class, identity.key())
                .with(
                    new PodIdentity(
                        identity.id(),
                        "kube-system",
                        identity.serviceAccount(),
                        identity.roleArn()));
      }
    }
    return next;
  }
}
