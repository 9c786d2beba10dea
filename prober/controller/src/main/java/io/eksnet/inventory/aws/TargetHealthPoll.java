package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;

/**
 * The health of the targets, one request per target group. A round lasts as long as the interval of
 * the resource. Half of it is for groups with targets that are unhealthy or come and go: up to
 * about 37 of these are at most 30 s old, however many healthy groups there are. The others take
 * turns by age; the ELB API permits no more requests.
 */
final class TargetHealthPoll extends AwsSource<List<GroupHealth>> {
  /** The default interval of target health, less the time of the last request. */
  private static final Duration ROUND = Duration.ofSeconds(25);

  private static final Duration MIN_INTERVAL = Duration.ofSeconds(30);

  /** {@code unused}: the load balancer does not use the group or the zone. */
  private static final Set<String> SETTLED = Set.of("healthy", "unused");

  private final Map<String, Snapshot<List<TargetHealth>>> last = new ConcurrentHashMap<>();
  private final Map<String, Instant> lastWithoutDraining = new ConcurrentHashMap<>();
  private volatile Duration interval = MIN_INTERVAL;

  TargetHealthPoll(AwsClients aws) {
    super(aws, Resources.TARGET_HEALTH, AwsService.ELBV2.anywhere("DescribeTargetHealth"));
  }

  /** How long it may take until each group is read again, at half of the rate limit. */
  static Duration interval(int groups, RateLimit limit) {
    var all = Duration.ofMillis((long) (2_000 * groups / limit.perSecond()));
    return all.compareTo(MIN_INTERVAL) > 0 ? all : MIN_INTERVAL;
  }

  @Override
  Future<List<GroupHealth>> load(Inventory inventory) {
    var arns = require(inventory, Resources.TARGET_GROUPS).stream().map(TargetGroup::arn).toList();
    interval = interval(arns.size(), aws.settings().rateLimit(AwsService.ELBV2));
    last.keySet().retainAll(arns);
    lastWithoutDraining.keySet().retainAll(last.keySet());
    var end = aws.clock().instant().plus(ROUND);
    var failures = new ConcurrentHashMap<String, Unavailable>();
    return aws.each(inOrder(arns), arn -> read(arn, end, failures))
        .compose(read -> result(arns, failures));
  }

  /** In turn the unsettled group and the group that were not read for longest. */
  private List<String> inOrder(List<String> arns) {
    var byAge = arns.stream().sorted(comparing(this::readAt).thenComparing(arn -> arn)).toList();
    var unsettled = byAge.stream().filter(arn -> !isSettled(arn)).iterator();
    var order = new LinkedHashSet<String>();
    for (var arn : byAge) {
      if (unsettled.hasNext()) {
        order.add(unsettled.next());
      }
      order.add(arn);
    }
    return List.copyOf(order);
  }

  /** Whether no target is unhealthy, and none is on its way in or out. */
  private boolean isSettled(String arn) {
    return Optional.ofNullable(last.get(arn))
        .flatMap(Snapshot::value)
        .filter(targets -> targets.stream().map(TargetHealth::state).allMatch(SETTLED::contains))
        .isPresent();
  }

  private Instant readAt(String arn) {
    return Optional.ofNullable(last.get(arn)).map(Snapshot::at).orElse(Instant.EPOCH);
  }

  /** Reads one group, unless the round is over. Fails if reading the others is no use. */
  private Future<Boolean> read(String arn, Instant end, Map<String, Unavailable> failures) {
    var start = aws.clock().instant();
    if (!start.isBefore(end)) {
      return Future.succeededFuture(false);
    }
    return AwsClients.future(aws.elb().describeTargetHealth(request -> request.targetGroupArn(arn)))
        .map(response -> keep(arn, response, start))
        .recover(
            failure -> {
              if (AwsException.isNotFound(failure)) {
                last.remove(arn);
              } else if (AwsException.isDenied(failure)
                  || !(failure instanceof SourceException known)) {
                return Future.failedFuture(failure);
              } else {
                failures.put(arn, known.lack());
              }
              return Future.succeededFuture(false);
            });
  }

  private boolean keep(String arn, DescribeTargetHealthResponse response, Instant start) {
    var targets =
        response.targetHealthDescriptions().stream()
            .map(described -> ElbValues.targetHealth(arn, described))
            .toList();
    last.put(arn, Snapshot.of(targets, aws.clock().instant(), interval));
    if (targets.stream().noneMatch(TargetHealth::draining)) {
      lastWithoutDraining.put(arn, start);
    }
    return true;
  }

  private Future<List<GroupHealth>> result(List<String> arns, Map<String, Unavailable> failures) {
    failures.forEach((arn, why) -> last.computeIfPresent(arn, (same, known) -> known.after(why)));
    if (!arns.isEmpty() && failures.size() == arns.size()) {
      var failure = failures.values().iterator().next();
      return Future.failedFuture(new SourceException(failure.reason(), failure.detail()));
    }
    return Future.succeededFuture(
        arns.stream().flatMap(arn -> health(arn, failures).stream()).toList());
  }

  private Optional<GroupHealth> health(String arn, Map<String, Unavailable> failures) {
    return Optional.ofNullable(last.get(arn))
        .or(
            () ->
                Optional.ofNullable(failures.get(arn))
                    .map(failure -> Snapshot.<List<TargetHealth>>notYet(interval).after(failure)))
        .map(
            targets ->
                new GroupHealth(
                    arn,
                    targets.ifFresh(aws.clock().instant()),
                    Optional.ofNullable(lastWithoutDraining.get(arn))));
  }
}
