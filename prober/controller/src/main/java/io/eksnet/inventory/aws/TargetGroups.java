package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;

/**
 * The target groups of the cluster's load balancers and of TargetGroupBindings. All of the account
 * are listed: asking for them by ARN takes 20 a call instead of 400 a page, and one that went fails
 * the call for the others.
 */
final class TargetGroups {
  private TargetGroups() {}

  static InventorySource<List<TargetGroup>> source(AwsCalls calls) {
    return new AwsSource<>(
        Resources.TARGET_GROUPS,
        AwsService.ELBV2.anywhere("DescribeTargetGroups"),
        calls,
        known -> read(calls, known));
  }

  private static Future<List<TargetGroup>> read(AwsCalls calls, Inventory known) {
    if (known.get(Resources.TARGET_GROUP_BINDINGS).isEmpty()) {
      AwsSource.need(known, Resources.LOAD_BALANCERS);
    }
    return all(calls).map(all -> ofCluster(all, known));
  }

  private static Future<List<TargetGroup>> all(AwsCalls calls) {
    return Paginator.pages(
        "DescribeTargetGroups",
        token ->
            calls.elb(
                "DescribeTargetGroups", elb -> elb.describeTargetGroups(r -> r.marker(token))),
        DescribeTargetGroupsResponse::nextMarker,
        page -> page.targetGroups().stream().map(ElbValues::group).toList());
  }

  private static List<TargetGroup> ofCluster(List<TargetGroup> all, Inventory known) {
    var balancers =
        known.list(Resources.LOAD_BALANCERS).stream()
            .map(LoadBalancer::arn)
            .collect(Collectors.toSet());
    var bound =
        known.list(Resources.TARGET_GROUP_BINDINGS).stream()
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
