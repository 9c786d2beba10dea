package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.AwsSource.need;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Interfaces that the CNI made and no instance has: they hold addresses, and nobody gives them back
 * when their node is gone.
 */
final class LeakedInterfaces {
  /** The CNI makes an interface first and attaches it then; it also cleans up after itself. */
  private static final Duration SETTLED = Duration.ofMinutes(15);

  private static final String CLUSTER_TAG = "cluster.k8s.amazonaws.com/name";
  private static final String CREATED_TAG = "node.k8s.amazonaws.com/createdAt";

  private final AwsCalls calls;
  private final Clock clock;

  private LeakedInterfaces(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  static InventorySource<List<NetworkInterface>> source(AwsCalls calls, Clock clock) {
    return new AwsSource<>(
        Resources.LEAKED_INTERFACES,
        AwsService.EC2.anywhere("DescribeNetworkInterfaces"),
        calls,
        new LeakedInterfaces(calls, clock)::read);
  }

  private Future<List<NetworkInterface>> read(Inventory known) {
    var cluster = need(known, Resources.CLUSTER);
    return Interfaces.list(
            calls,
            SdkNulls.filter("vpc-id", cluster.vpcId()),
            SdkNulls.filter("status", "available"),
            SdkNulls.filter("description", "aws-K8S-*"))
        .map(
            enis ->
                enis.stream()
                    .filter(eni -> isLeaked(SdkNulls.tags(eni.tagSet()), cluster))
                    .map(Interfaces::of)
                    .toList());
  }

  private boolean isLeaked(Map<String, String> tags, EksCluster cluster) {
    return tags.getOrDefault(CLUSTER_TAG, cluster.name()).equals(cluster.name())
        && created(tags).isBefore(clock.instant().minus(SETTLED));
  }

  private static Instant created(Map<String, String> tags) {
    try {
      return Instant.parse(tags.getOrDefault(CREATED_TAG, ""));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
