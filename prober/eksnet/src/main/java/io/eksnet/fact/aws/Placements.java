package io.eksnet.fact.aws;

import static io.eksnet.core.inventory.SubnetRole.NODE;
import static io.eksnet.core.inventory.SubnetRole.POD;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.Parts;
import io.eksnet.core.inventory.SubnetRole;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * In which subnets the interfaces of the nodes are. That changes rarely, so it is asked rarely;
 * what was learned last stays when asking fails.
 */
final class Placements {
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Values of one filter (EC2 API, "Filter"). */
  private static final int SLICE = 200;

  private final AwsCalls calls;
  private final Clock clock;
  private volatile Map<String, Set<SubnetRole>> last = Map.of();
  private volatile Instant next = Instant.MIN;

  Placements(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** By subnet: whether primary and whether secondary interfaces are there. Never fails. */
  Future<Map<String, Set<SubnetRole>>> of(Inventory known) {
    var ids =
        known.list(Parts.NODES).stream()
            .map(KubeNode::instanceId)
            .filter(id -> !id.isEmpty())
            .toList();
    if (ids.isEmpty() || clock.instant().isBefore(next)) {
      return Future.succeededFuture(last);
    }
    next = clock.instant().plus(EVERY);
    return InTurn.slices(ids, SLICE, this::instances)
        .map(
            instances -> {
              last = of(instances);
              return last;
            })
        .otherwise(
            failure -> {
              next = clock.instant().plus(AGAIN);
              return last;
            });
  }

  /** A filter, since ids that are named and gone would fail the call. */
  private Future<List<Instance>> instances(List<String> ids) {
    return InTurn.pages(
        "DescribeInstances",
        token ->
            calls.ec2(
                "DescribeInstances",
                ec2 ->
                    ec2.describeInstances(
                        ask -> ask.filters(Said.filter("instance-id", ids)).nextToken(token))),
        DescribeInstancesResponse::nextToken,
        page -> page.reservations().stream().flatMap(r -> r.instances().stream()).toList());
  }

  private static Map<String, Set<SubnetRole>> of(List<Instance> instances) {
    var roles = new HashMap<String, Set<SubnetRole>>();
    for (var instance : instances) {
      add(roles, instance.subnetId(), NODE);
      for (var eni : instance.networkInterfaces()) {
        var attachment = eni.attachment();
        var primary = attachment != null && Integer.valueOf(0).equals(attachment.deviceIndex());
        add(roles, eni.subnetId(), primary ? NODE : POD);
      }
    }
    return Map.copyOf(roles);
  }

  private static void add(Map<String, Set<SubnetRole>> roles, String subnetId, SubnetRole role) {
    if (!Said.text(subnetId).isEmpty()) {
      roles.computeIfAbsent(subnetId, id -> EnumSet.noneOf(SubnetRole.class)).add(role);
    }
  }
}
