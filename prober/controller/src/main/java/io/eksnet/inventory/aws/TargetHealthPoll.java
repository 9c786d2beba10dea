package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.GroupHealth;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;

/**
 * The health of the targets, a call for each target group, one after another within the budget. The
 * more groups there are, the longer its period. Groups that a reading does not reach in its period,
 * as when calls are throttled, come first in the next.
 */
final class TargetHealthPoll implements InventorySource<List<GroupHealth>> {
  private static final Duration LEAST = Duration.ofSeconds(30);
  private static final Duration EACH = Duration.ofSeconds(1);
  private static final Unavailable NOT_REACHED =
      new Unavailable(Reason.THROTTLED, "not reached within the period");

  private final AwsSource<List<GroupHealth>> source;
  private final AwsCalls calls;
  private final Clock clock;
  private final Map<String, Snapshot<List<TargetHealth>>> last = new ConcurrentHashMap<>();
  private final Map<String, Instant> lastWithoutDraining = new ConcurrentHashMap<>();
  private volatile Duration every = LEAST;

  TargetHealthPoll(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
    this.source =
        new AwsSource<>(
            Resources.TARGET_HEALTH,
            AwsService.ELBV2.anywhere("DescribeTargetHealth"),
            calls,
            this::poll);
  }

  @Override
  public Resource<List<GroupHealth>> resource() {
    return source.resource();
  }

  /** One second per target group, so that large accounts stay within the rate limit. */
  @Override
  public Duration minInterval() {
    return every.equals(LEAST) ? Duration.ZERO : every;
  }

  @Override
  public List<Permission> permissions() {
    return source.permissions();
  }

  @Override
  public Future<List<GroupHealth>> read(Inventory known) {
    return source.read(known);
  }

  private Future<List<GroupHealth>> poll(Inventory known) {
    var groups = AwsSource.need(known, Resources.TARGET_GROUPS);
    every = period(groups.size());
    var arns = groups.stream().map(TargetGroup::arn).toList();
    last.keySet().retainAll(new HashSet<>(arns));
    lastWithoutDraining.keySet().retainAll(last.keySet());
    var end = clock.instant().plus(every);
    return Paginator.each(longestAgoFirst(arns), arn -> ask(arn, end))
        .compose(lacks -> result(arns, merged(lacks)));
  }

  static Duration period(int groups) {
    var all = EACH.multipliedBy(groups);
    return all.compareTo(LEAST) > 0 ? all : LEAST;
  }

  private List<String> longestAgoFirst(List<String> arns) {
    return arns.stream().sorted(comparing(this::at)).toList();
  }

  private Instant at(String arn) {
    var known = last.get(arn);
    return known == null ? Instant.EPOCH : known.at();
  }

  /** Asks for one group: what it lacks then, if anything. Fails if asking for others is no use. */
  private Future<Map<String, Unavailable>> ask(String arn, Instant end) {
    if (!clock.instant().isBefore(end)) {
      return Future.succeededFuture(Map.of(arn, NOT_REACHED));
    }
    var asked = clock.instant();
    return calls
        .elb("DescribeTargetHealth", elb -> elb.describeTargetHealth(r -> r.targetGroupArn(arn)))
        .map(answer -> keep(arn, answer, asked))
        .recover(failure -> lack(arn, failure));
  }

  private Map<String, Unavailable> keep(
      String arn, DescribeTargetHealthResponse answer, Instant asked) {
    var targets =
        answer.targetHealthDescriptions().stream()
            .map(described -> ElbValues.health(arn, described))
            .toList();
    last.put(arn, Snapshot.of(targets, clock.instant(), every));
    if (targets.stream().noneMatch(TargetHealth::draining)) {
      lastWithoutDraining.put(arn, asked);
    }
    return Map.of();
  }

  private Future<Map<String, Unavailable>> lack(String arn, Throwable failure) {
    if (failure instanceof AwsFailure aws && aws.notFound()) {
      last.remove(arn);
      return Future.succeededFuture(Map.of());
    }
    var lack = AwsFailure.asFact(failure).lack();
    return lack.reason() == Reason.DENIED
        ? Future.failedFuture(failure)
        : Future.succeededFuture(Map.of(arn, lack));
  }

  private static Map<String, Unavailable> merged(List<Map<String, Unavailable>> lacks) {
    var all = new HashMap<String, Unavailable>();
    lacks.forEach(all::putAll);
    return all;
  }

  private Future<List<GroupHealth>> result(List<String> arns, Map<String, Unavailable> failures) {
    failures.forEach((arn, lack) -> last.computeIfPresent(arn, (same, known) -> known.after(lack)));
    if (!arns.isEmpty() && failures.size() == arns.size()) {
      return Future.failedFuture(
          new AwsFailure(lackOfAll(failures).reason(), "", lackOfAll(failures).detail()));
    }
    var now = clock.instant();
    return Future.succeededFuture(
        arns.stream()
            .flatMap(
                arn -> state(arn, failures).map(known -> health(arn, known.ifFresh(now))).stream())
            .toList());
  }

  private GroupHealth health(String arn, Snapshot<List<TargetHealth>> targets) {
    return new GroupHealth(arn, targets, Optional.ofNullable(lastWithoutDraining.get(arn)));
  }

  private Optional<Snapshot<List<TargetHealth>>> state(
      String arn, Map<String, Unavailable> failures) {
    var known = Optional.ofNullable(last.get(arn));
    var lack = Optional.ofNullable(failures.get(arn));
    return known.or(() -> lack.map(why -> Snapshot.<List<TargetHealth>>notYet(every).after(why)));
  }

  private static Unavailable lackOfAll(Map<String, Unavailable> failures) {
    return failures.values().stream()
        .filter(lack -> !lack.equals(NOT_REACHED))
        .findFirst()
        .orElse(NOT_REACHED);
  }
}
