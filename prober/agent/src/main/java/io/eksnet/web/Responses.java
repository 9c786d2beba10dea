package io.eksnet.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** The forms of an answer. */
public final class Responses {
  private Responses() {}

  public static void text(RoutingContext context, int status, String text) {
    send(context, status, "text/plain; charset=utf-8", Buffer.buffer(text));
  }

  public static void json(RoutingContext context, int status, JsonObject json) {
    var body = json.encodePrettily() + "\n";
    send(context, status, "application/json; charset=utf-8", Buffer.buffer(body));
  }

  /** For programs: on one line. */
  public static void compact(RoutingContext context, int status, JsonObject json) {
    send(context, status, "application/json; charset=utf-8", json.toBuffer());
  }

  /** In the form in which the asker reads. */
  public static void error(RoutingContext context, int status, String message) {
    if (wantsJson(context) || context.request().path().startsWith("/api/")) {
      json(context, status, new JsonObject().put("error", message));
    } else {
      text(context, status, message + "\n");
    }
  }

  /** The body is left out in an answer to HEAD, its length is not. */
  public static void send(RoutingContext context, int status, String contentType, Buffer body) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .putHeader("Content-Length", Integer.toString(body.length()));
    response.end(body).onFailure(Responses::asIfTheClientHadStayed);
  }

  public static boolean wantsJson(RoutingContext context) {
    var format = context.request().getParam("format");
    var accept = context.request().getHeader("Accept");
    return format != null
        ? format.equals("json")
        : accept != null && accept.toLowerCase(Locale.ROOT).contains("application/json");
  }

  /** A client that goes away before its answer is no trouble of ours. */
  private static void asIfTheClientHadStayed(Throwable gone) {}
}
