package io.eksnet.agent;

import io.eksnet.agent.host.EnaPage;
import io.eksnet.agent.host.HostFiles;
import io.eksnet.agent.host.IpamdPage;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.agent.plan.DnsSuitePlan;
import io.eksnet.agent.plan.HostSuites;
import io.eksnet.agent.plan.StsSuitePlan;
import io.eksnet.agent.plan.TaskPlan;
import io.eksnet.config.DnsSuite;
import io.eksnet.config.Reading;
import io.eksnet.config.Settings;
import io.eksnet.model.Task;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.dns.DnsDiscovery;
import io.eksnet.probe.http.HttpScrapeKind;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.SystemResolver;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What all commands stand on: event loops, the network of the probes, the kinds, the surroundings.
 */
public record ProberRuntime(
    Vertx vertx,
    Network network,
    HostFiles hostFiles,
    DnsDiscovery discovery,
    Map<String, ProbeKind<?>> kinds,
    Environment surroundings)
    implements AutoCloseable {
  /** For servers, clients and timers; the probes have their own event loop in {@link Network}. */
  private static final int WEB_LOOPS = 1;

  private static final int WORKERS = 4;

  public static ProberRuntime prepare(Environment surroundings) {
    var vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventLoopPoolSize(WEB_LOOPS)
                    .setWorkerPoolSize(WORKERS)
                    .setInternalBlockingPoolSize(WORKERS))
            .build();
    var hostFiles = new HostFiles(surroundings.resolvConf(), surroundings.hosts());
    var network = Network.open(on -> new SystemResolver(on, hostFiles::names));
    assertSeparateLoops(vertx, network);
    return new ProberRuntime(
        vertx, network, hostFiles, new DnsDiscovery(network), ProbeKinds.byName(), surroundings);
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
   * The network of a task: what a plan assigns reaches no further than plans may lead, whatever its
   * names resolve to.
   */
  public Function<Task, Network> networks(Settings settings) {
    var reach = new AllowedTargets(settings.controller().loopback());
    var bounded = network.within(reach::admits);
    return task -> AssignedTasks.assigned(task) ? bounded : network;
  }

  /** The settings of a file that must be good. */
  public static Settings settings(ConfigFile file) {
    var reading = file.read();
    if (reading instanceof Reading.Rejected rejected) {
      throw new StartException("the config is not valid\n" + file.text(rejected.problems()));
    }
    return ((Reading.Accepted) reading).settings();
  }

  /** The tasks that {@code settings} ask for here and now. */
  public Future<TaskPlan> plan(Settings settings) {
    return plan(settings, List.of());
  }

  /** The tasks that {@code settings} ask for here and now, and those that a controller assigned. */
  public Future<TaskPlan> plan(Settings settings, List<Task> assigned) {
    return dnsSuite(settings)
        .map(
            dns -> {
              var suites = new ArrayList<>(dns);
              suites.addAll(hostSuites(settings).tasks());
              if (surroundings.apiServer().isPresent()) {
                suites.addAll(
                    StsSuitePlan.tasks(
                        surroundings.node(), settings.suites().sts(), region(settings)));
              }
              suites.addAll(assigned);
              return TaskPlan.of(settings, surroundings.node(), suites);
            });
  }

  /** What serves the whole node, as far as it is known. */
  public HostSuites hostSuites(Settings settings) {
    return new HostSuites(
        surroundings.node(),
        settings.suites(),
        surroundings.apiServer(),
        surroundings.hostAddress());
  }

  /** The kinds that tasks may be of: those of the users, and those of the suites alone. */
  public Map<String, ProbeKind<?>> runnable() {
    var all = new LinkedHashMap<>(kinds);
    Stream.of(
            new HttpScrapeKind("ipamd", IpamdPage::read), new HttpScrapeKind("ena", EnaPage::read))
        .forEach(kind -> all.put(kind.name(), kind));
    return all;
  }

  /** The region of the config, else that of the environment. */
  public Optional<String> region(Settings settings) {
    return Optional.of(settings.region())
        .filter(region -> !region.isEmpty())
        .or(surroundings::region);
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
                        surroundings.node(),
                        suite.interval(),
                        suite.timeout(),
                        suite.clusterDomain(),
                        suite.external(),
                        region(settings),
                        surroundings.apiServer(),
                        hostFiles.names().resolvConf(),
                        suite.vpcResolver(),
                        answering)
                    .tasks());
  }

  private Future<Set<String>> discovered(DnsSuite suite) {
    var servers = DnsSuitePlan.optionalServers(suite, surroundings.apiServer());
    Promise<Set<String>> promise = Promise.promise();
    network.loop().execute(() -> discovery.answering(servers).onComplete(promise));
    return promise.future();
  }

  /** Waits for what a command cannot go on without. Not for an event loop. */
  public static <T> T await(Future<T> future) {
    return await(future, Duration.ofMinutes(1));
  }

  /** The same, for what may take so long. */
  public static <T> T await(Future<T> future, Duration patience) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      throw new StartException(String.valueOf(cause == null ? e : cause.getMessage()));
    } catch (TimeoutException e) {
      throw new StartException("not done within " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted");
    }
  }

  @Override
  public void close() {
    network.close();
    await(vertx.close());
  }
}
