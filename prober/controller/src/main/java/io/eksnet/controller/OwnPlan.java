package io.eksnet.controller;

import io.eksnet.agent.PlanFetch;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.web.PeerClient.Answered;
import io.vertx.core.Future;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The controller of the same process, asked as if it were another. */
record OwnPlan(ClusterDependencies sources) implements PlanFetch.Source {
  @Override
  public Future<Answered> get(String path, Optional<String> etag) {
    var node = URLDecoder.decode(path.substring(path.indexOf('=') + 1), StandardCharsets.UTF_8);
    var page = sources.plan().apply(node);
    if (page instanceof PlanPage.Ready ready) {
      return Future.succeededFuture(
          etag.filter(ready.etag()::equals).isPresent()
              ? new Answered(304, etag, false, "")
              : new Answered(200, Optional.of(ready.etag()), false, ready.json().toString()));
    }
    return Future.succeededFuture(
        new Answered(503, Optional.empty(), true, ((PlanPage.NotYet) page).reason()));
  }
}
