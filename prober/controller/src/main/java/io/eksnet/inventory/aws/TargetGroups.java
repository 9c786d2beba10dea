package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The target groups of the cluster's load balancers and of TargetGroupBindings. Lists all of the
 * account: a request by ARN takes 20 of them instead of 400 a page, and fails for all if one was
 * deleted. Attributes hardly ever change and cost a request each, so they are cached, and read for
 * network load balancers only.
 */
final class TargetGroups extends AwsSource<List<TargetGroup>> {
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final int MAX_ATTRIBUTE_READS = 10;

  private final Cache<String, Optional<Boolean>> preservesClientIp;

  TargetGroups(AwsClients aws) {
    super(
        aws,
        Resources.TARGET_GROUPS,
        AwsService.ELBV2.anywhere("DescribeTargetGroups", "DescribeTargetGroupAttributes"));
    preservesClientIp = new Cache<>(TTL, aws.clock());
  }

  @Override
  Future<List<TargetGroup>> load(Inventory inventory) {
    if (inventory.get(Resources.TARGET_GROUP_BINDINGS).isEmpty()) {
      require(inventory, Resources.LOAD_BALANCERS);
    }
    return AwsClients.list(
            aws.elb().describeTargetGroupsPaginator(),
            page -> page.targetGroups().stream().map(ElbValues::targetGroup).toList())
        .map(all -> ofCluster(all, inventory))
        .compose(groups -> readAttributes(groups).map(read -> withAttributes(groups)));
  }

  private Future<Void> readAttributes(List<TargetGroup> groups) {
    var arns =
        groups.stream()
            .filter(group -> !group.protocol().startsWith("HTTP"))
            .map(TargetGroup::arn)
            .toList();
    preservesClientIp.retainAll(arns);
    return aws.each(
            preservesClientIp.stale(arns).stream().limit(MAX_ATTRIBUTE_READS).toList(),
            arn ->
                AwsClients.ifFound(
                        AwsClients.future(
                            aws.elb()
                                .describeTargetGroupAttributes(
                                    request -> request.targetGroupArn(arn))))
                    .onSuccess(
                        read ->
                            read.ifPresent(
                                found ->
                                    preservesClientIp.put(
                                        arn, ElbValues.preservesClientIp(found.attributes())))))
        .<Void>mapEmpty()
        .otherwiseEmpty(); // what is known of them is kept
  }

  private List<TargetGroup> withAttributes(List<TargetGroup> groups) {
    return groups.stream()
        .map(
            group ->
                preservesClientIp
                    .get(group.arn())
                    .flatMap(attribute -> attribute)
                    .map(group::withPreservesClientIp)
                    .orElse(group))
        .toList();
  }

  private static List<TargetGroup> ofCluster(List<TargetGroup> all, Inventory inventory) {
    var balancers =
        inventory.list(Resources.LOAD_BALANCERS).stream()
            .map(LoadBalancer::arn)
            .collect(Collectors.toSet());
    var bound =
        inventory.list(Resources.TARGET_GROUP_BINDINGS).stream()
            .map(TargetGroupBinding::targetGroupArn)
            .collect(Collectors.toSet());
    return all.stream()
        .filter(
            group ->
                bound.contains(group.arn())
                    || group.loadBalancerArns().stream().anyMatch(balancers::contains))
        .sorted(Comparator.comparing(TargetGroup::arn))
        .toList();
  }
}
