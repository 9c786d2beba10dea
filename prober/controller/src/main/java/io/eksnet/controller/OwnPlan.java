package io.eksnet.controller;

import io.eksnet.agent.PlanFetch;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Future;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The controller of the same process, asked as if it were another. */
record OwnPlan(ClusterDependencies sources) implements PlanFetch.Source {
  @Override
  public Future<Response> get(String path, Optional<String> etag) {
    var node = URLDecoder.decode(path.substring(path.indexOf('=') + 1), StandardCharsets.UTF_8);
    var page = sources.plan().apply(node);
    if (page instanceof PlanPage.Ready ready) {
      return Future.succeededFuture(
          etag.filter(ready.etag()::equals).isPresent()
              ? new Response(304, etag, false, "")
              : new Response(200, Optional.of(ready.etag()), false, ready.json().toString()));
    }
    return Future.succeededFuture(
        new Response(503, Optional.empty(), true, ((PlanPage.NotYet) page).reason()));
  }
}
