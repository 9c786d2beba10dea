package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.AwsResource.TargetGroup.Target;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Comparator;
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
import java.util.stream.Collectors;

/** The health of all targets, from checks over real connections, and the requests in flight. */
@SuppressWarnings("FutureReturnValueIgnored") // The result of a check is stored with its target.
final class TargetHealthChecks {
  /** How long a pod waits for its requests in flight. */
  private static final Duration GRACE_PERIOD = Duration.ofSeconds(2);

  private static final long REGISTRATION_MILLIS = 20;

  /** Not compressed, of length 0 (gRPC over HTTP/2, Length-Prefixed-Message). */
  private static final Buffer EMPTY_GRPC_MESSAGE = Buffer.buffer(new byte[5]);

  private final Vertx vertx;
  private final Context context;
  private final TimeScale scale;
  private final Supplier<ClusterState> state;
  private final HttpClient client;
  private final HttpClient grpcClient;
  private final NetClient connections;
  private final Map<Key, TargetHealthState> targets = new ConcurrentHashMap<>();
  private final Map<Key, Integer> inFlight = new HashMap<>();
  private volatile boolean closed;

  /** A target of a group. */
  private record Key(String targetGroupArn, Target target) {}

  TargetHealthChecks(Vertx vertx, TimeScale scale, Supplier<ClusterState> state) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.scale = scale;
    this.state = state;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setConnectTimeout(60_000),
            new PoolOptions().setHttp1MaxSize(1000));
    this.grpcClient =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setConnectTimeout(60_000));
    this.connections = vertx.createNetClient(new NetClientOptions().setConnectTimeout(60_000));
  }

  /** Registers new targets. */
  void register() {
    context.runOnContext(
        nothing -> {
          if (!closed) {
            keys(state.get()).forEach(this::register);
          }
        });
  }

  /**
   * Deregisters the targets that {@code next} does not have: they get no new requests. Returns when
   * requests in flight have their responses, so that a pod can end as if its {@code preStop} hook
   * waited for the load balancer.
   */
  void deregister(ClusterState next) {
    awaitResponses(
        CompletableFuture.supplyAsync(
                () -> deregisterMissing(next), work -> context.runOnContext(nothing -> work.run()))
            .join());
  }

  /**
   * Selects a target of the group for a request, round robin; empty if none is in service. The
   * caller {@link #release releases} it once.
   */
  synchronized Optional<Target> acquire(String targetGroupArn, int turn) {
    var candidates = inService(health(targetGroupArn));
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    var target = candidates.get(Math.floorMod(turn, candidates.size())).target();
    inFlight.merge(new Key(targetGroupArn, target), 1, Integer::sum);
    return Optional.of(target);
  }

  /** The request has its response, or failed. */
  synchronized void release(String targetGroupArn, Target target) {
    inFlight.computeIfPresent(
        new Key(targetGroupArn, target), (key, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /** The health of the targets of a group, draining ones included. */
  List<TargetHealth> health(String targetGroupArn) {
    return targets.entrySet().stream()
        .filter(entry -> entry.getKey().targetGroupArn().equals(targetGroupArn))
        .map(entry -> entry.getValue().health())
        .sorted(Comparator.comparing(health -> health.target().id()))
        .toList();
  }

  void close() {
    closed = true;
    client.close().await();
    grpcClient.close().await();
    connections.close().await();
  }

  /** The healthy targets; if there are none, all that are not draining: fail open. */
  private static List<TargetHealth> inService(List<TargetHealth> all) {
    var healthy = inStates(all, Set.of("healthy", "unavailable"));
    return healthy.isEmpty() ? inStates(all, Set.of("unhealthy", "initial")) : healthy;
  }

  private static List<TargetHealth> inStates(List<TargetHealth> all, Set<String> states) {
    return all.stream().filter(health -> states.contains(health.state())).toList();
  }

  private synchronized void awaitResponses(Set<Key> deregistered) {
    long deadline = System.nanoTime() + GRACE_PERIOD.toNanos();
    try {
      while (deregistered.stream().anyMatch(inFlight::containsKey)) {
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

  private static Set<Key> keys(ClusterState state) {
    return state.all(TargetGroup.class).stream()
        .flatMap(group -> group.targets().stream().map(target -> new Key(group.arn(), target)))
        .collect(Collectors.toSet());
  }

  private void register(Key key) {
    var known = targets.get(key);
    if (known != null && !known.isDraining()) {
      return;
    }
    group(key)
        .ifPresent(
            group -> {
              int port = group.healthCheck().portOf(key.target());
              targets.put(key, TargetHealthState.register(key.target(), port));
              vertx.setTimer(
                  REGISTRATION_MILLIS, timer -> context.runOnContext(nothing -> start(key)));
            });
  }

  private void start(Key key) {
    if (targets.computeIfPresent(key, (k, target) -> target.startChecks()) != null) {
      check(key);
    }
  }

  private synchronized Set<Key> deregisterMissing(ClusterState next) {
    var missing = new HashSet<>(targets.keySet());
    missing.removeAll(keys(next));
    missing.forEach(key -> deregister(key, next.find(TargetGroup.class, key.targetGroupArn())));
    return missing;
  }

  /** An unused target is removed at once; others drain. */
  private void deregister(Key key, Optional<TargetGroup> group) {
    var target = targets.get(key);
    if (group.isEmpty() || target == null || target.is("unused")) {
      targets.remove(key);
      return;
    }
    if (target.isDraining()) {
      return;
    }
    targets.put(
        key,
        target.set(
            "draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"));
    vertx.setTimer(
        scale.intervalMillis(group.get().drain()),
        timer ->
            context.runOnContext(
                nothing ->
                    targets.computeIfPresent(key, (k, now) -> now.isDraining() ? null : now)));
  }

  private void check(Key key) {
    var group = group(key).orElse(null);
    var target = targets.get(key);
    if (closed || group == null || target == null || target.isDraining()) {
      return;
    }
    var lb =
        state.get().all(LoadBalancer.class).stream()
            .filter(one -> one.forwardsTo(key.targetGroupArn()))
            .findFirst();
    if (lb.isEmpty()) {
      setUnused(key, "Target group is not configured to receive traffic from the load balancer");
    } else if (lb.get().places().stream()
        .noneMatch(place -> place.zone().equals(key.target().zone()))) {
      setUnused(key, "Target is in an Availability Zone that is not enabled for the load balancer");
    } else if (!group.healthCheck().enabled()) {
      targets.put(
          key,
          target.set(
              "unavailable",
              "Target.HealthCheckDisabled",
              "Health checks are disabled for this target group"));
    } else {
      probe(group, lb.get(), key.target())
          .onComplete(
              probed -> {
                record(
                    key,
                    group,
                    probed.succeeded()
                        ? probed.result().map(failure -> reported(group, failure))
                        : Optional.empty());
                scheduleCheck(key, group);
              });
      return;
    }
    scheduleCheck(key, group);
  }

  private void setUnused(Key key, String description) {
    targets.computeIfPresent(
        key, (k, target) -> target.set("unused", "Target.NotInUse", description));
  }

  private void record(Key key, TargetGroup group, Optional<TargetHealthState.Failure> failure) {
    var check = group.healthCheck();
    targets.computeIfPresent(
        key,
        (k, target) -> {
          if (target.isDraining()) {
            return target;
          }
          boolean unchecked = target.is("unused") || target.is("unavailable");
          var current =
              (unchecked ? target.startChecks() : target).withPort(check.portOf(key.target()));
          return failure.isPresent()
              ? current.fail(check.unhealthy(), failure.get())
              : current.pass(check.healthy());
        });
  }

  private void scheduleCheck(Key key, TargetGroup group) {
    if (!closed) {
      vertx.setTimer(
          scale.intervalMillis(group.healthCheck().interval()),
          timer -> context.runOnContext(nothing -> check(key)));
    }
  }

  private Future<Optional<TargetHealthState.Failure>> probe(
      TargetGroup group, LoadBalancer lb, Target target) {
    var check = group.healthCheck();
    var security = new SecurityGroupSimulation(state.get(), lb);
    var address = security.address(target);
    int port = check.portOf(target);
    long timeout = scale.timeoutMillis(check.timeout());
    if (!security.permits(address, port)) {
      return vertx
          .timer(timeout, TimeUnit.MILLISECONDS)
          .map(nothing -> Optional.of(TargetHealthState.Failure.TIMEOUT));
    }
    return send(group, address, port, timeout)
        .timeout(timeout, TimeUnit.MILLISECONDS)
        .otherwise(TargetHealthChecks::classify);
  }

  private Future<Optional<TargetHealthState.Failure>> send(
      TargetGroup group, String address, int port, long timeout) {
    var check = group.healthCheck();
    if (check.protocol().equals("TCP")) {
      return connections.connect(port, address).compose(NetSocket::close).map(Optional.empty());
    }
    var grpc = group.protocolVersion().equals("GRPC");
    var options =
        new RequestOptions()
            .setMethod(grpc ? HttpMethod.POST : HttpMethod.GET)
            .setHost(address)
            .setPort(port)
            .setSsl(check.protocol().equals("HTTPS"))
            .setURI(check.path())
            .setConnectTimeout(timeout)
            .putHeader("User-Agent", "ELB-HealthChecker/2.0")
            .putHeader("Accept-Encoding", "gzip, compressed");
    if (grpc) {
      options.putHeader("Content-Type", "application/grpc").putHeader("TE", "trailers");
    }
    return (grpc ? grpcClient : client)
        .request(options)
        .compose(
            request ->
                request
                    .send(grpc ? EMPTY_GRPC_MESSAGE : Buffer.buffer())
                    .compose(response -> code(response, grpc))
                    .map(code -> evaluate(check, code))
                    .timeout(timeout, TimeUnit.MILLISECONDS)
                    .onComplete(done -> request.connection().close()));
  }

  /** The status of a gRPC response is in its trailers, or in its headers if it has no message. */
  private static Future<Integer> code(HttpClientResponse response, boolean grpc) {
    return grpc
        ? response
            .end()
            .map(
                end -> {
                  var trailer = response.getTrailer("grpc-status");
                  return Integer.parseInt(
                      trailer != null
                          ? trailer
                          : String.valueOf(response.getHeader("grpc-status")));
                })
        : Future.succeededFuture(response.statusCode());
  }

  private static Optional<TargetHealthState.Failure> evaluate(
      TargetGroup.HealthCheck check, int code) {
    return check.accepts(code)
        ? Optional.empty()
        : Optional.of(TargetHealthState.Failure.code(code));
  }

  private static Optional<TargetHealthState.Failure> classify(Throwable error) {
    boolean timeout =
        error instanceof TimeoutException
            || (error instanceof ConnectException && !String.valueOf(error).contains("refused"));
    return Optional.of(
        timeout ? TargetHealthState.Failure.TIMEOUT : TargetHealthState.Failure.CONNECTION);
  }

  /**
   * Network load balancers report no code and no time-out (ELB API, TargetHealth: these reasons are
   * for application and gateway load balancers).
   */
  private static TargetHealthState.Failure reported(
      TargetGroup group, TargetHealthState.Failure failure) {
    return group.protocol().startsWith("HTTP") ? failure : TargetHealthState.Failure.CONNECTION;
  }

  private Optional<TargetGroup> group(Key key) {
    return state.get().find(TargetGroup.class, key.targetGroupArn());
  }
}
