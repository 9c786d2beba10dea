package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.LoadBalancer.Listener;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;

/**
 * The load balancers of the cluster: one listing of all there are in the account, as it costs one
 * call for 400 of them. Tags and listeners hardly ever change and cost a call each, so they are
 * kept for a while.
 */
final class LoadBalancers {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** DescribeTags takes so many ARNs at once. */
  private static final int TAGGED_AT_ONCE = 20;

  /** The budget is shared with target health; what is left over is read a minute later. */
  private static final int REFRESHED_AT_ONCE = 20;

  private record Kept<T>(T value, Instant at) {}

  private final AwsCalls calls;
  private final Clock clock;
  private final Map<String, Kept<Boolean>> ours = new ConcurrentHashMap<>();
  private final Map<String, Kept<List<Listener>>> listeners = new ConcurrentHashMap<>();
  private volatile Set<String> lastChosen = Set.of();

  private LoadBalancers(AwsCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  static InventorySource<List<LoadBalancer>> source(AwsCalls calls, Clock clock) {
    return new AwsSource<>(
        Resources.LOAD_BALANCERS,
        AwsService.ELBV2.anywhere("DescribeLoadBalancers", "DescribeTags", "DescribeListeners"),
        calls,
        new LoadBalancers(calls, clock)::read);
  }

  private Future<List<LoadBalancer>> read(Inventory known) {
    var wanted = LoadBalancerChoice.of(known);
    return all()
        .map(all -> inVpc(all, known))
        .compose(all -> readTags(all, wanted).map(unused -> choose(all, wanted, known)))
        .compose(chosen -> readListeners(chosen).map(gone -> withListeners(chosen, gone)));
  }

  private Future<List<LoadBalancer>> all() {
    return Paginator.pages(
        "DescribeLoadBalancers",
        token ->
            calls.elb(
                "DescribeLoadBalancers", elb -> elb.describeLoadBalancers(r -> r.marker(token))),
        DescribeLoadBalancersResponse::nextMarker,
        page ->
            page.loadBalancers().stream().flatMap(lb -> ElbValues.balancer(lb).stream()).toList());
  }

  private List<LoadBalancer> inVpc(List<LoadBalancer> all, Inventory known) {
    var vpc = known.get(Resources.CLUSTER).map(EksCluster::vpcId).orElse("");
    var there = all.stream().filter(lb -> vpc.isEmpty() || lb.vpcId().equals(vpc)).toList();
    var arns = new HashSet<>(there.stream().map(LoadBalancer::arn).toList());
    ours.keySet().retainAll(arns);
    listeners.keySet().retainAll(arns);
    return there;
  }

  private Future<Void> readTags(List<LoadBalancer> all, LoadBalancerChoice wanted) {
    var unread =
        all.stream()
            .filter(lb -> !wanted.names(lb) && old(ours.get(lb.arn())))
            .map(LoadBalancer::arn)
            .toList();
    return Paginator.slices(unread, TAGGED_AT_ONCE, this::tags)
        .onSuccess(
            tags ->
                tags.forEach(
                    tag ->
                        ours.put(
                            tag.resourceArn(),
                            new Kept<>(
                                LoadBalancerChoice.tagged(
                                    ElbValues.tags(tag), calls.settings().cluster()),
                                clock.instant()))))
        .<Void>mapEmpty()
        .recover(LoadBalancers::unlessDenied);
  }

  private Future<List<TagDescription>> tags(List<String> arns) {
    return calls
        .elb("DescribeTags", elb -> elb.describeTags(r -> r.resourceArns(arns)))
        .map(answer -> answer.tagDescriptions())
        .recover(failure -> withoutGone(arns, failure));
  }

  /** One load balancer that went since it was listed fails the call for all: one by one then. */
  private Future<List<TagDescription>> withoutGone(List<String> arns, Throwable failure) {
    if (!(failure instanceof AwsFailure aws) || !aws.notFound()) {
      return Future.failedFuture(failure);
    }
    return arns.size() == 1
        ? Future.succeededFuture(List.of())
        : Paginator.slices(arns, 1, this::tags);
  }

  private List<LoadBalancer> choose(
      List<LoadBalancer> all, LoadBalancerChoice wanted, Inventory known) {
    var stay = wanted.complete(known) ? Set.<String>of() : lastChosen;
    var chosen =
        all.stream()
            .filter(lb -> wanted.names(lb) || isOurs(lb.arn()) || stay.contains(lb.arn()))
            .toList();
    lastChosen = Set.copyOf(chosen.stream().map(LoadBalancer::arn).toList());
    return chosen;
  }

  private boolean isOurs(String arn) {
    var kept = ours.get(arn);
    return kept != null && kept.value();
  }

  /**
   * Reads the listeners that are missing, for without them nobody would probe there, and some that
   * are old; says which load balancers went meanwhile.
   */
  private Future<Set<String>> readListeners(List<LoadBalancer> chosen) {
    var arns = chosen.stream().map(LoadBalancer::arn).toList();
    var missing = arns.stream().filter(arn -> !listeners.containsKey(arn));
    var old = arns.stream().filter(arn -> listeners.containsKey(arn) && old(listeners.get(arn)));
    var unread = Stream.concat(missing, old.limit(REFRESHED_AT_ONCE)).toList();
    var gone = new ArrayList<String>();
    return Paginator.each(unread, arn -> listenersOf(arn, gone))
        .<Void>mapEmpty()
        .recover(LoadBalancers::unlessDenied)
        .map(unused -> Set.copyOf(gone));
  }

  private Future<List<Listener>> listenersOf(String arn, List<String> gone) {
    return Paginator.pages(
            "DescribeListeners",
            token ->
                calls.elb(
                    "DescribeListeners",
                    elb -> elb.describeListeners(r -> r.loadBalancerArn(arn).marker(token))),
            DescribeListenersResponse::nextMarker,
            page -> page.listeners().stream().map(ElbValues::listener).toList())
        .onSuccess(read -> listeners.put(arn, new Kept<>(read, clock.instant())))
        .recover(
            failure -> {
              if (failure instanceof AwsFailure aws && aws.notFound()) {
                gone.add(arn);
                return Future.succeededFuture(List.of());
              }
              return Future.failedFuture(failure);
            });
  }

  private List<LoadBalancer> withListeners(List<LoadBalancer> chosen, Set<String> gone) {
    return chosen.stream()
        .filter(lb -> !gone.contains(lb.arn()))
        .map(
            lb -> {
              var kept = listeners.get(lb.arn());
              return kept == null ? lb : ElbValues.listening(lb, kept.value());
            })
        .toList();
  }

  private boolean old(@Nullable Kept<?> kept) {
    return kept == null || !clock.instant().isBefore(kept.at().plus(KEPT));
  }

  /** Without this right less is known, but the rest is as good. */
  private static Future<Void> unlessDenied(Throwable failure) {
    return failure instanceof AwsFailure aws && aws.lack().reason() == Reason.DENIED
        ? Future.succeededFuture()
        : Future.failedFuture(failure);
  }
}
