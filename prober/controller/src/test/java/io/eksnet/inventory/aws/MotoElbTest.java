package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.read;
import static io.eksnet.inventory.aws.Readings.with;
import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.SecurityPath;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.PrefixListId;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Against moto's server, with objects made through the SDK. */
class MotoElbTest {
  /** Moto's page has 50. */
  private static final int MORE_THAN_A_PAGE = 51;

  private static MotoServer moto;
  private static AwsClients clients;

  private MotoCloud cloud;

  @BeforeAll
  static void start() throws Exception {
    var started = MotoServer.start();
    assumeTrue(started.isPresent(), "moto_server is not installed");
    moto = started.get();
    clients = Readings.clients(moto.uri());
  }

  @AfterAll
  static void stop() throws Exception {
    if (moto != null) {
      clients.close();
      moto.close();
    }
  }

  @BeforeEach
  void open() {
    cloud = new MotoCloud(moto.uri());
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void loadBalancersTargetGroupsAndHealthOfTheClusterAreFoundOnAllPages() throws Exception {
    var group = cloud.group("frontend");
    IntStream.range(0, MORE_THAN_A_PAGE).forEach(i -> cloud.balancer("other-" + i, group));
    var tagged = cloud.balancer("tagged", group, MotoCloud.tag("elbv2.k8s.aws/cluster", "prod"));
    cloud.balancer("legacy", group, MotoCloud.tag("ingress.k8s.aws/cluster", "prod"));
    cloud.balancer("foreign", group, MotoCloud.tag("elbv2.k8s.aws/cluster", "staging"));
    var named = cloud.balancer("named", group);
    var bound = cloud.balancer("bound", group);
    var carts = cloud.targetGroup("carts", TargetTypeEnum.IP, 8080);
    var webs = cloud.targetGroup("webs", TargetTypeEnum.IP, 80);
    cloud.targetGroup("lonely", TargetTypeEnum.IP, 80);
    cloud.listen(tagged.loadBalancerArn(), 80, carts);
    cloud.listen(bound.loadBalancerArn(), 81, webs);
    cloud.register(carts, 8080, "10.0.0.21", "10.0.0.22");
    var balancers = new LoadBalancers(clients);
    var groups = new TargetGroups(clients);

    var known = with(inVpc(), Resources.INGRESSES, List.of(ingress(named.dnsName())));
    known = with(known, Resources.TARGET_GROUP_BINDINGS, List.of(binding(webs)));
    known = with(known, Resources.LOAD_BALANCERS, read(balancers, known));
    known = with(known, Resources.TARGET_GROUPS, read(groups, known));

    assertThat(known.list(Resources.LOAD_BALANCERS))
        .extracting(LoadBalancer::name)
        .containsExactlyInAnyOrder("tagged", "legacy", "named");
    assertThat(known.list(Resources.TARGET_GROUPS))
        .extracting(TargetGroup::name)
        .containsExactlyInAnyOrder("carts", "webs");
    assertThat(read(balancers, known))
        .as("the load balancer of a bound target group is the cluster's too")
        .extracting(LoadBalancer::name)
        .containsExactlyInAnyOrder("tagged", "legacy", "named", "bound");

    var one =
        known.list(Resources.LOAD_BALANCERS).stream()
            .filter(l -> l.name().equals("tagged"))
            .findAny();
    assertThat(one.orElseThrow())
        .returns("application", LoadBalancer::type)
        .returns(Scheme.INTERNET_FACING, LoadBalancer::scheme)
        .returns(cloud.vpc, LoadBalancer::vpcId)
        .returns(List.of(group), LoadBalancer::securityGroups)
        .returns(
            Map.of("eu-west-1a", cloud.subnets.get(0), "eu-west-1b", cloud.subnets.get(1)),
            LoadBalancer::subnets)
        .returns(List.of(new LoadBalancer.Listener(80, "HTTP")), LoadBalancer::listeners);

    var check =
        known.list(Resources.TARGET_GROUPS).stream()
            .filter(g -> g.name().equals("carts"))
            .map(TargetGroup::healthCheck)
            .findAny()
            .orElseThrow();
    assertThat(check.path()).isEqualTo("/ready");
    assertThat(check.matcher()).isEqualTo("200-299");
    assertThat(check.interval()).isEqualTo(Duration.ofSeconds(15));

    known = with(known, Resources.TARGET_HEALTH, read(new TargetHealthPoll(clients), known));
    assertThat(GroupHealth.targetsIn(known))
        .extracting(TargetHealth::id)
        .containsExactlyInAnyOrder("10.0.0.21", "10.0.0.22");
    assertThat(known.list(Resources.TARGET_HEALTH)).hasSize(2);
  }

  @Test
  void pathsFollowTheRulesOfTheGroups() throws Exception {
    var front = cloud.group("lb");
    var node = cloud.group("node");
    var pod = cloud.group("pod");
    var balancer = cloud.balancer("paths", front, MotoCloud.tag("elbv2.k8s.aws/cluster", "prod"));
    var ips = cloud.targetGroup("ips", TargetTypeEnum.IP, 8080);
    var nodes = cloud.targetGroup("nodes", TargetTypeEnum.INSTANCE, 31000);
    cloud.listen(balancer.loadBalancerArn(), 80, ips);
    cloud.listen(balancer.loadBalancerArn(), 81, nodes);
    var instance = cloud.instance(node);
    var nic = cloud.nic("10.0.0.77", pod);
    cloud.register(ips, 8080, "10.0.0.77");
    cloud.register(nodes, 31000, instance);
    var list = cloud.prefixList("10.0.0.0/24", "10.0.1.0/25", "10.0.1.128/25");
    cloud.permit(
        node,
        tcp(30000, 32767)
            .userIdGroupPairs(UserIdGroupPair.builder().groupId(front).build())
            .build());
    cloud.permit(
        pod,
        tcp(8080, 8080).prefixListIds(PrefixListId.builder().prefixListId(list).build()).build());
    var source = new SecurityPaths(clients);
    var known = balanced(ips, nodes);

    var open = read(source, known);

    assertThat(verdict(open, instance).verdict()).isEqualTo(PERMITTED);
    assertThat(verdict(open, "10.0.0.77").verdict()).isEqualTo(PERMITTED);
    assertThat(verdict(open, "10.0.0.77").interfaceId()).isEqualTo(nic);

    cloud.forbid(
        pod,
        tcp(8080, 8080).prefixListIds(PrefixListId.builder().prefixListId(list).build()).build());
    cloud.permit(
        pod,
        tcp(443, 443).userIdGroupPairs(UserIdGroupPair.builder().groupId(front).build()).build());
    cloud.permit(
        pod, tcp(8080, 8080).ipRanges(IpRange.builder().cidrIp("10.0.0.0/24").build()).build());
    var shut = read(source, known);

    assertThat(verdict(shut, instance).verdict()).isEqualTo(PERMITTED);
    assertThat(verdict(shut, "10.0.0.77").verdict())
        .as("only one of the two subnets may pass")
        .isEqualTo(BLOCKED);

    cloud.permit(
        pod, tcp(8080, 8080).ipRanges(IpRange.builder().cidrIp("10.0.1.0/24").build()).build());
    assertThat(verdict(read(source, known), "10.0.0.77").verdict()).isEqualTo(PERMITTED);
  }

  private Inventory balanced(String... groups) throws Exception {
    var known = with(inVpc(), Resources.TARGET_GROUP_BINDINGS, List.<TargetGroupBinding>of());
    known = with(known, Resources.LOAD_BALANCERS, read(new LoadBalancers(clients), known));
    var all = read(new TargetGroups(clients), known);
    var wanted = all.stream().filter(g -> List.of(groups).contains(g.arn())).toList();
    known = with(known, Resources.TARGET_GROUPS, wanted);
    return with(known, Resources.TARGET_HEALTH, read(new TargetHealthPoll(clients), known));
  }

  /** Only what is in this test's VPC. */
  private Inventory inVpc() {
    return with(
        Inventory.EMPTY,
        Resources.CLUSTER,
        new EksCluster(
            "prod",
            Optional.empty(),
            Optional.empty(),
            "1.33",
            cloud.vpc,
            List.of(),
            false,
            "STANDARD",
            Optional.empty(),
            List.of()));
  }

  private static SecurityPath verdict(List<SecurityPath> paths, String target) {
    return paths.stream()
        .filter(p -> p.targetId().equals(target) && p.use() == SecurityPath.Use.TRAFFIC)
        .findAny()
        .orElseThrow(() -> new AssertionError(paths));
  }

  private static IpPermission.Builder tcp(int from, int to) {
    return IpPermission.builder().ipProtocol("tcp").fromPort(from).toPort(to);
  }

  private static KubeIngress ingress(String address) {
    return new KubeIngress(
        "shop",
        "cart",
        "alb",
        "",
        Scheme.INTERNET_FACING,
        List.of(),
        false,
        List.of(address.toUpperCase(Locale.ROOT)),
        Map.of(),
        Optional.empty(),
        Readings.NOW);
  }

  private static TargetGroupBinding binding(String arn) {
    return new TargetGroupBinding("shop", "web", "web", "80", arn, Optional.empty());
  }
}
