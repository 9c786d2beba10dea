package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Reads sources and waits for the results. */
final class Readings {
  static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final long TIMEOUT_SECONDS = 30;

  private Readings() {}

  /** Clients for one endpoint with all services, without a rate limit in effect. */
  static AwsClients clients(URI endpoint) {
    return AwsClients.open(
        new AwsSettings(
            "eu-west-1",
            "prod",
            Map.of("ec2", endpoint, "elbv2", endpoint),
            new AwsCredentials.Fixed("test", "test", ""),
            "other",
            Duration.ofSeconds(30),
            Map.of("ec2", new RateLimit(100, 100), "elbv2", new RateLimit(100, 100))),
        AwsRequestListener.NOOP,
        Clock.systemUTC());
  }

  static <T> T read(InventorySource<T> source, Inventory known) throws Exception {
    return await(source.read(known));
  }

  /** Why a read failed. */
  static Unavailable lack(InventorySource<?> source, Inventory known) throws Exception {
    try {
      var value = await(source.read(known));
      throw new AssertionError("expected a failure, but the result is " + value);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SourceException failure) {
        return failure.lack();
      }
      throw e;
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  static <T> Inventory with(Inventory known, Resource<T> part, T value) {
    return known.with(part, Snapshot.of(value, NOW, Duration.ofSeconds(60)));
  }
}
