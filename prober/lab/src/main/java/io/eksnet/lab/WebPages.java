package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Responds to a request by its path, or by the fault of the server. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the connection.
final class WebPages extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String INDEX =
      """
      The lab's web server. Paths:
      /ok  /status/404  /delay/300  /echo  /body/TEXT  /headers?Name=Value  /large/1000000
      /gzip  /continue  /redirect/3  /redirect-loop  /redirect-to?url=URL&status=307
      /basic-auth/USER/PASSWORD  /endless  /drip?bytes=20&every=250  /stall  /stall-body
      /truncated  /close  /reset  /reset-body  /garbage  /bad-chunk  /huge-headers
      /grpc.health.v1.Health/Check  /grpc-health/2  /grpc-status/14
      """;
  private static final Duration ABORT_DELAY = Duration.ofMillis(50);

  private static final int SERVING = 1;

  private final FaultSwitch<WebFault> control;

  WebPages(FaultSwitch<WebFault> control) {
    this.control = control;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    var exchange = new WebExchange(context, request.method());
    var forced = control.fault().path();
    var uri = new QueryStringDecoder(request.uri());
    var path = forced.isEmpty() ? uri.path() : forced;
    var parts = path.substring(Math.min(1, path.length())).split("/", 2);
    try {
      respond(exchange, request, parts[0], parts.length > 1 ? parts[1] : "", first(uri));
    } catch (IllegalArgumentException e) {
      text(exchange, 400, "invalid path: " + e.getMessage() + "\n");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private void respond(
      WebExchange exchange,
      FullHttpRequest request,
      String page,
      String rest,
      Map<String, String> query) {
    switch (page) {
      case "" -> text(exchange, 200, INDEX);
      case "ok" -> text(exchange, 200, "ok\n");
      case "status" -> status(exchange, (int) number(rest, 200));
      case "delay" -> exchange.schedule(delay(rest), () -> text(exchange, 200, "ok\n"));
      case "echo" ->
          exchange.send(
              200,
              Map.of("content-type", "application/json"),
              RequestEcho.of(exchange, request).getBytes(UTF_8));
      case "body" -> text(exchange, 200, rest);
      case "headers" -> exchange.send(200, query, "ok\n".getBytes(UTF_8));
      case "large" -> large(exchange, number(rest, 1_000_000));
      case "gzip" -> exchange.send(200, Map.of("content-encoding", "gzip"), gzip("ok\n"));
      case "continue" -> {
        exchange.sendInformational(100);
        text(exchange, 200, "ok\n");
      }
      case "basic-auth" -> basic(exchange, request, rest);
      case "redirect" -> redirect(exchange, number(rest, 1));
      case "redirect-loop" -> sendRedirect(exchange, 302, "/redirect-loop");
      case "redirect-to" -> redirectTo(exchange, query);
      case "grpc.health.v1.Health" -> exchange.sendGrpc(0, health(SERVING));
      case "grpc-health" -> exchange.sendGrpc(0, health((int) number(rest, SERVING)));
      case "grpc-status" -> exchange.sendGrpc((int) number(rest, 0), health(SERVING));
      default -> respondFaulty(exchange, page, query);
    }
  }

  private static void respondFaulty(WebExchange exchange, String page, Map<String, String> query) {
    switch (page) {
      case "endless" -> {
        exchange.sendHeaders(Map.of());
        exchange.sendBody(Long.MAX_VALUE);
      }
      case "drip" -> drip(exchange, query);
      case "stall" -> {}
      case "stall-body" -> exchange.sendHeaders(Map.of("content-length", "1000"));
      case "truncated" -> {
        exchange.sendHeaders(Map.of("content-length", "1000"));
        exchange.sendPart("too short\n");
        exchange.schedule(ABORT_DELAY, exchange::close);
      }
      case "close" -> exchange.close();
      case "reset" -> exchange.reset();
      case "reset-body" -> {
        exchange.sendHeaders(Map.of("content-length", "1000"));
        exchange.sendPart("x".repeat(500));
        exchange.schedule(ABORT_DELAY, exchange::reset);
      }
      case "garbage" -> exchange.sendRawAndClose("\u0000\u0001 this is not HTTP at all\r\n\r\n");
      case "bad-chunk" ->
          exchange.sendRawAndClose(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n");
      case "huge-headers" -> exchange.send(200, Map.of("x-huge", "x".repeat(1 << 20)), new byte[0]);
      default -> text(exchange, 404, INDEX);
    }
  }

  /** A HealthCheckResponse with its length (grpc/health/v1/health.proto). */
  private static byte[] health(int status) {
    return new byte[] {0, 0, 0, 0, 2, 8, (byte) status};
  }

  private static void text(WebExchange exchange, int status, String text) {
    exchange.send(status, Map.of(), text.getBytes(UTF_8));
  }

  private static void status(WebExchange exchange, int code) {
    if (code < 200 || code > 999) {
      throw new IllegalArgumentException("status must be 200 to 999, not " + code);
    }
    var empty = code == 204 || code == 304;
    text(exchange, code, empty ? "" : code + "\n");
  }

  private static void large(WebExchange exchange, long length) {
    exchange.sendHeaders(Map.of("content-length", Long.toString(length)));
    exchange.sendBody(length);
  }

  private static void redirect(WebExchange exchange, long left) {
    if (left == 0) {
      text(exchange, 200, "ok\n");
    } else {
      sendRedirect(exchange, 302, "/redirect/" + (left - 1));
    }
  }

  private static void redirectTo(WebExchange exchange, Map<String, String> query) {
    var url = query.getOrDefault("url", "/ok");
    sendRedirect(exchange, (int) number(query.getOrDefault("status", ""), 302), url);
  }

  private static void sendRedirect(WebExchange exchange, int status, String location) {
    exchange.send(status, Map.of("location", location), new byte[0]);
  }

  private static void basic(WebExchange exchange, FullHttpRequest request, String user) {
    var wanted = user.replaceFirst("/", ":").getBytes(UTF_8);
    var given = request.headers().get("authorization", "");
    if (given.equals("Basic " + Base64.getEncoder().encodeToString(wanted))) {
      text(exchange, 200, "ok\n");
    } else {
      exchange.send(401, Map.of("www-authenticate", "Basic realm=\"lab\""), new byte[0]);
    }
  }

  private static void drip(WebExchange exchange, Map<String, String> query) {
    long bytes = number(query.getOrDefault("bytes", ""), 60);
    var every = Duration.ofMillis(number(query.getOrDefault("every", ""), 250));
    exchange.sendHeaders(Map.of("content-length", Long.toString(bytes)));
    sendByte(exchange, bytes, every);
  }

  private static void sendByte(WebExchange exchange, long left, Duration every) {
    if (left == 0) {
      exchange.end();
      return;
    }
    exchange.sendPart(".");
    exchange.schedule(every, () -> sendByte(exchange, left - 1, every));
  }

  private Duration delay(String millis) {
    return millis.isEmpty() ? control.delay() : Duration.ofMillis(number(millis, 0));
  }

  private static long number(String text, long fallback) {
    if (text.isEmpty()) {
      return fallback;
    }
    long number = Long.parseLong(text);
    if (number < 0) {
      throw new IllegalArgumentException("number must be 0 or more, not " + text);
    }
    return number;
  }

  private static Map<String, String> first(QueryStringDecoder uri) {
    var first = new TreeMap<String, String>();
    uri.parameters().forEach((name, values) -> first.put(name, lastOf(values)));
    return first;
  }

  private static String lastOf(List<String> values) {
    return values.get(values.size() - 1);
  }

  private static byte[] gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
