package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SubnetRole.NODE;
import static io.eksnet.model.inventory.SubnetRole.POD;
import static java.util.Comparator.comparing;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.SubnetRole;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * In which subnets the interfaces of the nodes are. That changes rarely, so it is asked rarely, and
 * of so many nodes at a time that the calls do not grow with the cluster: those that were never
 * asked about first, then those whose turn is longest ago, in the order of their ids, which says
 * nothing of their subnets. What was learned last stays when asking fails.
 */
final class Placements {
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Values of one filter (EC2 API, "Filter"). */
  private static final int AT_A_TIME = 200;

  private final AwsCalls calls;
  private final Clock clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private volatile Instant next = Instant.MIN;

  /** What an instance was found to have; of one that was not found, nothing. */
  private record Seen(Instant at, Map<String, Set<SubnetRole>> roles) {}

  Placements(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** By subnet: whether primary and whether secondary interfaces are there. Never fails. */
  Future<Map<String, Set<SubnetRole>>> of(Inventory known) {
    var ids =
        known.list(Resources.NODES).stream()
            .map(KubeNode::instanceId)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet());
    if (ids.isEmpty() || clock.instant().isBefore(next)) {
      return Future.succeededFuture(all());
    }
    seen.keySet().retainAll(ids);
    var asked = turn(ids);
    next = clock.instant().plus(EVERY);
    return instances(asked)
        .map(instances -> keep(asked, instances))
        .otherwise(false)
        .map(
            kept -> {
              next = clock.instant().plus(kept && seen.keySet().containsAll(ids) ? EVERY : AGAIN);
              return all();
            });
  }

  private List<String> turn(Set<String> ids) {
    return ids.stream()
        .sorted(comparing(this::askedAt).thenComparing(id -> id))
        .limit(AT_A_TIME)
        .toList();
  }

  private Instant askedAt(String id) {
    var before = seen.get(id);
    return before == null ? Instant.MIN : before.at();
  }

  private boolean keep(List<String> asked, List<Instance> instances) {
    var now = clock.instant();
    asked.forEach(id -> seen.put(id, new Seen(now, Map.of())));
    instances.forEach(found -> seen.replace(found.instanceId(), new Seen(now, roles(found))));
    return true;
  }

  private Map<String, Set<SubnetRole>> all() {
    var all = new HashMap<String, Set<SubnetRole>>();
    seen.values()
        .forEach(one -> one.roles().forEach((id, roles) -> roles.forEach(r -> add(all, id, r))));
    return all;
  }

  /** A filter, since ids that are named and gone would fail the call. */
  private Future<List<Instance>> instances(List<String> ids) {
    return Paginator.pages(
        "DescribeInstances",
        token ->
            calls.ec2(
                "DescribeInstances",
                ec2 ->
                    ec2.describeInstances(
                        ask -> ask.filters(SdkNulls.filter("instance-id", ids)).nextToken(token))),
        DescribeInstancesResponse::nextToken,
        page -> page.reservations().stream().flatMap(r -> r.instances().stream()).toList());
  }

  private static Map<String, Set<SubnetRole>> roles(Instance instance) {
    var roles = new HashMap<String, Set<SubnetRole>>();
    add(roles, instance.subnetId(), NODE);
    for (var eni : instance.networkInterfaces()) {
      var attachment = eni.attachment();
      var primary = attachment != null && Integer.valueOf(0).equals(attachment.deviceIndex());
      add(roles, eni.subnetId(), primary ? NODE : POD);
    }
    return Map.copyOf(roles);
  }

  private static void add(Map<String, Set<SubnetRole>> roles, String subnetId, SubnetRole role) {
    if (!SdkNulls.text(subnetId).isEmpty()) {
      roles.computeIfAbsent(subnetId, id -> EnumSet.noneOf(SubnetRole.class)).add(role);
    }
  }
}
