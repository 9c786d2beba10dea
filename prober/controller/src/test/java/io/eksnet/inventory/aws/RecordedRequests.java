package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Records the outcome of requests, and waits for futures. */
final class RecordedRequests implements AwsRequestListener {
  private final List<String> recorded = new CopyOnWriteArrayList<>();

  @Override
  public void onRequest(String service, String operation, String outcome, long nanos) {
    if (nanos < 0) {
      throw new AssertionError("a request took " + nanos + " ns");
    }
    recorded.add(service + " " + operation + " " + outcome);
  }

  List<String> recorded() {
    return List.copyOf(recorded);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  static Throwable failure(Future<?> future) throws Exception {
    try {
      var result = await(future);
      throw new AssertionError("expected a failure, but got " + result);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
