package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.TargetGroup;
import io.eksnet.lab.cluster.TargetHealth;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The health of all targets, by checks over real connections, and the requests on their way. */
@SuppressWarnings("FutureReturnValueIgnored") // What a check found is told to its target.
final class HealthChecks {
  /** How long a pod is kept for its requests in flight; then it ends with them. */
  private static final Duration GRACE_PERIOD = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Context context;
  private final Pace pace;
  private final Supplier<ClusterState> state;
  private final HttpClient client;
  private final Map<Key, Standing> standings = new ConcurrentHashMap<>();
  private final Map<Key, Integer> inFlight = new HashMap<>();
  private volatile boolean closed;

  /** A target of a group. */
  record Key(String targetGroupArn, TargetGroup.Target target) {}

  HealthChecks(Vertx vertx, Pace pace, Supplier<ClusterState> state) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.pace = pace;
    this.state = state;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setConnectTimeout(60_000),
            new PoolOptions().setHttp1MaxSize(1000));
  }

  /** Registers targets that are new. */
  void register() {
    context.runOnContext(nothing -> enterAll());
  }

  /**
   * Deregisters targets that {@code next} does not have: from now on they get no new requests. When
   * it returns, those in flight have their responses, so that a pod can end as one does whose
   * {@code preStop} hook waits for its load balancer.
   */
  void deregister(ClusterState next) {
    awaitResponses(
        CompletableFuture.supplyAsync(
                () -> leaveAll(next), work -> context.runOnContext(nothing -> work.run()))
            .join());
  }

  /**
   * A target of the group for a request, in turn; none if none is in service. Each is to be {@link
   * #release released} once.
   */
  synchronized Optional<TargetGroup.Target> acquire(String targetGroupArn, int turn) {
    var targets = inService(of(targetGroupArn));
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    var chosen = targets.get(Math.floorMod(turn, targets.size())).target();
    inFlight.merge(new Key(targetGroupArn, chosen), 1, Integer::sum);
    return Optional.of(chosen);
  }

  /** The request has its response, or failed. */
  synchronized void release(String targetGroupArn, TargetGroup.Target target) {
    inFlight.computeIfPresent(
        new Key(targetGroupArn, target), (key, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /** The health of the targets of a group, draining ones among them. */
  List<TargetHealth> of(String targetGroupArn) {
    var all = new ArrayList<TargetHealth>();
    standings.forEach(
        (key, standing) -> {
          if (key.targetGroupArn().equals(targetGroupArn)) {
            all.add(standing.health());
          }
        });
    all.sort((a, b) -> a.target().id().compareTo(b.target().id()));
    return all;
  }

  void close() {
    closed = true;
    client.close().await();
  }

  /** Healthy ones; if none is, all that are not on their way out: fail open. */
  private static List<TargetHealth> inService(List<TargetHealth> all) {
    var healthy =
        all.stream()
            .filter(one -> one.state().equals("healthy") || one.state().equals("unavailable"))
            .toList();
    return healthy.isEmpty()
        ? all.stream()
            .filter(one -> one.state().equals("unhealthy") || one.state().equals("initial"))
            .toList()
        : healthy;
  }

  private synchronized void awaitResponses(Set<Key> gone) {
    long deadline = System.nanoTime() + GRACE_PERIOD.toNanos();
    try {
      while (gone.stream().anyMatch(inFlight::containsKey)) {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
          return;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void enterAll() {
    if (!closed) {
      keys(state.get()).forEach(this::enter);
    }
  }

  private synchronized Set<Key> leaveAll(ClusterState next) {
    var gone = new HashSet<>(standings.keySet());
    gone.removeAll(keys(next));
    gone.forEach(key -> leave(key, next));
    return gone;
  }

  private static Set<Key> keys(ClusterState state) {
    return state.all(TargetGroup.class).stream()
        .flatMap(group -> group.targets().stream().map(target -> new Key(group.arn(), target)))
        .collect(Collectors.toSet());
  }

  private void enter(Key key) {
    var known = standings.get(key);
    if (known != null && !known.is("draining")) {
      return;
    }
    group(key)
        .ifPresent(
            group -> {
              int port = group.healthCheck().portOf(key.target());
              standings.put(key, Standing.registered(key.target(), port));
              vertx.setTimer(20, timer -> context.runOnContext(nothing -> begin(key)));
            });
  }

  private void begin(Key key) {
    if (standings.computeIfPresent(key, (k, standing) -> standing.checking()) != null) {
      check(key);
    }
  }

  /** A target that was in no use goes at once; others drain. */
  private void leave(Key key, ClusterState next) {
    var group = next.find(TargetGroup.class, key.targetGroupArn());
    var standing = standings.get(key);
    if (group.isEmpty() || standing == null || standing.is("unused")) {
      standings.remove(key);
      return;
    }
    if (standing.is("draining")) {
      return;
    }
    standings.put(
        key,
        standing.in(
            "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"));
    long millis = pace.millis(group.get().drain());
    vertx.setTimer(
        millis,
        timer ->
            context.runOnContext(
                nothing ->
                    standings.computeIfPresent(key, (k, now) -> now.is("draining") ? null : now)));
  }

  private void check(Key key) {
    var group = group(key);
    var standing = standings.get(key);
    if (closed || group.isEmpty() || standing == null || standing.is("draining")) {
      return;
    }
    var lb = balancer(key.targetGroupArn());
    var idle = idle(group.get(), lb, key.target());
    if (idle.isPresent()) {
      standings.put(key, idle.get().apply(standing));
      again(key, group.get());
      return;
    }
    probe(group.get(), lb.orElseThrow(), key.target())
        .onComplete(
            probed -> {
              note(key, group.get(), probed.succeeded() ? probed.result() : Optional.empty());
              again(key, group.get());
            });
  }

  private void note(Key key, TargetGroup group, Optional<Standing.Failure> failure) {
    var check = group.healthCheck();
    standings.computeIfPresent(
        key,
        (k, standing) -> {
          if (standing.is("draining")) {
            return standing;
          }
          var ours = awake(standing, check.portOf(key.target()));
          return failure.isPresent()
              ? ours.failed(check.unhealthy(), failure.get())
              : ours.passed(check.healthy());
        });
  }

  /** A target that was not checked begins anew; the port is that of the present settings. */
  private static Standing awake(Standing standing, int port) {
    var begun =
        standing.is("unused") || standing.is("unavailable") ? standing.checking() : standing;
    var health = begun.health();
    return new Standing(
        new TargetHealth(
            health.target(), port, health.state(), health.reason(), health.description()),
        begun.passes(),
        begun.fails());
  }

  private void again(Key key, TargetGroup group) {
    if (!closed) {
      vertx.setTimer(
          pace.millis(group.healthCheck().interval()),
          timer -> context.runOnContext(nothing -> check(key)));
    }
  }

  private interface Idle extends UnaryOperator<Standing> {}

  /** Why a target is not checked, if it is not. */
  private static Optional<Idle> idle(
      TargetGroup group, Optional<LoadBalancer> lb, TargetGroup.Target target) {
    if (lb.isEmpty()) {
      return Optional.of(
          standing ->
              standing.in(
                  "unused",
                  "Target.NotInUse",
                  "Target group is not configured to receive traffic from the load balancer"));
    }
    boolean enabled =
        lb.get().places().stream().anyMatch(place -> place.zone().equals(target.zone()));
    if (!enabled) {
      return Optional.of(
          standing ->
              standing.in(
                  "unused",
                  "Target.NotInUse",
                  "Target is in an Availability Zone that is not enabled for the load balancer"));
    }
    return group.healthCheck().enabled()
        ? Optional.empty()
        : Optional.of(
            standing ->
                standing.in(
                    "unavailable",
                    "Target.HealthCheckDisabled",
                    "Health checks are disabled for this target group"));
  }

  private Future<Optional<Standing.Failure>> probe(
      TargetGroup group, LoadBalancer lb, TargetGroup.Target target) {
    var check = group.healthCheck();
    var address = Reach.address(state.get(), target);
    int port = check.portOf(target);
    long timeout = pace.timeoutMillis(check.timeout());
    if (!new Reach(state.get(), lb).permits(address, port)) {
      return vertx
          .timer(timeout, TimeUnit.MILLISECONDS)
          .map(nothing -> Optional.of(Standing.Failure.TIMEOUT));
    }
    var request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(address)
            .setPort(port)
            .setURI(check.path())
            .setConnectTimeout(timeout)
            .putHeader("User-Agent", "ELB-HealthChecker/2.0")
            .putHeader("Accept-Encoding", "gzip, compressed");
    return client
        .request(request)
        .compose(
            asked ->
                asked
                    .send()
                    .map(response -> verdict(check.matcher(), response.statusCode()))
                    .timeout(timeout, TimeUnit.MILLISECONDS)
                    .onComplete(done -> asked.connection().close()))
        .timeout(timeout, TimeUnit.MILLISECONDS)
        .otherwise(HealthChecks::failure);
  }

  private static Optional<Standing.Failure> verdict(String matcher, int code) {
    return Matcher.matches(matcher, code)
        ? Optional.empty()
        : Optional.of(Standing.Failure.code(code));
  }

  private static Optional<Standing.Failure> failure(Throwable cause) {
    boolean late =
        cause instanceof TimeoutException
            || (cause instanceof ConnectException && !String.valueOf(cause).contains("refused"));
    return Optional.of(late ? Standing.Failure.TIMEOUT : Standing.Failure.BROKEN);
  }

  private Optional<TargetGroup> group(Key key) {
    return state.get().find(TargetGroup.class, key.targetGroupArn());
  }

  private Optional<LoadBalancer> balancer(String targetGroupArn) {
    return state.get().all(LoadBalancer.class).stream()
        .filter(lb -> lb.uses(targetGroupArn))
        .findFirst();
  }
}
