package io.eksnet.inventory.aws;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Unavailable;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source that asks AWS. Its reading runs off the event loop, from joining the inventory on; the
 * result comes back on the context of the caller, and every failure is a {@code FactFailure}.
 *
 * @param reading what it does; may throw
 */
record AwsSource<F>(
    Resource<F> resource,
    List<Permission> permissions,
    AwsCalls calls,
    Function<Inventory, Future<F>> reading)
    implements InventorySource<F> {
  AwsSource {
    permissions = List.copyOf(permissions);
  }

  @Override
  public Future<F> read(Inventory known) {
    Promise<F> result = Promise.promise();
    var caller = Vertx.currentContext();
    try {
      calls.run(() -> begin(known).onComplete(done -> on(caller, () -> settle(result, done))));
    } catch (RejectedExecutionException e) {
      result.fail(AwsFailure.asFact(AwsFailure.error("closed")));
    }
    return result.future();
  }

  /** The value of a part that this reading cannot do without. */
  static <T> T need(Inventory known, Resource<T> part) {
    var state = known.snapshot(part);
    return state
        .value()
        .orElseThrow(
            () -> {
              var lack = state.unavailable().orElse(Unavailable.NOT_YET);
              return new AwsFailure(
                  lack.reason(),
                  "",
                  "needs " + part.name() + ", which is not known: " + lack.detail());
            });
  }

  private Future<F> begin(Inventory known) {
    try {
      return reading.apply(known);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static <F> void settle(Promise<F> result, AsyncResult<F> done) {
    if (done.succeeded()) {
      result.complete(done.result());
    } else {
      result.fail(AwsFailure.asFact(done.cause()));
    }
  }

  private static void on(@Nullable Context caller, Runnable work) {
    if (caller == null) {
      work.run();
    } else {
      caller.runOnContext(unused -> work.run());
    }
  }
}
