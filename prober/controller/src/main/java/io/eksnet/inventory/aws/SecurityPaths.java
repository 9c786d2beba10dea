package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether security groups let load balancers reach their targets, every five minutes and soon after
 * the health of a target changed. EC2 shows an edited rule only after a while: whoever reads a
 * verdict allows for a minute or two.
 */
final class SecurityPaths {
  private record Health(String group, String id, int port, String state) {}

  private final SecurityReading reading;

  private SecurityPaths(AwsCalls calls) {
    this.reading = new SecurityReading(calls);
  }

  static InventorySource<List<SecurityPath>> source(AwsCalls calls, Clock clock) {
    return new EventDrivenPoll<>(
        new AwsSource<>(Resources.SECURITY_PATHS, rights(), calls, new SecurityPaths(calls)::judge),
        SecurityPaths::health,
        clock);
  }

  private static List<Permission> rights() {
    return Stream.concat(
            AwsService.EC2
                .anywhere(
                    "DescribeNetworkInterfaces",
                    "DescribeSecurityGroupRules",
                    "DescribeSecurityGroups",
                    "DescribeSubnets")
                .stream(),
            Stream.of(
                new Permission.Iam(
                    AwsService.EC2.action("GetManagedPrefixListEntries"),
                    List.of(
                        "arn:aws:ec2:REGION:ACCOUNT:prefix-list/*",
                        "arn:aws:ec2:REGION:aws:prefix-list/*"))))
        .toList();
  }

  private static Optional<Set<?>> health(Inventory known) {
    return known
        .get(Resources.TARGET_HEALTH)
        .map(
            groups ->
                GroupHealth.targetsIn(known).stream()
                    .map(t -> new Health(t.targetGroupArn(), t.id(), t.port(), t.state()))
                    .collect(Collectors.toSet()));
  }

  private Future<List<SecurityPath>> judge(Inventory known) {
    AwsSource.need(known, Resources.LOAD_BALANCERS);
    AwsSource.need(known, Resources.TARGET_GROUPS);
    AwsSource.need(known, Resources.TARGET_HEALTH);
    var questions = ReachabilityQuery.in(known);
    var targets = TargetInterfaces.of(known);
    var asked = questions.stream().map(ReachabilityQuery::target).distinct().toList();
    return reading
        .interfaces(
            targets.wanted(asked), distinct(questions, q -> Stream.of(q.balancer().vpcId())))
        .compose(interfaces -> judge(questions, targets, interfaces));
  }

  private Future<List<SecurityPath>> judge(
      List<ReachabilityQuery> questions,
      TargetInterfaces targets,
      List<NetworkInterface> interfaces) {
    var subnets = distinct(questions, q -> q.balancer().subnets().values().stream());
    var groups =
        Stream.concat(
                questions.stream().flatMap(q -> q.balancer().securityGroups().stream()),
                interfaces.stream().flatMap(nic -> nic.groups().stream()))
            .distinct()
            .sorted()
            .toList();
    return reading
        .subnets(subnets)
        .compose(
            ranges ->
                reading
                    .rules(groups, questions)
                    .map(book -> answers(questions, targets, interfaces, ranges, book)));
  }

  private static List<SecurityPath> answers(
      List<ReachabilityQuery> questions,
      TargetInterfaces targets,
      List<NetworkInterface> interfaces,
      Map<String, List<Cidr>> ranges,
      SecurityGroupRules book) {
    var judge = new ReachabilityAnalyzer(targets, InterfaceIndex.of(interfaces), ranges, book);
    return questions.stream().map(judge::judge).toList();
  }

  private static List<String> distinct(
      List<ReachabilityQuery> questions, Function<ReachabilityQuery, Stream<String>> values) {
    return questions.stream()
        .flatMap(values)
        .filter(value -> !value.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }
}
