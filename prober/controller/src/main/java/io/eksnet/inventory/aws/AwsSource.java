package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A source that reads AWS. It runs on worker threads, from joining the inventory on, and completes
 * on the context of the caller.
 */
abstract class AwsSource<T> implements InventorySource<T> {
  private static final Duration MIN_REFRESH_INTERVAL = Duration.ofMinutes(1);

  final AwsClients aws;
  private final Resource<T> resource;
  private final List<Permission> permissions;
  private volatile Attempt last = new Attempt(Instant.MIN, Set.of());

  private record Attempt(Instant at, Set<?> triggers) {}

  AwsSource(AwsClients aws, Resource<T> resource, List<Permission> permissions) {
    this.aws = aws;
    this.resource = resource;
    this.permissions = List.copyOf(permissions);
  }

  /** Reads the resource, on a worker thread; may throw. */
  abstract Future<T> load(Inventory inventory);

  /**
   * What in other resources this one may explain. When the set changes, the resource is read before
   * its interval is over. Empty if those resources are unknown.
   */
  Optional<Set<?>> triggers(Inventory inventory) {
    return Optional.empty();
  }

  /** From a read to one by triggers, so that a flapping trigger does not cause more requests. */
  Duration minRefreshInterval() {
    return MIN_REFRESH_INTERVAL;
  }

  @Override
  public final Resource<T> resource() {
    return resource;
  }

  @Override
  public final List<Permission> permissions() {
    return permissions;
  }

  @Override
  public final boolean shouldRefresh(Inventory inventory) {
    var rested =
        last.at().equals(Instant.MIN)
            || !aws.clock().instant().isBefore(last.at().plus(minRefreshInterval()));
    return rested && triggers(inventory).filter(now -> !now.equals(last.triggers())).isPresent();
  }

  @Override
  public final Future<T> read(Inventory inventory) {
    last = new Attempt(aws.clock().instant(), triggers(inventory).orElse(Set.of()));
    var read =
        aws.run(() -> load(inventory))
            .recover(failure -> Future.failedFuture(sourceException(failure)));
    var context = Vertx.currentContext();
    if (context == null) {
      return read;
    }
    Promise<T> result = Promise.promise();
    read.onComplete(
        (value, failure) -> context.runOnContext(run -> result.complete(value, failure)));
    return result.future();
  }

  /** The value of a resource that this one cannot be read without. */
  static <R> R require(Inventory inventory, Resource<R> resource) {
    var known = inventory.snapshot(resource);
    return known
        .value()
        .orElseThrow(
            () -> {
              var unavailable = known.unavailable().orElse(Unavailable.NOT_YET);
              return new SourceException(
                  unavailable.reason(),
                  "needs " + resource.name() + ", which is not known: " + unavailable.detail());
            });
  }

  private static SourceException sourceException(Throwable failure) {
    return failure instanceof SourceException known
        ? known
        : new SourceException(
            Reason.ERROR, failure.getClass().getSimpleName() + ": " + failure.getMessage());
  }
}
