package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterPage;
import io.eksnet.web.About;
import io.eksnet.web.ClusterEndpoints;
import io.eksnet.web.ConnectionLimiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The endpoints of a controller. */
public record ControllerEndpoints(ClusterDependencies dependencies) implements ClusterEndpoints {
  private static final Set<HttpMethod> READ = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  @Override
  public String contentSecurityPolicy() {
    return ClusterPage.contentSecurityPolicy();
  }

  @Override
  public Future<String> statusPage(Vertx vertx, About about) {
    return vertx.executeBlocking(() -> ClusterPage.html(dependencies.view().get(), about), false);
  }

  @Override
  public Future<JsonObject> observations(Vertx vertx, Filter filter, int limit) {
    return vertx.executeBlocking(
        () ->
            dependencies
                .source()
                .get()
                .describe(new JsonObject().put("agents", observations(filter, limit))),
        false);
  }

  private JsonArray observations(Filter filter, int limit) {
    var list = new JsonArray();
    dependencies.observed().get().stream()
        .filter(observation -> filter.matches("node", observation.node()))
        .filter(observation -> filter.matches("probe", observation.probe()))
        .filter(observation -> filter.matches("target", observation.target()))
        .filter(observation -> filter.matches("kind", observation.kind()))
        .filter(observation -> filter.matches("outcome", observation.outcome()))
        .sorted(Comparator.comparing(AgentObservation::at).reversed())
        .limit(limit)
        .forEach(observation -> list.add(observation.json()));
    return list;
  }

  @Override
  public Session open(
      Vertx vertx, About about, ConnectionLimiter connections, InstantSource clock) {
    var live = new LiveStream(vertx, dependencies.view(), connections);
    var api = new ClusterApi(dependencies, clock);
    var incidents = new IncidentEndpoints(api, dependencies, about);
    return new Session() {
      @Override
      public List<Endpoint> endpoints() {
        return List.of(
            new Endpoint("/api/v1/plan", READ, true, api::plan),
            new Endpoint("/api/v1/inventory", READ, true, api::inventory),
            new Endpoint("/api/v1/evidence", READ, true, api::evidence),
            new Endpoint("/api/v1/findings", READ, false, api::findings),
            new Endpoint("/api/v1/findings.md", READ, false, api::findingsText),
            new Endpoint("/api/v1/incidents", READ, false, incidents::list),
            new Endpoint("/api/v1/incidents/:id", READ, false, incidents::one),
            new Endpoint("/api/v1/changes", READ, false, incidents::changes),
            new Endpoint("/api/v1/replica", READ, true, api::replica),
            new Endpoint("/incidents", READ, false, incidents::listPage),
            new Endpoint("/incidents/:id", READ, false, incidents::page),
            new Endpoint("/api/v1/live", Set.of(HttpMethod.GET), false, live::handle));
      }

      @Override
      public void close() {
        live.close();
      }
    };
  }
}
