package io.eksnet.inventory.aws;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SecurityPath;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Whether security groups let load balancers reach their targets. EC2 is eventually consistent: an
 * edited rule may show a minute or two late.
 */
final class SecurityPaths extends AwsSource<List<SecurityPath>> {
  private final SecurityGroupReader reader;
  private final TargetStates targetStates = new TargetStates();

  SecurityPaths(AwsClients aws) {
    super(aws, Resources.SECURITY_PATHS, permissionsNeeded());
    reader = new SecurityGroupReader(aws);
  }

  private static List<Permission> permissionsNeeded() {
    var all =
        new ArrayList<>(
            AwsService.EC2.anywhere(
                "DescribeNetworkInterfaces",
                "DescribeSecurityGroupRules",
                "DescribeSecurityGroups",
                "DescribeSubnets"));
    all.add(
        new Permission.Iam(
            AwsService.EC2.action("GetManagedPrefixListEntries"),
            List.of(
                "arn:aws:ec2:REGION:ACCOUNT:prefix-list/*",
                "arn:aws:ec2:REGION:aws:prefix-list/*")));
    return all;
  }

  /** The health states of all targets: a change may be the effect of a security group. */
  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return targetStates.in(inventory);
  }

  @Override
  Future<List<SecurityPath>> load(Inventory inventory) {
    require(inventory, Resources.LOAD_BALANCERS);
    require(inventory, Resources.TARGET_GROUPS);
    require(inventory, Resources.TARGET_HEALTH);
    var queries = ReachabilityQuery.of(inventory);
    var targets = TargetInterfaces.of(inventory);
    var wanted =
        targets.wanted(queries.stream().map(ReachabilityQuery::target).distinct().toList());
    return reader
        .interfaces(wanted, distinct(queries, q -> Stream.of(q.balancer().vpcId())))
        .compose(interfaces -> analyze(queries, targets, interfaces));
  }

  private Future<List<SecurityPath>> analyze(
      List<ReachabilityQuery> queries,
      TargetInterfaces targets,
      List<NetworkInterface> interfaces) {
    var groups =
        Stream.concat(
                queries.stream().flatMap(q -> q.balancer().securityGroups().stream()),
                interfaces.stream().flatMap(nic -> nic.groups().stream()))
            .distinct()
            .sorted()
            .toList();
    return reader
        .subnetRanges(distinct(queries, q -> q.balancer().subnets().values().stream()))
        .compose(
            ranges ->
                reader
                    .rules(groups, queries)
                    .map(
                        rules ->
                            new ReachabilityAnalyzer(
                                targets, InterfaceIndex.of(interfaces), ranges, rules)))
        .map(analyzer -> queries.stream().map(analyzer::analyze).toList());
  }

  private static List<String> distinct(
      List<ReachabilityQuery> queries, Function<ReachabilityQuery, Stream<String>> values) {
    return queries.stream()
        .flatMap(values)
        .filter(value -> !value.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }
}
