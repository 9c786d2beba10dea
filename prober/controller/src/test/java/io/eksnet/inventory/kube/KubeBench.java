package io.eksnet.inventory.kube;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Watches against a server of the test, with short intervals. */
final class KubeBench implements AutoCloseable {
  private static final Duration DEADLINE = ofSeconds(30);

  static final KubeSettings QUICK =
      new KubeSettings(
          ofSeconds(15),
          ofMillis(50),
          ofSeconds(2),
          ofMillis(700),
          ofMillis(800),
          ofSeconds(30),
          1_000);

  private final KubeAccess access;
  private final KubeFacts facts;
  private volatile boolean leading;

  KubeBench(String server, KubeSettings settings) {
    this(server, settings, Clock.systemUTC());
  }

  KubeBench(String server, KubeSettings settings, Clock clock) {
    this(config(server), settings, clock);
  }

  KubeBench(Config config, KubeSettings settings, Clock clock) {
    this(config, settings, clock, Set.of());
  }

  /** With the Probe resources of these namespaces. */
  KubeBench(String server, Set<String> probeNamespaces) {
    this(config(server), QUICK, Clock.systemUTC(), probeNamespaces);
  }

  /** Sends no request, as on a standby. */
  static KubeBench standby(Set<String> probeNamespaces) {
    var server = config("http://127.0.0.1:1");
    return new KubeBench(server, QUICK, Clock.systemUTC(), probeNamespaces, false);
  }

  private KubeBench(
      Config config, KubeSettings settings, Clock clock, Set<String> probeNamespaces) {
    this(config, settings, clock, probeNamespaces, true);
  }

  private KubeBench(
      Config config,
      KubeSettings settings,
      Clock clock,
      Set<String> probeNamespaces,
      boolean leads) {
    leading = leads;
    access =
        new KubeAccess(
            KubeAccess.client(KubeAccess.configure(config, settings.timeout())), "eksnet");
    facts = KubeFacts.open(access, clock, settings, probeNamespaces, () -> leading);
  }

  private static Config config(String server) {
    return new ConfigBuilder(Config.empty()).withMasterUrl(server).build();
  }

  void lead(boolean leads) {
    leading = leads;
  }

  KubeFacts facts() {
    return facts;
  }

  @SuppressWarnings("unchecked") // a source of a part reads what the part holds
  <F> InventorySource<F> source(Resource<F> part) {
    return (InventorySource<F>)
        facts.sources().stream().filter(s -> s.resource().equals(part)).findFirst().orElseThrow();
  }

  /** What is ready; empty: it is not known. */
  <F> Optional<F> read(Resource<F> part) {
    var future = source(part).read(Inventory.EMPTY);
    return future.succeeded() ? Optional.of(future.result()) : Optional.empty();
  }

  /** Why it is not known. */
  Optional<Unavailable> unavailable(Resource<?> part) {
    var future = source(part).read(Inventory.EMPTY);
    return future.failed()
        ? Optional.of(((SourceException) future.cause()).lack())
        : Optional.empty();
  }

  Optional<Unavailable.Reason> lack(Resource<?> part) {
    return unavailable(part).map(Unavailable::reason);
  }

  <F> F await(Resource<F> part, Predicate<F> condition) {
    until("part " + part.name() + " as wanted", () -> read(part).filter(condition).isPresent());
    return read(part).orElseThrow();
  }

  /**
   * Waits until all kinds that the cluster has are watched. A mock server that is closed while it
   * answers a list or an upgrade never completes that answer.
   */
  void awaitWatches() {
    until(
        "all watches to be established",
        () ->
            facts.watches().stream()
                .flatMap(watch -> watch.lack().stream())
                .allMatch(lack -> lack.reason() == Unavailable.Reason.ABSENT));
  }

  void awaitLack(Resource<?> part, Unavailable.Reason why) {
    until(part.name() + " lacks, " + why, () -> lack(part).equals(Optional.of(why)));
  }

  void until(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + DEADLINE + ": " + what + "; " + facts.watches());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    facts.close();
    access.close();
  }
}
