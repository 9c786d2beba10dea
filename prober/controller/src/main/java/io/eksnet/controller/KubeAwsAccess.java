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
import io.eksnet.model.HostPort;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes and AWS clients of a cluster, and leader election by a Lease. */
public final class KubeAwsAccess implements ClusterAccess {
  private static final Logger log = LoggerFactory.getLogger(KubeAwsAccess.class);

  private static final int DNS_PORT = 53;

  /** Separates pod name, random part and address in a Lease identity; none of them holds it. */
  private static final char IDENTITY_SEPARATOR = '_';

  /** For the doctor, which waits for the first results of the informers. */
  private static final KubeSettings ONE_SHOT =
      KubeSettings.DEFAULT.withTick(Duration.ofMillis(100));

  private final Environment environment;
  private final String lease;
  private final boolean standalone;
  private final Optional<Kube> kube;
  private final Optional<AwsFacts> aws;
  private final Optional<IngressHosts> hosts;
  private volatile @Nullable LeaderElector elector;
  private volatile boolean closed;

  /** The Kubernetes client and its informers. */
  private record Kube(KubeAccess access, KubeFacts facts) {
    static Kube open(
        Environment environment,
        KubeSettings settings,
        Set<String> probeNamespaces,
        BooleanSupplier leading) {
      var access = KubeAccess.open(Optional.empty(), environment.namespace(), settings.timeout());
      return new Kube(
          access, KubeFacts.open(access, Clock.systemUTC(), settings, probeNamespaces, leading));
    }

    void close() {
      facts.close();
      access.close();
    }
  }

  private KubeAwsAccess(
      Environment environment,
      Settings settings,
      boolean standalone,
      Optional<KubeSettings> kubernetes,
      Optional<AwsFacts> aws,
      Optional<IngressHosts> hosts) {
    this.environment = environment;
    this.hosts = hosts;
    this.lease = settings.controller().lease();
    this.standalone = standalone;
    this.aws = aws;
    var probeNamespaces = settings.probeResources().namespaces();
    kube =
        kubernetes.map(
            watches -> Kube.open(environment, watches, probeNamespaces, this::stillLeading));
  }

  /**
   * Opens the clients.
   *
   * @param standalone whether this is the only replica, so that there is no election
   * @param calls takes each call to AWS
   */
  static ClusterAccess open(
      ProberRuntime runtime, Settings settings, boolean standalone, AwsCallListener calls) {
    return new KubeAwsAccess(
        runtime.environment(),
        settings,
        standalone,
        Optional.of(KubeSettings.DEFAULT),
        aws(runtime.environment(), settings, calls),
        Optional.of(
            new IngressHosts(runtime.vertx(), resolver(runtime, settings), Clock.systemUTC())));
  }

  /**
   * Opens the clients for one read of everything that is configured.
   *
   * @param kubernetes whether a Kubernetes client can be configured
   */
  public static ClusterAccess openOnce(
      ProberRuntime runtime, Settings settings, boolean kubernetes) {
    var canResolve =
        settings.controller().resolver().isPresent()
            || !runtime.hostFiles().names().resolvConf().nameservers().isEmpty();
    return new KubeAwsAccess(
        runtime.environment(),
        settings,
        true,
        kubernetes ? Optional.of(ONE_SHOT) : Optional.empty(),
        aws(runtime.environment(), settings, (service, operation, outcome, nanos) -> {}),
        kubernetes && canResolve
            ? Optional.of(
                new IngressHosts(runtime.vertx(), resolver(runtime, settings), Clock.systemUTC()))
            : Optional.empty());
  }

  private static InetSocketAddress resolver(ProberRuntime runtime, Settings settings) {
    return settings
        .controller()
        .resolver()
        .map(
            address -> {
              var colon = address.lastIndexOf(':');
              return new InetSocketAddress(
                  AddressLiteral.parse(address.substring(0, colon)).orElseThrow(),
                  Integer.parseInt(address.substring(colon + 1)));
            })
        .orElseGet(
            () ->
                new InetSocketAddress(
                    AddressLiteral.parse(
                            runtime.hostFiles().names().resolvConf().nameservers().get(0))
                        .orElseThrow(),
                    DNS_PORT));
  }

  /** Empty without a region or a cluster name. */
  private static Optional<AwsFacts> aws(
      Environment environment, Settings settings, AwsCallListener calls) {
    var region =
        Optional.of(settings.region())
            .filter(name -> !name.isEmpty())
            .or(environment::region)
            .or(AwsSettings::profileRegion);
    if (region.isEmpty() || settings.cluster().isEmpty()) {
      log.warn("AWS is not read, set cluster and region in the config");
      return Optional.empty();
    }
    return Optional.of(
        AwsFacts.open(
            AwsSettings.of(region.get(), settings.cluster(), environment.aws().method()),
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
  public void elect(Optional<HostPort> address, ElectionListener listener) {
    if (standalone) {
      listener.onChange(true);
      return;
    }
    elector =
        LeaderElector.start(
            Optional.empty(),
            environment.namespace(),
            lease,
            LeasePolicy.of(identity(address)),
            LeasePolicy.ClockReading::now,
            new LeaderElector.Listener() {
              @Override
              public void onChange(boolean leading) {
                listener.onChange(leading);
              }

              @Override
              public void onError(String reason) {
                listener.onFailure(reason);
              }
            });
  }

  @Override
  public boolean stillLeading() {
    var elected = elector;
    return !closed && (standalone || (elected != null && elected.isLeader()));
  }

  @Override
  public Optional<String> leader() {
    return otherHolder().map(holder -> holder.get(0));
  }

  @Override
  public Optional<HostPort> leaderAddress() {
    return otherHolder()
        .filter(holder -> holder.size() > 2)
        .map(holder -> holder.get(2))
        .flatMap(KubeAwsAccess::address);
  }

  @Override
  public String pod() {
    return environment.pod();
  }

  /** Pod, random part and, from this version on, address. */
  private String identity(Optional<HostPort> address) {
    return environment.pod()
        + IDENTITY_SEPARATOR
        + UUID.randomUUID()
        + address.map(own -> IDENTITY_SEPARATOR + own.toString()).orElse("");
  }

  /** The parts of the identity of the leader, if it is another pod. */
  private Optional<List<String>> otherHolder() {
    return Optional.ofNullable(elector)
        .flatMap(LeaderElector::holder)
        .map(holder -> List.of(holder.split(String.valueOf(IDENTITY_SEPARATOR))))
        .filter(parts -> parts.size() > 1)
        .filter(parts -> !parts.get(0).isEmpty() && !parts.get(0).equals(environment.pod()));
  }

  private static Optional<HostPort> address(String text) {
    try {
      return Optional.of(HostPort.parse(text)).filter(address -> address.port() > 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
    var elected = elector;
    if (elected != null) {
      elected.close();
    }
    kube.ifPresent(Kube::close);
    aws.ifPresent(AwsFacts::close);
  }
}
