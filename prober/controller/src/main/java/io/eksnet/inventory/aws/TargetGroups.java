package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The target groups of the cluster's load balancers and of TargetGroupBindings. Lists all of the
 * account: a request by ARN takes 20 of them instead of 400 a page, and fails for all if one was
 * deleted.
 */
final class TargetGroups extends AwsSource<List<TargetGroup>> {
  TargetGroups(AwsClients aws) {
    super(aws, Resources.TARGET_GROUPS, AwsService.ELBV2.anywhere("DescribeTargetGroups"));
  }

  @Override
  Future<List<TargetGroup>> load(Inventory inventory) {
    if (inventory.get(Resources.TARGET_GROUP_BINDINGS).isEmpty()) {
      require(inventory, Resources.LOAD_BALANCERS);
    }
    return AwsClients.list(
            aws.elb().describeTargetGroupsPaginator(),
            page -> page.targetGroups().stream().map(ElbValues::targetGroup).toList())
        .map(all -> ofCluster(all, inventory));
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
