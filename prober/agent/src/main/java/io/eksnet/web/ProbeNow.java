package io.eksnet.web;

import io.eksnet.model.Task;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code /probe}: probes a configured target now; never an address from the request. */
final class ProbeNow {
  private static final int MAX_CONCURRENT = 4;
  private static final int MAX_CONCURRENT_PER_HOST = 2;
  private static final int MAX_LISTED = 20;

  private final EndpointDependencies dependencies;
  private final ConcurrencyLimiter limiter =
      new ConcurrencyLimiter(MAX_CONCURRENT, MAX_CONCURRENT_PER_HOST);

  ProbeNow(EndpointDependencies dependencies) {
    this.dependencies = dependencies;
  }

  void handle(RoutingContext context) {
    var name = context.request().getParam("target");
    if (name == null || name.isEmpty()) {
      Responses.error(
          context, 400, "missing parameter: /probe?target=NAME; see /api/v1/targets for names");
      return;
    }
    var probe = Optional.ofNullable(context.request().getParam("probe"));
    var found = TaskLabels.find(dependencies.tasks().get(), name, probe);
    if (found.isEmpty()) {
      Responses.error(
          context, 404, "target is not configured; see /api/v1/targets for configured targets");
    } else if (found.size() > 1) {
      Responses.error(
          context, 400, "several targets match; add &probe= or use one of: " + ids(found));
    } else if (context.request().method().name().equals("HEAD")) {
      Responses.text(context, 200, "");
    } else {
      run(context, found.get(0));
    }
  }

  private void run(RoutingContext context, Task task) {
    var host = context.request().remoteAddress().hostAddress();
    if (!limiter.tryAcquire(host)) {
      context.response().putHeader("Retry-After", "1");
      Responses.error(
          context,
          429,
          "too many probes are already running, of "
              + MAX_CONCURRENT
              + " in all and "
              + MAX_CONCURRENT_PER_HOST
              + " of one host; retry in a second");
      return;
    }
    Future.succeededFuture()
        .compose(start -> dependencies.probe().apply(task))
        .onComplete(
            observation -> {
              limiter.release(host);
              if (Responses.wantsJson(context)) {
                Responses.json(context, 200, ObservationJson.of(observation));
              } else {
                Responses.text(context, 200, TraceText.of(observation));
              }
            },
            e -> {
              limiter.release(host);
              Responses.error(context, 500, "probe could not run: " + e.getMessage());
            });
  }

  private static String ids(List<Task> tasks) {
    return String.join(" ", tasks.stream().limit(MAX_LISTED).map(Task::id).toList());
  }
}
