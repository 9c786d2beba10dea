package io.eksnet.lab.alb;

import io.eksnet.lab.Bind;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.cluster.AwsResource.LoadBalancer;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.ClusterState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The listeners of all load balancers, and the health of their targets. Those of network load
 * balancers forward HTTP requests too, which is enough for clients that connect or send one.
 */
public final class LoadBalancerServers implements AutoCloseable {
  private final Vertx vertx;
  private final TimeScale scale;
  private final Supplier<ClusterState> state;
  private final TestCertificates certificates;
  private final TargetHealthChecks checks;
  private final HttpClient client;
  private final Map<Endpoint, AlbListener> listeners = new HashMap<>();

  private final Map<Faulty, TcpServer> dropping = new HashMap<>();

  /** A listener at an address that refuses or drops connections. */
  private record Faulty(String address, int port, String fault) {
    TcpServer open() {
      var server = TcpServer.start("", Bind.on(port, address));
      server.fault(fault);
      return server;
    }
  }

  private record Endpoint(String arn, String address, int port, String certificate) {}

  /**
   * Servers without listeners.
   *
   * @param speed shortens intervals and timeouts; 1 for real time
   * @param certificates for the hosts of listeners with TLS
   */
  public LoadBalancerServers(
      Vertx vertx, double speed, TestCertificates certificates, Supplier<ClusterState> state) {
    this.vertx = vertx;
    this.certificates = certificates;
    this.scale = new TimeScale(speed);
    this.state = state;
    this.checks = new TargetHealthChecks(vertx, scale, state);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setTrustAll(true).setVerifyHost(false),
            new PoolOptions().setHttp1MaxSize(1000));
  }

  /** Deregisters the targets that {@code next} does not have, before other servers change. */
  public void deregister(ClusterState next) {
    checks.deregister(next);
  }

  /** Opens and closes listeners and registers targets to match the state. */
  public synchronized void update() {
    var wanted = new HashSet<Endpoint>();
    var faulty = new HashSet<Faulty>();
    for (var lb : state.get().all(LoadBalancer.class)) {
      if (lb.state().startsWith("active")) {
        for (var place : lb.places()) {
          if (!place.fault().isEmpty()) {
            faulty.addAll(faulty(lb, place));
            continue;
          }
          for (var listener : lb.listeners()) {
            wanted.add(new Endpoint(lb.arn(), place.address(), listener.port(), lb.certificate()));
          }
        }
      }
    }
    listeners
        .entrySet()
        .removeIf(
            entry -> {
              boolean unwanted = !wanted.contains(entry.getKey());
              if (unwanted) {
                entry.getValue().close();
              }
              return unwanted;
            });
    dropping
        .entrySet()
        .removeIf(
            entry -> {
              boolean unwanted = !faulty.contains(entry.getKey());
              if (unwanted) {
                entry.getValue().close();
              }
              return unwanted;
            });
    faulty.forEach(one -> dropping.computeIfAbsent(one, Faulty::open));
    wanted.forEach(endpoint -> listeners.computeIfAbsent(endpoint, this::open));
    checks.register();
  }

  /** The health of the targets of a group, as {@code DescribeTargetHealth} returns it. */
  public List<TargetHealth> health(String targetGroupArn) {
    return checks.health(targetGroupArn);
  }

  @Override
  public synchronized void close() {
    listeners.values().forEach(AlbListener::close);
    listeners.clear();
    dropping.values().forEach(TcpServer::close);
    dropping.clear();
    checks.close();
    client.close().await();
  }

  private static List<Faulty> faulty(LoadBalancer lb, LoadBalancer.Place place) {
    return lb.listeners().stream()
        .map(listener -> new Faulty(place.address(), listener.port(), place.fault()))
        .toList();
  }

  private AlbListener open(Endpoint endpoint) {
    var listener =
        new AlbListener(
            vertx,
            client,
            scale,
            state,
            checks,
            endpoint.arn(),
            endpoint.port(),
            identity(endpoint.certificate()));
    listener.listen(endpoint.address());
    return listener;
  }

  private Optional<TestCertificates.Identity> identity(String certificate) {
    return switch (certificate) {
      case "" -> Optional.empty();
      case "valid" -> Optional.of(certificates.good());
      case "expired" -> Optional.of(certificates.expired());
      case "other_name" -> Optional.of(certificates.wrongName());
      default ->
          throw new IllegalArgumentException(
              "certificate must be valid, expired or other_name, not " + certificate);
    };
  }
}
