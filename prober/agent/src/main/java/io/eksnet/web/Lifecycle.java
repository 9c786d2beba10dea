package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /-/healthy}, {@code /-/ready} and {@code /-/reload}. */
final class Lifecycle {
  private final EndpointDependencies dependencies;
  private final boolean enabled;

  Lifecycle(EndpointDependencies dependencies, boolean enabled) {
    this.dependencies = dependencies;
    this.enabled = enabled;
  }

  void healthy(RoutingContext context) {
    state(context, dependencies.unhealthyReason(), "healthy");
  }

  void ready(RoutingContext context) {
    state(context, dependencies.notReadyReason(), "ready");
  }

  void reload(RoutingContext context) {
    if (!enabled) {
      Responses.error(
          context, 403, "reload over HTTP is disabled; start with --web.enable-lifecycle");
      return;
    }
    if (FetchMetadata.isFromWebPage(context.request())) {
      Responses.error(context, 403, "reload from a web page is not allowed");
      return;
    }
    Future.succeededFuture()
        .compose(start -> dependencies.reload().get())
        .onSuccess(
            reason -> {
              if (reason.isEmpty()) {
                Responses.text(context, 200, "reloaded\n");
              } else {
                refused(context, reason.get());
              }
            })
        .onFailure(e -> refused(context, String.valueOf(e.getMessage())));
  }

  private static void refused(RoutingContext context, String reason) {
    Responses.error(context, 500, "reload failed, keeping previous config: " + reason);
  }

  private static void state(
      RoutingContext context, Supplier<Optional<String>> problem, String state) {
    var reason = problem.get();
    if (reason.isEmpty()) {
      Responses.text(context, 200, state + "\n");
    } else {
      Responses.error(context, 503, "not " + state + ": " + reason.get());
    }
  }
}
