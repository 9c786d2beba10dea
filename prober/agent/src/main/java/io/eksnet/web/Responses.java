package io.eksnet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends responses. */
public final class Responses {
  private Responses() {}

  public static void text(RoutingContext context, int status, String text) {
    send(context, status, "text/plain; charset=utf-8", Buffer.buffer(text));
  }

  public static void json(RoutingContext context, int status, JsonObject json) {
    var body = json.encodePrettily() + "\n";
    send(context, status, "application/json; charset=utf-8", Buffer.buffer(body));
  }

  /** On one line, for programs. */
  public static void compact(RoutingContext context, int status, JsonObject json) {
    send(context, status, "application/json; charset=utf-8", json.toBuffer());
  }

  /** As JSON for API paths and for clients that prefer it, else as text. */
  public static void error(RoutingContext context, int status, String message) {
    if (wantsJson(context) || context.request().path().startsWith("/api/")) {
      json(context, status, new JsonObject().put("error", message));
    } else {
      text(context, status, message + "\n");
    }
  }

  /** A response to HEAD has the length but no body. */
  public static void send(RoutingContext context, int status, String contentType, Buffer body) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("Content-Type", contentType);
    if (body.length() <= BodyWriter.SLICE_BYTES) {
      response
          .setStatusCode(status)
          .putHeader("Content-Length", Integer.toString(body.length()))
          .end(body)
          .onFailure(clientGone -> {});
    } else {
      BodyWriter.send(
          context,
          status,
          OptionalLong.of(body.length()),
          BodyMemory.of(context).body(body.length()),
          slices(body));
    }
  }

  /** A JSON object with a list that is encoded while it is sent. */
  static void jsonList(
      RoutingContext context, JsonObject others, String member, Iterator<JsonObject> elements) {
    context.response().putHeader("Content-Type", "application/json; charset=utf-8");
    BodyWriter.send(
        context,
        200,
        OptionalLong.empty(),
        BodyMemory.of(context).body(0),
        new JsonListBody(others, member, elements));
  }

  private static BodyWriter.Slices slices(Buffer body) {
    var sent = new AtomicInteger();
    return () -> {
      var from = sent.get();
      var to = Math.min(body.length(), from + BodyWriter.SLICE_BYTES);
      sent.set(to);
      return from == to ? null : body.slice(from, to);
    };
  }

  public static boolean wantsJson(RoutingContext context) {
    var format = context.request().getParam("format");
    var accept = context.request().getHeader("Accept");
    return format != null
        ? format.equals("json")
        : accept != null && accept.toLowerCase(Locale.ROOT).contains("application/json");
  }
}
