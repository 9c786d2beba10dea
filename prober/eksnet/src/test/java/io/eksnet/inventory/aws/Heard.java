package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A pulse that remembers, and waiting for futures. */
final class Heard implements AwsPulse {
  private final List<String> calls = new CopyOnWriteArrayList<>();

  @Override
  public void call(String service, String operation, String outcome, long nanos) {
    if (nanos < 0) {
      throw new AssertionError("a call took " + nanos + " ns");
    }
    calls.add(service + " " + operation + " " + outcome);
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  static Throwable failure(Future<?> future) throws Exception {
    try {
      var result = await(future);
      throw new AssertionError("it brought " + result);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
