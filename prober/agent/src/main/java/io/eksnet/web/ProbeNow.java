package io.eksnet.web;

import io.eksnet.model.Task;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** {@code /probe}: runs one configured target now; never an address from the request. */
final class ProbeNow {
  private static final int MOST_AT_ONCE = 4;
  private static final int MOST_NAMED = 20;

  private final EndpointDependencies sources;
  private int running;

  ProbeNow(EndpointDependencies sources) {
    this.sources = sources;
  }

  void handle(RoutingContext context) {
    var name = context.request().getParam("target");
    if (name == null || name.isEmpty()) {
      Responses.error(context, 400, "say which: /probe?target=NAME; /api/v1/targets has the names");
      return;
    }
    var probe = Optional.ofNullable(context.request().getParam("probe"));
    var found = TaskLabels.find(sources.tasks().get(), name, probe);
    if (found.isEmpty()) {
      Responses.error(
          context,
          404,
          "no such target is configured; only configured targets are probed, and /api/v1/targets"
              + " has their names");
    } else if (found.size() > 1) {
      Responses.error(
          context, 400, "several match; add &probe= or give as target one of: " + ids(found));
    } else if (context.request().method().name().equals("HEAD")) {
      Responses.text(context, 200, "");
    } else {
      run(context, found.get(0));
    }
  }

  private void run(RoutingContext context, Task task) {
    if (running >= MOST_AT_ONCE) {
      context.response().putHeader("Retry-After", "1");
      Responses.error(context, 429, MOST_AT_ONCE + " runs are under way; try again in a second");
      return;
    }
    running++;
    Future.succeededFuture()
        .compose(start -> sources.probe().apply(task))
        .onComplete(
            observation -> {
              running--;
              if (Responses.wantsJson(context)) {
                Responses.json(context, 200, ObservationJson.of(observation));
              } else {
                Responses.text(context, 200, Trace.of(observation));
              }
            },
            e -> {
              running--;
              Responses.error(context, 500, "the run could not be made: " + e.getMessage());
            });
  }

  private static String ids(List<Task> tasks) {
    return String.join(" ", tasks.stream().limit(MOST_NAMED).map(Task::id).toList());
  }
}
