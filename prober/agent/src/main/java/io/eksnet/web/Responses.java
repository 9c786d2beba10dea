package io.eksnet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

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
    response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .putHeader("Content-Length", Integer.toString(body.length()));
    response.end(body).onFailure(clientGone -> {});
  }

  public static boolean wantsJson(RoutingContext context) {
    var format = context.request().getParam("format");
    var accept = context.request().getHeader("Accept");
    return format != null
        ? format.equals("json")
        : accept != null && accept.toLowerCase(Locale.ROOT).contains("application/json");
  }
}
