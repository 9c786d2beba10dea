package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Reads sources and waits for what they say. */
final class Readings {
  static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final long MOST_SECONDS = 30;

  private Readings() {}

  /** Calls to one endpoint that holds all services, not held back by a budget. */
  static AwsCalls calls(URI endpoint) {
    return AwsCalls.open(
        new AwsSettings(
            "eu-west-1",
            "prod",
            Map.of("ec2", endpoint, "elbv2", endpoint),
            new AwsCredentials.Fixed("test", "test", ""),
            "other",
            Duration.ofSeconds(10),
            Map.of("ec2", new RateLimit(100, 100), "elbv2", new RateLimit(100, 100))),
        AwsPulse.DEAF);
  }

  static <T> T read(InventorySource<T> source, Inventory known) throws Exception {
    return await(source.read(known));
  }

  /** Why a reading brought nothing. */
  static Unavailable lack(InventorySource<?> source, Inventory known) throws Exception {
    try {
      var value = await(source.read(known));
      throw new AssertionError("expected a failure, but it said " + value);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SourceException failure) {
        return failure.lack();
      }
      throw e;
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(MOST_SECONDS, TimeUnit.SECONDS);
  }

  static <T> Inventory with(Inventory known, Resource<T> part, T value) {
    return known.with(part, Snapshot.of(value, NOW, Duration.ofSeconds(60)));
  }
}
