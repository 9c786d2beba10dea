package io.eksnet.inventory.aws;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Endpoint;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;

/**
 * The health of the targets, one request per target group. A round lasts as long as the interval of
 * the resource. Half of it is for unsettled groups: their targets are unhealthy or come and go, or
 * their targets or endpoints changed recently. Up to about 37 of these are at most 30 s old,
 * however many settled groups there are. The others take turns by age.
 *
 * <p>All clients of an account share 10 {@code Describe} requests per second and a burst of 40
 * (Elastic Load Balancing User Guide, "API request throttling"), so not even all of them would
 * suffice to read 500 groups every 30 s.
 */
final class TargetHealthPoll extends AwsSource<List<GroupHealth>> {
  /** The default interval of target health, less the time of the last request. */
  private static final Duration ROUND = Duration.ofSeconds(25);

  private static final Duration MIN_INTERVAL = Duration.ofSeconds(30);

  /** Controllers register targets some time after a change, and health checks take longer. */
  private static final Duration UNSETTLED_AFTER_CHANGE = Duration.ofMinutes(2);

  /** {@code unused}: the load balancer does not use the group or the zone. */
  private static final Set<String> SETTLED = Set.of("healthy", "unused");

  private final Map<String, Snapshot<List<TargetHealth>>> last = new ConcurrentHashMap<>();
  private final Map<String, Instant> lastWithoutDraining = new ConcurrentHashMap<>();
  private final Map<String, Set<Endpoint>> endpoints = new ConcurrentHashMap<>();
  private final Map<String, Instant> lastChange = new ConcurrentHashMap<>();
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
    endpoints.keySet().retainAll(arns);
    lastChange.keySet().retainAll(arns);
    var start = aws.clock().instant();
    noteChanges(endpointsByGroup(inventory), Set.copyOf(arns), start);
    var end = start.plus(ROUND);
    var failures = new ConcurrentHashMap<String, Unavailable>();
    return aws.each(inOrder(arns, start), arn -> read(arn, end, failures))
        .compose(read -> result(arns, failures));
  }

  /** In turn the unsettled group and the group that were not read for longest. */
  private List<String> inOrder(List<String> arns, Instant now) {
    var byAge = arns.stream().sorted(comparing(this::readAt).thenComparing(arn -> arn)).toList();
    var unsettled = byAge.stream().filter(arn -> !isSettled(arn, now)).iterator();
    var order = new LinkedHashSet<String>();
    for (var arn : byAge) {
      if (unsettled.hasNext()) {
        order.add(unsettled.next());
      }
      order.add(arn);
    }
    return List.copyOf(order);
  }

  /** The endpoints of the Services that are bound to each group, by ARN, as far as known. */
  private static Map<String, Set<Endpoint>> endpointsByGroup(Inventory inventory) {
    var byService =
        inventory.list(Resources.SERVICES).stream()
            .filter(service -> service.endpoints().isPresent())
            .collect(
                toMap(
                    service -> service.namespace() + "/" + service.name(),
                    service -> Set.copyOf(service.endpoints().orElseThrow()),
                    (one, same) -> one));
    var byGroup = new HashMap<String, Set<Endpoint>>();
    for (var binding : inventory.list(Resources.TARGET_GROUP_BINDINGS)) {
      var bound = byService.get(binding.namespace() + "/" + binding.service());
      if (bound != null) {
        byGroup.computeIfAbsent(binding.targetGroupArn(), arn -> new HashSet<>()).addAll(bound);
      }
    }
    return byGroup;
  }

  /** Kubernetes shows without a request to AWS which groups will get or lose targets. */
  private void noteChanges(Map<String, Set<Endpoint>> current, Set<String> arns, Instant now) {
    current.forEach(
        (arn, its) -> {
          if (arns.contains(arn)) {
            var before = endpoints.put(arn, its);
            if (before != null && !before.equals(its)) {
              lastChange.put(arn, now);
            }
          }
        });
  }

  /**
   * Whether no target is known to be unhealthy or on its way in or out, and nothing changed
   * recently. Groups that were never read are the oldest anyway.
   */
  private boolean isSettled(String arn, Instant now) {
    var known =
        Optional.ofNullable(last.get(arn)).stream()
            .flatMap(snapshot -> snapshot.value().stream())
            .flatMap(List::stream);
    return known.map(TargetHealth::state).allMatch(SETTLED::contains)
        && Optional.ofNullable(lastChange.get(arn))
            .filter(at -> now.isBefore(at.plus(UNSETTLED_AFTER_CHANGE)))
            .isEmpty();
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
    var before =
        Optional.ofNullable(last.put(arn, Snapshot.of(targets, aws.clock().instant(), interval)));
    if (before
        .flatMap(Snapshot::value)
        .filter(known -> !Set.copyOf(known).equals(Set.copyOf(targets)))
        .isPresent()) {
      lastChange.put(arn, start);
    }
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
