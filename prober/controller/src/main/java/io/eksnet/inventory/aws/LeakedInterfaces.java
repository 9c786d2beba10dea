package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Network interfaces that the VPC CNI created and that no instance has: they hold addresses until
 * they are deleted by hand.
 */
final class LeakedInterfaces extends AwsSource<List<NetworkInterface>> {
  /** The CNI attaches an interface soon after it created it, and cleans up detached ones itself. */
  private static final Duration MIN_AGE = Duration.ofMinutes(15);

  private static final String CLUSTER_TAG = "cluster.k8s.amazonaws.com/name";
  private static final String CREATED_TAG = "node.k8s.amazonaws.com/createdAt";

  LeakedInterfaces(AwsClients aws) {
    super(aws, Resources.LEAKED_INTERFACES, AwsService.EC2.anywhere("DescribeNetworkInterfaces"));
  }

  @Override
  Future<List<NetworkInterface>> load(Inventory inventory) {
    var cluster = require(inventory, Resources.CLUSTER);
    return Interfaces.list(
            aws,
            SdkValues.filter("vpc-id", cluster.vpcId()),
            SdkValues.filter("status", "available"),
            SdkValues.filter("description", "aws-K8S-*"))
        .map(
            enis ->
                enis.stream()
                    .filter(eni -> isLeaked(SdkValues.tags(eni.tagSet()), cluster))
                    .map(Interfaces::of)
                    .toList());
  }

  private boolean isLeaked(Map<String, String> tags, EksCluster cluster) {
    return tags.getOrDefault(CLUSTER_TAG, cluster.name()).equals(cluster.name())
        && created(tags).isBefore(aws.clock().instant().minus(MIN_AGE));
  }

  private static Instant created(Map<String, String> tags) {
    try {
      return Instant.parse(tags.getOrDefault(CREATED_TAG, ""));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
