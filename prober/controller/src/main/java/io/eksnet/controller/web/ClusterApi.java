package io.eksnet.controller.web;

import io.eksnet.controller.page.FindingsMarkdown;
import io.eksnet.controller.web.ClusterDependencies.DataSource;
import io.eksnet.controller.web.ClusterDependencies.PlanPage;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.web.Responses;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Responses of a controller for its cluster. A standby responds from its copy of the leader's data;
 * only plans come from the leader alone. Each response states how old its data are and which pod
 * leads.
 */
final class ClusterApi {
  private static final Pattern NODE = Pattern.compile("[a-zA-Z0-9._-]{1,253}");

  /** List elements of one resource; those of a cluster of 5,000 nodes fit. */
  private static final int MAX_ELEMENTS = 20_000;

  private final ClusterDependencies sources;
  private final InstantSource clock;

  ClusterApi(ClusterDependencies sources, InstantSource clock) {
    this.sources = sources;
    this.clock = clock;
  }

  void plan(RoutingContext context) {
    var node = context.request().getParam("node");
    var following = sources.following().get();
    if (node == null || !NODE.matcher(node).matches()) {
      Responses.error(context, 400, "say whose: /api/v1/plan?node=NODE");
    } else if (following.isPresent()) {
      later(context, following.get());
    } else {
      plan(context, sources.plan().apply(node));
    }
  }

  void inventory(RoutingContext context) {
    var inventory = sources.inventory().get();
    var wanted = context.request().getParam("part");
    read(context, source -> source.describe(json(inventory, wanted, clock.instant())).toBuffer());
  }

  /** What a diagnosis would be made of now, whole or not at all. */
  void evidence(RoutingContext context) {
    read(context, source -> Buffer.buffer(EvidenceJson.write(sources.evidence().get())));
  }

  /** All of it, for the other replica, which sends no request to a standby. */
  void replica(RoutingContext context) {
    var following = sources.following().get();
    if (following.isPresent()) {
      later(context, following.get());
      return;
    }
    context.response().putHeader("Content-Encoding", "gzip");
    read(context, source -> Buffer.buffer(sources.state().get().write()));
  }

  /**
   * What is wrong, as of the last diagnosis, what is not probed, as of the last plan, and what is
   * unknown now.
   */
  void findings(RoutingContext context) {
    var diagnosed = sources.findings().get();
    var notProbed = sources.notProbed().get();
    if (sources.source().get().unavailable().isEmpty() && diagnosed.at().isEmpty()) {
      later(context, "nothing was diagnosed yet");
      return;
    }
    read(
        context,
        source ->
            pretty(
                source.describe(
                    FindingsJson.write(diagnosed, notProbed, sources.inventory().get()))));
  }

  /** The same as Markdown, the causes first. */
  void findingsText(RoutingContext context) {
    respond(
        context,
        "text/markdown; charset=utf-8",
        source -> Buffer.buffer(FindingsMarkdown.of(sources.view().get())));
  }

  /** Writes a response on a worker, unless this replica has no data. */
  void read(RoutingContext context, Function<DataSource, Buffer> write) {
    respond(context, "application/json; charset=utf-8", write);
  }

  /** The same with another content type. */
  void respond(RoutingContext context, String type, Function<DataSource, Buffer> write) {
    var source = sources.source().get();
    if (source.unavailable().isPresent()) {
      later(context, source.unavailable().get());
      return;
    }
    // The header Age is that of RFC 9111 section 5.1.
    context
        .response()
        .putHeader("Age", Long.toString(source.age().toSeconds()))
        .putHeader("Eksnet-Leader", source.leader());
    context
        .vertx()
        .executeBlocking(() -> write.apply(source), false)
        .onSuccess(page -> Responses.send(context, 200, type, page))
        .onFailure(context::fail);
  }

  static Buffer pretty(JsonObject json) {
    return Buffer.buffer(json.encodePrettily() + "\n");
  }

  private static void plan(RoutingContext context, PlanPage page) {
    if (page instanceof PlanPage.Ready ready) {
      var response = context.response().putHeader("ETag", ready.etag());
      if (matches(context.request().getHeader("If-None-Match"), ready.etag())) {
        response.setStatusCode(304).end().onFailure(gone -> {});
      } else {
        Responses.send(context, 200, "application/json; charset=utf-8", ready.json());
      }
    } else {
      later(context, ((PlanPage.NotYet) page).reason());
    }
  }

  /** As in RFC 9110 13.1.2: a list of tags, compared weakly. */
  private static boolean matches(@Nullable String header, String etag) {
    if (header == null) {
      return false;
    }
    for (var tag : header.split(",", 20)) {
      var bare = tag.strip();
      if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  static void later(RoutingContext context, String reason) {
    context.response().putHeader("Retry-After", "1");
    Responses.error(context, 503, reason);
  }

  private static JsonObject json(Inventory inventory, @Nullable String wanted, Instant now) {
    var parts = new LinkedHashSet<Resource<?>>(Resources.all());
    parts.addAll(inventory.resources());
    var json = new JsonObject();
    for (var part : parts) {
      if (wanted == null || wanted.equals(part.name())) {
        json.put(part.name(), json(inventory, part, now));
      }
    }
    return new JsonObject().put("at", now.toString()).put("parts", json);
  }

  private static JsonObject json(Inventory inventory, Resource<?> part, Instant now) {
    var known = inventory.snapshot(part);
    var json = new JsonObject().put("service", part.service()).put("meaning", part.meaning());
    if (known.at().isAfter(Instant.EPOCH)) {
      json.put("at", known.at().toString());
      json.put("age_seconds", now.getEpochSecond() - known.at().getEpochSecond());
    }
    if (!known.interval().isZero()) {
      json.put("every_seconds", known.interval().toSeconds());
    }
    known
        .unavailable()
        .ifPresent(
            lack ->
                json.put(
                    "lack",
                    new JsonObject()
                        .put("why", lack.reason().label())
                        .put("detail", lack.detail())));
    known
        .value()
        .ifPresent(
            value -> {
              var bounded = ModelJson.truncated(value, MAX_ELEMENTS);
              json.put("value", bounded.json());
              if (bounded.truncated()) {
                json.put("cut", true);
              }
            });
    return json;
  }
}
