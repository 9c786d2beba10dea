package io.eksnet.lab.alb;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.TargetHealth;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All application load balancers of the cluster, at their addresses, and the health they see. */
public final class Balancers implements AutoCloseable {
  private final Vertx vertx;
  private final Pace pace;
  private final Supplier<ClusterState> state;
  private final HealthChecks checks;
  private final HttpClient client;
  private final Map<Door, Balancer> open = new HashMap<>();

  private record Door(String arn, String address, int port) {}

  /** None yet; {@code speed} is how much faster health checks and timeouts go than real ones. */
  public Balancers(Vertx vertx, double speed, Supplier<ClusterState> state) {
    this.vertx = vertx;
    this.pace = new Pace(speed);
    this.state = state;
    this.checks = new HealthChecks(vertx, pace, state);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(1000));
  }

  /** Deregisters targets that {@code next} does not have, before anything else shows it. */
  public void deregister(ClusterState next) {
    checks.deregister(next);
  }

  /** Follows the state: listens where a load balancer is active, checks what is registered. */
  public synchronized void sync() {
    var wanted = new HashSet<Door>();
    for (var lb : state.get().all(LoadBalancer.class)) {
      if (lb.type().equals("application") && lb.state().startsWith("active")) {
        for (var place : lb.places()) {
          lb.listeners()
              .forEach(
                  listener -> wanted.add(new Door(lb.arn(), place.address(), listener.port())));
        }
      }
    }
    for (var door : List.copyOf(open.keySet())) {
      if (!wanted.contains(door)) {
        var balancer = open.remove(door);
        if (balancer != null) {
          balancer.close();
        }
      }
    }
    wanted.forEach(door -> open.computeIfAbsent(door, this::open));
    checks.register();
  }

  /** The health of the targets of a group, as {@code DescribeTargetHealth} shows it. */
  public List<TargetHealth> health(String targetGroupArn) {
    return checks.of(targetGroupArn);
  }

  @Override
  public synchronized void close() {
    open.values().forEach(Balancer::close);
    open.clear();
    checks.close();
    client.close().await();
  }

  private Balancer open(Door door) {
    return Balancer.open(
        vertx, client, pace, state, checks, door.arn(), door.address(), door.port());
  }
}
