package io.eksnet.controller.web;

import io.eksnet.controller.page.IncidentMarkdown;
import io.eksnet.controller.page.IncidentPages;
import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.eksnet.web.About;
import io.eksnet.web.Responses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Incidents and changes: as JSON, as Markdown, and as pages with permanent links. */
final class IncidentEndpoints {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String MARKDOWN = "text/markdown; charset=utf-8";
  private static final String MARKDOWN_SUFFIX = ".md";

  private final ClusterApi api;
  private final ClusterDependencies sources;
  private final About about;

  IncidentEndpoints(ClusterApi api, ClusterDependencies sources, About about) {
    this.api = api;
    this.sources = sources;
    this.about = about;
  }

  /** All incidents, newest first. */
  void list(RoutingContext context) {
    var incidents = newestFirst();
    api.read(
        context,
        source ->
            ClusterApi.pretty(
                source.describe(
                    new JsonObject()
                        .put(
                            "incidents",
                            new JsonArray(
                                incidents.stream().map(IncidentJson::summary).toList())))));
  }

  /** One incident, as Markdown if its ID ends with {@code .md}. */
  void one(RoutingContext context) {
    var id = context.pathParam("id");
    if (id.endsWith(MARKDOWN_SUFFIX)) {
      var incident = find(id.substring(0, id.length() - MARKDOWN_SUFFIX.length()));
      incident.ifPresentOrElse(
          found ->
              api.respond(context, MARKDOWN, source -> Buffer.buffer(IncidentMarkdown.of(found))),
          () -> notFound(context));
      return;
    }
    find(id)
        .ifPresentOrElse(
            found ->
                api.read(
                    context,
                    source -> ClusterApi.pretty(source.describe(IncidentJson.write(found)))),
            () -> notFound(context));
  }

  /** Changes of the last 24 hours, newest first. */
  void changes(RoutingContext context) {
    var changes = new ArrayList<Change>(sources.changes().get());
    Collections.reverse(changes);
    api.read(
        context,
        source ->
            ClusterApi.pretty(
                source.describe(new JsonObject().put("changes", IncidentJson.changes(changes)))));
  }

  void listPage(RoutingContext context) {
    var incidents = newestFirst();
    api.respond(
        context, HTML, source -> Buffer.buffer(IncidentPages.list(incidents, source.at(), about)));
  }

  void page(RoutingContext context) {
    find(context.pathParam("id"))
        .ifPresentOrElse(
            incident ->
                api.respond(
                    context,
                    HTML,
                    source -> Buffer.buffer(IncidentPages.incident(incident, source.at(), about))),
            () -> notFound(context));
  }

  private Optional<Incident> find(String id) {
    return sources.incidents().get().find(id);
  }

  private List<Incident> newestFirst() {
    return sources.incidents().get().all().stream()
        .sorted(Comparator.comparing(Incident::opened).reversed())
        .toList();
  }

  /** Only a replica that has data knows which incidents there are. */
  private void notFound(RoutingContext context) {
    var unavailable = sources.source().get().unavailable();
    if (unavailable.isPresent()) {
      ClusterApi.later(context, unavailable.get());
      return;
    }
    Responses.error(
        context,
        404,
        "no incident with this ID; both replicas keep the last 200 incidents, see /incidents");
  }
}
