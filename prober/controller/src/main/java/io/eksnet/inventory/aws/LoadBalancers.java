package io.eksnet.inventory.aws;

import io.eksnet.inventory.aws.ListenerDefinitions.Definition;
import io.eksnet.inventory.aws.ListenerDefinitions.Success;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/**
 * The load balancers of the cluster. Lists all of the account, 400 a request. Tags, listeners and
 * attributes hardly ever change and cost a request each, so they are cached. Listeners are read
 * again at once when their Ingresses or Services change.
 */
final class LoadBalancers extends AwsSource<List<LoadBalancer>> {
  private static final Duration TTL = Duration.ofMinutes(10);

  /** The most ARNs of one DescribeTags request (ELB API). */
  private static final int MAX_TAGGED_ARNS = 20;

  /** Leaves most of the rate limit to target health; the rest is read a minute later. */
  private static final int MAX_LISTENER_REFRESHES = 20;

  private static final int MAX_ATTRIBUTE_READS = 5;

  /** A change of listeners is known 30 seconds after it, with 5 seconds for Kubernetes. */
  private static final Duration MIN_REFRESH_INTERVAL = Duration.ofSeconds(15);

  /**
   * How long the controller may take to change listeners after their objects, if it has no event.
   */
  private static final Duration SETTLING_TIME = Duration.ofMinutes(1);

  private final Cache<String, Boolean> taggedForCluster;
  private final Cache<String, List<Listener>> listeners;
  private final Cache<String, Optional<Duration>> idleTimeouts;
  private volatile Set<String> lastChosen = Set.of();
  private volatile Optional<ListenerDefinitions> lastDefinitions = Optional.empty();

  /** When the last read of listeners that have changed is due, by ARN. */
  private final Map<String, Instant> settling = new ConcurrentHashMap<>();

  LoadBalancers(AwsClients aws) {
    super(
        aws,
        Resources.LOAD_BALANCERS,
        AwsService.ELBV2.anywhere(
            "DescribeLoadBalancers",
            "DescribeTags",
            "DescribeListeners",
            "DescribeLoadBalancerAttributes"));
    idleTimeouts = new Cache<>(TTL, aws.clock());
    taggedForCluster = new Cache<>(TTL, aws.clock());
    listeners = new Cache<>(TTL, aws.clock());
  }

  @Override
  Optional<Set<?>> triggers(Inventory inventory) {
    return ListenerDefinitions.of(inventory).map(definitions -> definitions.byDnsName().entrySet());
  }

  @Override
  Duration minRefreshInterval() {
    return MIN_REFRESH_INTERVAL;
  }

  @Override
  Future<List<LoadBalancer>> load(Inventory inventory) {
    var referenced = ReferencedLoadBalancers.of(inventory);
    return AwsClients.list(
            aws.elb().describeLoadBalancersPaginator(),
            page ->
                page.loadBalancers().stream()
                    .flatMap(lb -> ElbValues.loadBalancer(lb).stream())
                    .toList())
        .map(all -> inVpc(all, inventory))
        .compose(all -> readTags(all, referenced).map(read -> choose(all, referenced, inventory)))
        .compose(
            chosen ->
                readListeners(chosen, inventory)
                    .compose(gone -> readAttributes(chosen).map(read -> result(chosen, gone))));
  }

  private List<LoadBalancer> inVpc(List<LoadBalancer> all, Inventory inventory) {
    var vpc = inventory.get(Resources.CLUSTER).map(EksCluster::vpcId).orElse("");
    var inVpc = all.stream().filter(lb -> vpc.isEmpty() || lb.vpcId().equals(vpc)).toList();
    var arns = inVpc.stream().map(LoadBalancer::arn).collect(Collectors.toSet());
    taggedForCluster.retainAll(arns);
    listeners.retainAll(arns);
    idleTimeouts.retainAll(arns);
    settling.keySet().retainAll(arns);
    return inVpc;
  }

  private Future<Void> readTags(List<LoadBalancer> all, ReferencedLoadBalancers referenced) {
    var others =
        all.stream().filter(lb -> !referenced.contains(lb)).map(LoadBalancer::arn).toList();
    return aws.batches(taggedForCluster.stale(others), MAX_TAGGED_ARNS, this::tags)
        .onSuccess(
            read ->
                read.forEach(
                    tags ->
                        taggedForCluster.put(
                            tags.resourceArn(),
                            ReferencedLoadBalancers.isTagged(
                                ElbValues.tags(tags), aws.settings().cluster()))))
        .<Void>mapEmpty()
        .recover(LoadBalancers::ignoreDenied);
  }

  /** A deleted load balancer fails the request for all: then they are read one by one. */
  private Future<List<TagDescription>> tags(List<String> arns) {
    return AwsClients.future(aws.elb().describeTags(request -> request.resourceArns(arns)))
        .map(response -> response.tagDescriptions())
        .recover(
            failure -> {
              if (!AwsException.isNotFound(failure)) {
                return Future.failedFuture(failure);
              }
              return arns.size() == 1
                  ? Future.succeededFuture(List.of())
                  : aws.batches(arns, 1, this::tags);
            });
  }

  /** Keeps the last choice while objects that refer to load balancers are unknown. */
  private List<LoadBalancer> choose(
      List<LoadBalancer> all, ReferencedLoadBalancers referenced, Inventory inventory) {
    var kept = ReferencedLoadBalancers.isComplete(inventory) ? Set.<String>of() : lastChosen;
    var chosen =
        all.stream()
            .filter(
                lb ->
                    referenced.contains(lb)
                        || taggedForCluster.get(lb.arn()).orElse(false)
                        || kept.contains(lb.arn()))
            .toList();
    lastChosen = chosen.stream().map(LoadBalancer::arn).collect(Collectors.toUnmodifiableSet());
    return chosen;
  }

  /**
   * Notes whose listeners change now or soon. An object that changed is ahead of the listeners, so
   * they are read until its controller reports success or the settling time is over.
   */
  private void noteChanges(List<LoadBalancer> chosen, Inventory inventory) {
    var definitions = ListenerDefinitions.of(inventory);
    var before = lastDefinitions;
    if (definitions.isEmpty()) {
      return;
    }
    lastDefinitions = definitions;
    if (before.isEmpty()) {
      return;
    }
    var now = aws.clock().instant();
    for (var balancer : chosen) {
      var earlier = before.get().of(balancer);
      var later = definitions.get().of(balancer);
      if (!later.map(Definition::sources).equals(earlier.map(Definition::sources))) {
        settling.put(balancer.arn(), now.plus(SETTLING_TIME));
      } else if (!successes(earlier).containsAll(successes(later))) {
        settling.put(balancer.arn(), now);
      }
    }
  }

  private static Set<Success> successes(Optional<Definition> definition) {
    return definition.map(Definition::successes).orElse(Set.of());
  }

  /**
   * Reads all missing listeners, without which a load balancer is not probed, and some that have
   * changed or are stale. Returns the load balancers that were deleted meanwhile.
   */
  private Future<Set<String>> readListeners(List<LoadBalancer> chosen, Inventory inventory) {
    noteChanges(chosen, inventory);
    var arns = chosen.stream().map(LoadBalancer::arn).toList();
    var changed = arns.stream().filter(settling::containsKey).toList();
    var missing = arns.stream().filter(arn -> !listeners.contains(arn));
    var stale =
        Stream.concat(listeners.oldestFirst(changed).stream(), listeners.stale(arns).stream())
            .filter(listeners::contains)
            .distinct()
            .limit(MAX_LISTENER_REFRESHES);
    var at = aws.clock().instant();
    var deleted = ConcurrentHashMap.<String>newKeySet();
    return aws.each(
            Stream.concat(missing, stale).toList(),
            arn ->
                AwsClients.ifFound(listenersOf(arn))
                    .onSuccess(
                        read ->
                            read.ifPresentOrElse(
                                found -> keep(arn, found, at), () -> deleted.add(arn))))
        .<Void>mapEmpty()
        .recover(LoadBalancers::ignoreDenied)
        .map(read -> deleted);
  }

  private void keep(String arn, List<Listener> found, Instant at) {
    listeners.put(arn, found);
    settling.computeIfPresent(arn, (same, until) -> at.isBefore(until) ? until : null);
  }

  private Future<List<Listener>> listenersOf(String arn) {
    return AwsClients.list(
        aws.elb().describeListenersPaginator(request -> request.loadBalancerArn(arn)),
        page -> page.listeners().stream().map(ElbValues::listener).toList());
  }

  /** Reads the attributes of a few application load balancers, on which no probe depends. */
  private Future<Void> readAttributes(List<LoadBalancer> chosen) {
    var arns =
        chosen.stream()
            .filter(lb -> lb.type().equals("application"))
            .map(LoadBalancer::arn)
            .toList();
    return aws.each(
            idleTimeouts.stale(arns).stream().limit(MAX_ATTRIBUTE_READS).toList(),
            arn ->
                AwsClients.ifFound(
                        AwsClients.future(
                            aws.elb()
                                .describeLoadBalancerAttributes(
                                    request -> request.loadBalancerArn(arn))))
                    .onSuccess(
                        read ->
                            read.ifPresent(
                                found ->
                                    idleTimeouts.put(
                                        arn, ElbValues.idleTimeout(found.attributes())))))
        .<Void>mapEmpty()
        .otherwiseEmpty(); // what is known of them is kept
  }

  private List<LoadBalancer> result(List<LoadBalancer> chosen, Set<String> deleted) {
    return chosen.stream()
        .filter(lb -> !deleted.contains(lb.arn()))
        .map(
            lb ->
                ElbValues.with(
                    lb,
                    listeners.get(lb.arn()).orElse(lb.listeners()),
                    idleTimeouts.get(lb.arn()).orElse(Optional.empty())))
        .toList();
  }

  /** Without this permission the other facts are still good. */
  private static Future<Void> ignoreDenied(Throwable failure) {
    return AwsException.isDenied(failure) ? Future.succeededFuture() : Future.failedFuture(failure);
  }
}
