package io.eksnet.agent;

import io.eksnet.agent.host.EnaPage;
import io.eksnet.agent.host.HostFiles;
import io.eksnet.agent.host.IpamdPage;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.ClusterDns;
import io.eksnet.agent.plan.DnsSuitePlan;
import io.eksnet.agent.plan.HostSuites;
import io.eksnet.agent.plan.StsSuitePlan;
import io.eksnet.agent.plan.TaskPlan;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.DnsSuite;
import io.eksnet.config.Settings;
import io.eksnet.model.Task;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.dns.DnsDiscovery;
import io.eksnet.probe.http.HttpScrapeKind;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.SystemResolver;
import io.eksnet.web.AcceptingTransport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/** What all commands share: event loops, probe kinds, and the environment of the process. */
public record ProberRuntime(
    Vertx vertx,
    Network network,
    HostFiles hostFiles,
    DnsDiscovery discovery,
    Map<String, ProbeKind<?>> kinds,
    Environment environment)
    implements AutoCloseable {
  /** For servers, clients and timers; the probes have their own event loop in {@link Network}. */
  private static final int WEB_LOOPS = 1;

  private static final int WORKERS = 4;

  private static final Path SYSTEM_VENDOR = Path.of("/sys/class/dmi/id/sys_vendor");

  /** A worker may be blocked, for example by a file. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  public static ProberRuntime prepare(Environment environment) {
    var vertx =
        AcceptingTransport.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(WEB_LOOPS)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS));
    var hostFiles = new HostFiles(environment.resolvConf(), environment.hosts());
    var network = Network.open(new SystemResolver(hostFiles::names));
    assertSeparateLoops(vertx, network);
    return new ProberRuntime(
        vertx,
        network,
        hostFiles,
        new DnsDiscovery(network),
        ProbeKinds.byName(environment.proxies()),
        environment);
  }

  /** Scrapes and status pages must not delay probes, whatever the libraries do. */
  private static void assertSeparateLoops(Vertx vertx, Network network) {
    Promise<Boolean> shared = Promise.promise();
    vertx.runOnContext(go -> shared.complete(network.loop().inEventLoop()));
    if (await(shared.future())) {
      throw new IllegalStateException("probes and web server share an event loop");
    }
  }

  /**
   * The network of a task. Tasks of a plan may connect only to addresses that plans may have,
   * whatever their names resolve to.
   */
  public Function<Task, Network> networks(Settings settings) {
    var allowed = new AllowedTargets(settings.controller().loopback());
    var bounded = network.within(allowed::admits);
    return task -> task.origin() == Task.Origin.PLAN ? bounded : network;
  }

  /** The settings of a file; throws {@link StartException} if it is invalid. */
  public static Settings settings(ConfigFile file) {
    var reading = file.read();
    if (reading instanceof ConfigResult.Invalid invalid) {
      throw new StartException("the config is invalid\n" + ConfigFile.text(invalid.problems()));
    }
    return ((ConfigResult.Valid) reading).settings();
  }

  /** The tasks of {@code settings} on this node. */
  public Future<TaskPlan> plan(Settings settings) {
    return plan(settings, List.of());
  }

  /** The tasks of {@code settings} on this node, and those that a controller assigned. */
  public Future<TaskPlan> plan(Settings settings, List<Task> assigned) {
    return dnsSuite(settings)
        .map(
            dns -> {
              var suites = new ArrayList<>(dns);
              suites.addAll(hostSuites(settings).tasks());
              if (environment.apiServer().isPresent()) {
                suites.addAll(
                    StsSuitePlan.tasks(
                        environment.node(), settings.suites().sts(), region(settings)));
              }
              suites.addAll(assigned);
              return TaskPlan.of(
                  settings, environment.node(), suites, Runtime.getRuntime().maxMemory());
            });
  }

  /** The suites that probe components of this node. */
  public HostSuites hostSuites(Settings settings) {
    return new HostSuites(
        environment.node(), settings.suites(), environment.apiServer(), environment.hostAddress());
  }

  /** All kinds of tasks: those of users, and those of suites alone. */
  public Map<String, ProbeKind<?>> allKinds() {
    var all = new LinkedHashMap<>(kinds);
    Stream.of(
            new HttpScrapeKind("ipamd", IpamdPage::read), new HttpScrapeKind("ena", EnaPage::read))
        .forEach(kind -> all.put(kind.name(), kind));
    return all;
  }

  /** The region of the config, or else of the environment. */
  public Optional<String> region(Settings settings) {
    return Optional.of(settings.region())
        .filter(region -> !region.isEmpty())
        .or(environment::region);
  }

  private Future<List<Task>> dnsSuite(Settings settings) {
    var suite = settings.suites().dns();
    if (!suite.enabled()) {
      return Future.succeededFuture(List.of());
    }
    return discovered(suite)
        .map(
            answering ->
                new DnsSuitePlan(
                        environment.node(),
                        suite.interval(),
                        suite.timeout(),
                        suite.clusterDomain(),
                        suite.external(),
                        region(settings),
                        environment.apiServer(),
                        hostFiles.names().resolvConf(),
                        suite.vpcResolver(),
                        answering)
                    .tasks());
  }

  private Future<Set<String>> discovered(DnsSuite suite) {
    var servers = DnsSuitePlan.optionalServers(suite, environment.apiServer());
    Promise<Set<String>> promise = Promise.promise();
    network.loop().execute(() -> discovery.answering(servers).onComplete(promise));
    return promise.future().map(answering -> withResolverOfEc2(answering, suite));
  }

  /**
   * Every EC2 instance has a VPC resolver at the link-local address (Amazon VPC User Guide, "DNS
   * attributes for your VPC"). One that is silent when the agent starts is probed as well.
   */
  private Set<String> withResolverOfEc2(Set<String> answering, DnsSuite suite) {
    var ipv4 = environment.apiServer().filter(host -> !host.contains(":")).isPresent();
    if (suite.vpcResolver().isPresent() || !ipv4 || !isEc2Instance()) {
      return answering;
    }
    var all = new LinkedHashSet<>(answering);
    all.add(ClusterDns.VPC_RESOLVERS.get(0));
    return all;
  }

  /** Instances on Nitro name their vendor; others are found by the answer of their resolver. */
  private static boolean isEc2Instance() {
    try {
      return Files.readString(SYSTEM_VENDOR).strip().equals("Amazon EC2");
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits up to a minute; blocks. A failure is a {@link StartException}. */
  public static <T> T await(Future<T> future) {
    return await(future, Duration.ofMinutes(1));
  }

  /** The same, with another timeout. */
  public static <T> T await(Future<T> future, Duration timeout) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      throw new StartException(String.valueOf(cause == null ? e : cause.getMessage()));
    } catch (TimeoutException e) {
      throw new StartException("not complete after " + timeout.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted");
    }
  }

  @Override
  public void close() {
    network.close();
    await(vertx.close(), CLOSE_TIMEOUT);
  }
}
