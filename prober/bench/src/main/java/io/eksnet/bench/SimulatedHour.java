package io.eksnet.bench;

import io.eksnet.config.Polls;
import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.aws.AwsCredentials;
import io.eksnet.inventory.aws.AwsFacts;
import io.eksnet.inventory.aws.AwsRequestListener;
import io.eksnet.inventory.aws.AwsSettings;
import io.eksnet.inventory.aws.RateLimit;
import io.eksnet.inventory.kube.KubeAccess;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.KubeSettings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.schedule.FixedGrid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The calls to AWS of an hour, in seconds: the real sources, which really call, on a clock that
 * goes from one reading to the next. The first hour is not counted: in it everything is new.
 */
final class SimulatedHour implements AutoCloseable {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);
  private static final RateLimit AMPLE = new RateLimit(100, 100_000);

  private final AwsStub aws;
  private final Polls polls;
  private final Now clock = new Now();
  private final KubeAccess access;
  private final KubeFacts kube;
  private final AwsFacts facts;
  private final Map<InventorySource<?>, Instant> due = new LinkedHashMap<>();
  private Inventory inventory = Inventory.EMPTY;

  SimulatedHour(KubeStub api, AwsStub aws, Polls polls) {
    this.aws = aws;
    this.polls = polls;
    access =
        KubeAccess.open(Optional.of(api.url()), FleetCluster.NAMESPACE, Duration.ofSeconds(10));
    kube = KubeFacts.open(access, Clock.systemUTC(), KubeSettings.DEFAULT, Set.of(), () -> true);
    var uri = aws.uri();
    facts =
        AwsFacts.open(
            new AwsSettings(
                FleetCluster.REGION,
                FleetCluster.NAME,
                Map.of("ec2", uri, "elbv2", uri, "eks", uri, "sts", uri),
                new AwsCredentials.Fixed("AKIDEXAMPLE", "not-a-secret", ""),
                "other",
                AwsSettings.CALL_TIMEOUT,
                Map.of("ec2", AMPLE, "elbv2", AMPLE, "eks", AMPLE, "sts", AMPLE)),
            AwsRequestListener.NOOP,
            clock);
  }

  /** Calls by service and operation. */
  Map<String, Long> calls() throws InterruptedException {
    for (var source : kube.sources()) {
      watch(source);
    }
    pass();
    var before = aws.calls();
    pass();
    var calls = new TreeMap<String, Long>();
    aws.calls().forEach((what, count) -> calls.merge(what, count, Long::sum));
    before.forEach((what, count) -> calls.merge(what, -count, Long::sum));
    calls.values().removeIf(count -> count == 0);
    return calls;
  }

  /** What is known at its end. */
  Inventory inventory() {
    return inventory;
  }

  private <F> void watch(InventorySource<F> source) throws InterruptedException {
    var absent = source.resource().name().equals("node_classes");
    if (!absent) {
      Waiting.until(source.resource().name(), () -> source.read(inventory).succeeded());
      inventory =
          inventory.with(
              source.resource(),
              Snapshot.of(source.read(inventory).result(), clock.instant(), Duration.ofDays(1)));
    }
  }

  private void pass() {
    var end = clock.instant().plus(HOUR);
    facts.sources().forEach(source -> due.putIfAbsent(source, clock.instant()));
    while (true) {
      var next = due.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
      if (!next.getValue().isBefore(end)) {
        clock.now = end;
        return;
      }
      clock.now = next.getValue();
      var read = read(next.getKey());
      due.put(next.getKey(), read ? after(next.getKey()) : clock.instant().plus(RETRY_INTERVAL));
    }
  }

  private Instant after(InventorySource<?> source) {
    return FixedGrid.next("poll/" + source.resource().name(), every(source), clock.instant());
  }

  /** As the settings of a cluster without a config say. */
  private Duration every(InventorySource<?> source) {
    var part = source.resource();
    return polls.every(part.service(), part.name()).orElse(source.minInterval());
  }

  /** Some wait for what others read first; that happens at the start only. */
  private <F> boolean read(InventorySource<F> source) {
    var read = Waiting.on(source.read(inventory.ifFresh(clock.instant())).otherwiseEmpty());
    if (read == null) {
      return false;
    }
    inventory =
        inventory.with(source.resource(), Snapshot.of(read, clock.instant(), every(source)));
    return true;
  }

  @Override
  public void close() {
    kube.close();
    access.close();
    facts.close();
  }

  private static final class Now extends Clock {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
