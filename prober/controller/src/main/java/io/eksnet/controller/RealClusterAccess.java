package io.eksnet.controller;

import io.eksnet.agent.Environment;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.config.Settings;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.aws.AwsFacts;
import io.eksnet.inventory.aws.AwsSettings;
import io.eksnet.inventory.dns.IngressHosts;
import io.eksnet.inventory.kube.KubeAccess;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.KubeSettings;
import io.eksnet.inventory.kube.LeaderElector;
import io.eksnet.inventory.kube.LeasePolicy;
import io.eksnet.model.AddressLiteral;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Facts of a real cluster: Kubernetes and AWS by their own clients, elected by a Lease. */
public final class RealClusterAccess implements ClusterAccess {
  private static final Logger log = LoggerFactory.getLogger(RealClusterAccess.class);

  private static final int DNS_PORT = 53;

  /** Between the name of a pod, which has none, and what tells its runs apart. */
  private static final char RUN = '_';

  /** Somebody waits for what the watches bring. */
  private static final KubeSettings QUICK = KubeSettings.DEFAULT.withTick(Duration.ofMillis(100));

  private final Environment surroundings;
  private final String lease;
  private final boolean alone;
  private final Optional<Kube> kube;
  private final Optional<AwsFacts> aws;
  private final Optional<IngressHosts> hosts;
  private volatile @Nullable LeaderElector leadership;
  private volatile boolean closed;

  /** The way to Kubernetes, and what comes by it. */
  private record Kube(KubeAccess access, KubeFacts facts) {
    static Kube open(Environment surroundings, KubeSettings settings) {
      var access = KubeAccess.open(Optional.empty(), surroundings.namespace(), settings.timeout());
      return new Kube(access, KubeFacts.open(access, Clock.systemUTC(), settings));
    }

    void close() {
      facts.close();
      access.close();
    }
  }

  private RealClusterAccess(
      Environment surroundings,
      String lease,
      boolean alone,
      Optional<Kube> kube,
      Optional<AwsFacts> aws,
      Optional<IngressHosts> hosts) {
    this.surroundings = surroundings;
    this.hosts = hosts;
    this.lease = lease;
    this.alone = alone;
    this.kube = kube;
    this.aws = aws;
  }

  /**
   * Opens the clients.
   *
   * @param alone whether there is no other controller, and so no election
   * @param calls hears of each call to AWS
   */
  static ClusterAccess open(
      ProberRuntime ground, Settings settings, boolean alone, AwsCallListener calls) {
    return new RealClusterAccess(
        ground.surroundings(),
        settings.controller().lease(),
        alone,
        Optional.of(Kube.open(ground.surroundings(), KubeSettings.DEFAULT)),
        aws(ground.surroundings(), settings, calls),
        Optional.of(new IngressHosts(ground.vertx(), resolver(ground, settings))));
  }

  /**
   * Opens the clients for one look, as far as the surroundings show a way.
   *
   * @param kubernetes whether there is a way to its API
   */
  public static ClusterAccess glance(ProberRuntime ground, Settings settings, boolean kubernetes) {
    var canResolve =
        settings.controller().resolver().isPresent()
            || !ground.hostFiles().names().resolvConf().nameservers().isEmpty();
    return new RealClusterAccess(
        ground.surroundings(),
        settings.controller().lease(),
        true,
        kubernetes ? Optional.of(Kube.open(ground.surroundings(), QUICK)) : Optional.empty(),
        aws(ground.surroundings(), settings, (service, operation, outcome, nanos) -> {}),
        kubernetes && canResolve
            ? Optional.of(new IngressHosts(ground.vertx(), resolver(ground, settings)))
            : Optional.empty());
  }

  private static InetSocketAddress resolver(ProberRuntime ground, Settings settings) {
    return settings
        .controller()
        .resolver()
        .map(
            said -> {
              var colon = said.lastIndexOf(':');
              return new InetSocketAddress(
                  AddressLiteral.parse(said.substring(0, colon)).orElseThrow(),
                  Integer.parseInt(said.substring(colon + 1)));
            })
        .orElseGet(
            () ->
                new InetSocketAddress(
                    AddressLiteral.parse(
                            ground.hostFiles().names().resolvConf().nameservers().get(0))
                        .orElseThrow(),
                    DNS_PORT));
  }

  /** Without a region or the name of the cluster, AWS stays unknown, and that is said. */
  private static Optional<AwsFacts> aws(
      Environment surroundings, Settings settings, AwsCallListener calls) {
    var region = settings.region().isEmpty() ? surroundings.region().orElse("") : settings.region();
    if (region.isEmpty() || settings.cluster().isEmpty()) {
      log.warn("AWS is not read: set cluster and region in the config");
      return Optional.empty();
    }
    var usual = AwsSettings.of(region, settings.cluster(), surroundings.aws().method());
    return Optional.of(
        AwsFacts.open(
            new AwsSettings(
                usual.region(),
                usual.cluster(),
                surroundings.aws().endpoints(),
                usual.credentials(),
                usual.credentialMethod(),
                usual.callTimeout(),
                usual.rateLimits()),
            calls::onCall,
            Clock.systemUTC()));
  }

  @Override
  public List<InventorySource<?>> sources() {
    return Stream.of(
            kube.stream().flatMap(known -> known.facts().sources().stream()),
            aws.stream().flatMap(known -> known.sources().stream()),
            hosts.stream())
        .<InventorySource<?>>flatMap(sources -> sources)
        .toList();
  }

  @Override
  public void elect(Election election) {
    if (alone) {
      election.leading(true);
      return;
    }
    leadership =
        LeaderElector.start(
            Optional.empty(),
            surroundings.namespace(),
            lease,
            LeasePolicy.of(surroundings.pod() + RUN + UUID.randomUUID()),
            LeasePolicy.ClockReading::now,
            new LeaderElector.Listener() {
              @Override
              public void onChange(boolean leader) {
                election.leading(leader);
              }

              @Override
              public void onError(String reason) {
                election.failed(reason);
              }
            });
  }

  @Override
  public boolean stillLeading() {
    var elected = leadership;
    return !closed && (alone || (elected != null && elected.isLeader()));
  }

  @Override
  public Optional<String> leader() {
    return Optional.ofNullable(leadership)
        .flatMap(LeaderElector::holder)
        .map(holder -> holder.substring(0, Math.max(0, holder.indexOf(RUN))))
        .filter(pod -> !pod.isEmpty() && !pod.equals(surroundings.pod()));
  }

  @Override
  public void close() {
    closed = true;
    var elected = leadership;
    if (elected != null) {
      elected.close();
    }
    kube.ifPresent(Kube::close);
    aws.ifPresent(AwsFacts::close);
  }
}
