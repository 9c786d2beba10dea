package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /-/healthy}, {@code /-/ready} and {@code /-/reload}. */
final class Lifecycle {
  private final EndpointDependencies sources;
  private final boolean enabled;

  Lifecycle(EndpointDependencies sources, boolean enabled) {
    this.sources = sources;
    this.enabled = enabled;
  }

  void healthy(RoutingContext context) {
    state(context, sources.trouble(), "healthy");
  }

  void ready(RoutingContext context) {
    state(context, sources.notReady(), "ready");
  }

  void reload(RoutingContext context) {
    if (!enabled) {
      Responses.error(
          context, 403, "reloading over HTTP is off; start with --web.enable-lifecycle");
      return;
    }
    if (Browsers.fromAPage(context.request())) {
      Responses.error(context, 403, "a page in a browser cannot reload this");
      return;
    }
    Future.succeededFuture()
        .compose(start -> sources.reload().get())
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
    Responses.error(context, 500, "the config was not loaded, the old one stays: " + reason);
  }

  private static void state(
      RoutingContext context, Supplier<Optional<String>> reason, String state) {
    var trouble = reason.get();
    if (trouble.isEmpty()) {
      Responses.text(context, 200, state + "\n");
    } else {
      Responses.error(context, 503, "not " + state + ": " + trouble.get());
    }
  }
}
