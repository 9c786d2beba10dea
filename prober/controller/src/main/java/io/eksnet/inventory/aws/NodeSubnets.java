package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SubnetRole.NODE;
import static io.eksnet.model.inventory.SubnetRole.POD;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SubnetRole;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * The subnets of the nodes' network interfaces. They change rarely, so that one batch of nodes is
 * read at a time and the number of requests does not grow with the cluster.
 */
final class NodeSubnets {
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  /** After a failure, or while nodes are left that were never read. */
  private static final Duration SHORT_INTERVAL = Duration.ofMinutes(1);

  private final AwsClients aws;

  /** By instance; empty for an instance that EC2 does not have. */
  private final Cache<String, Map<String, Set<SubnetRole>>> byInstance;

  private volatile Instant next = Instant.MIN;

  NodeSubnets(AwsClients aws) {
    this.aws = aws;
    byInstance = new Cache<>(INTERVAL, aws.clock());
  }

  /** By subnet: whether primary and whether secondary interfaces are there. Never fails. */
  Future<Map<String, Set<SubnetRole>>> roles(Inventory inventory) {
    var ids =
        inventory.list(Resources.NODES).stream()
            .map(KubeNode::instanceId)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet());
    if (ids.isEmpty() || aws.clock().instant().isBefore(next)) {
      return Future.succeededFuture(merged());
    }
    byInstance.retainAll(ids);
    next = aws.clock().instant().plus(INTERVAL);
    return read(byInstance.oldestFirst(ids).stream().limit(SdkValues.MAX_FILTER_VALUES).toList())
        .map(read -> ids.stream().allMatch(byInstance::contains) ? INTERVAL : SHORT_INTERVAL)
        .otherwise(SHORT_INTERVAL)
        .map(
            wait -> {
              next = aws.clock().instant().plus(wait);
              return merged();
            });
  }

  /** By filter: a request by id fails for all if one instance is gone. */
  private Future<List<Instance>> read(List<String> ids) {
    var filter = SdkValues.filter("instance-id", ids);
    return AwsClients.list(
            aws.ec2().describeInstancesPaginator(request -> request.filters(filter)),
            page -> page.reservations().stream().flatMap(r -> r.instances().stream()).toList())
        .onSuccess(
            instances -> {
              ids.forEach(id -> byInstance.put(id, Map.of()));
              instances.forEach(found -> byInstance.put(found.instanceId(), roles(found)));
            });
  }

  private Map<String, Set<SubnetRole>> merged() {
    var merged = new HashMap<String, Set<SubnetRole>>();
    byInstance.values().forEach(one -> one.forEach((id, roles) -> add(merged, id, roles)));
    return merged;
  }

  private static Map<String, Set<SubnetRole>> roles(Instance instance) {
    var roles = new HashMap<String, Set<SubnetRole>>();
    add(roles, SdkValues.orEmpty(instance.subnetId()), Set.of(NODE));
    for (var eni : instance.networkInterfaces()) {
      var attachment = eni.attachment();
      var primary = attachment != null && Integer.valueOf(0).equals(attachment.deviceIndex());
      add(roles, SdkValues.orEmpty(eni.subnetId()), Set.of(primary ? NODE : POD));
    }
    return Map.copyOf(roles);
  }

  private static void add(
      Map<String, Set<SubnetRole>> roles, String subnetId, Collection<SubnetRole> more) {
    if (!subnetId.isEmpty()) {
      roles.computeIfAbsent(subnetId, id -> EnumSet.noneOf(SubnetRole.class)).addAll(more);
    }
  }
}
