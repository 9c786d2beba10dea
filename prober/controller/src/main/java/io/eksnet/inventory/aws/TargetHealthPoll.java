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
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;

/**
 * The health of the targets, one request per target group, one after another. Groups that are not
 * read within the interval, as when AWS throttles, come first in the next.
 */
final class TargetHealthPoll extends AwsSource<List<GroupHealth>> {
  private static final Duration MIN_PERIOD = Duration.ofSeconds(30);
  private static final Duration PERIOD_PER_GROUP = Duration.ofSeconds(1);
  private static final Unavailable NOT_REACHED =
      new Unavailable(Reason.THROTTLED, "not reached within the period");

  private final Map<String, Snapshot<List<TargetHealth>>> last = new ConcurrentHashMap<>();
  private final Map<String, Instant> lastWithoutDraining = new ConcurrentHashMap<>();
  private volatile Duration period = MIN_PERIOD;

  TargetHealthPoll(AwsClients aws) {
    super(aws, Resources.TARGET_HEALTH, AwsService.ELBV2.anywhere("DescribeTargetHealth"));
  }

  /** One second per target group, so that large accounts stay within the rate limit. */
  @Override
  public Duration minInterval() {
    return period.equals(MIN_PERIOD) ? Duration.ZERO : period;
  }

  static Duration period(int groups) {
    var all = PERIOD_PER_GROUP.multipliedBy(groups);
    return all.compareTo(MIN_PERIOD) > 0 ? all : MIN_PERIOD;
  }

  @Override
  Future<List<GroupHealth>> load(Inventory inventory) {
    var arns = require(inventory, Resources.TARGET_GROUPS).stream().map(TargetGroup::arn).toList();
    period = period(arns.size());
    last.keySet().retainAll(arns);
    lastWithoutDraining.keySet().retainAll(last.keySet());
    var end = aws.clock().instant().plus(period);
    var failures = new ConcurrentHashMap<String, Unavailable>();
    return aws.each(oldestFirst(arns), arn -> read(arn, end, failures))
        .compose(read -> result(arns, failures));
  }

  private List<String> oldestFirst(List<String> arns) {
    return arns.stream()
        .sorted(
            comparing(
                arn ->
                    Optional.ofNullable(last.get(arn))
                        .map(known -> known.at())
                        .orElse(Instant.EPOCH)))
        .toList();
  }

  /** Reads one group. Fails if reading the others is no use. */
  private Future<Boolean> read(String arn, Instant end, Map<String, Unavailable> failures) {
    var start = aws.clock().instant();
    if (!start.isBefore(end)) {
      failures.put(arn, NOT_REACHED);
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
    last.put(arn, Snapshot.of(targets, aws.clock().instant(), period));
    if (targets.stream().noneMatch(TargetHealth::draining)) {
      lastWithoutDraining.put(arn, start);
    }
    return true;
  }

  private Future<List<GroupHealth>> result(List<String> arns, Map<String, Unavailable> failures) {
    failures.forEach((arn, why) -> last.computeIfPresent(arn, (same, known) -> known.after(why)));
    if (!arns.isEmpty() && failures.size() == arns.size()) {
      var why =
          failures.values().stream()
              .filter(failure -> !failure.equals(NOT_REACHED))
              .findFirst()
              .orElse(NOT_REACHED);
      return Future.failedFuture(new SourceException(why.reason(), why.detail()));
    }
    return Future.succeededFuture(
        arns.stream().flatMap(arn -> health(arn, failures).stream()).toList());
  }

  private Optional<GroupHealth> health(String arn, Map<String, Unavailable> failures) {
    return Optional.ofNullable(last.get(arn))
        .or(
            () ->
                Optional.ofNullable(failures.get(arn))
                    .map(why -> Snapshot.<List<TargetHealth>>notYet(period).after(why)))
        .map(
            targets ->
                new GroupHealth(
                    arn,
                    targets.ifFresh(aws.clock().instant()),
                    Optional.ofNullable(lastWithoutDraining.get(arn))));
  }
}
