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
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** Answers a request as its path says, or as the fault of the whole service says. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Closing is all that is wanted of a broken connection.
final class WebPages extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String INDEX =
      """
      the lab's web service; paths:
      /ok  /status/404  /delay/300  /echo  /body/TEXT  /headers?Name=Value  /large/1000000
      /gzip  /continue  /redirect/3  /redirect-loop  /redirect-to?url=URL&status=307
      /basic-auth/USER/PASSWORD  /endless  /drip?bytes=20&every=250  /stall  /stall-body
      /truncated  /close  /reset  /reset-body  /garbage  /bad-chunk  /huge-headers
      """;
  private static final Duration SOON = Duration.ofMillis(50);

  private final Switch<WebFault> control;
  private final AtomicLong requests;

  WebPages(Switch<WebFault> control, AtomicLong requests) {
    this.control = control;
    this.requests = requests;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    requests.incrementAndGet();
    var exchange = new Exchange(context, request.method());
    var forced = control.fault().path();
    var uri = new QueryStringDecoder(request.uri());
    var path = forced.isEmpty() ? uri.path() : forced;
    var parts = path.substring(Math.min(1, path.length())).split("/", 2);
    try {
      answer(exchange, request, parts[0], parts.length > 1 ? parts[1] : "", first(uri));
    } catch (IllegalArgumentException e) {
      text(exchange, 400, "not a path of the lab: " + e.getMessage() + "\n");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  private void answer(
      Exchange exchange,
      FullHttpRequest request,
      String page,
      String rest,
      Map<String, String> query) {
    switch (page) {
      case "" -> text(exchange, 200, INDEX);
      case "ok" -> text(exchange, 200, "ok\n");
      case "status" -> status(exchange, (int) number(rest, 200));
      case "delay" -> exchange.later(delay(rest), () -> text(exchange, 200, "ok\n"));
      case "echo" ->
          exchange.send(
              200,
              Map.of("content-type", "application/json"),
              Echo.of(exchange, request).getBytes(UTF_8));
      case "body" -> text(exchange, 200, rest);
      case "headers" -> exchange.send(200, query, "ok\n".getBytes(UTF_8));
      case "large" -> large(exchange, number(rest, 1_000_000));
      case "gzip" -> exchange.send(200, Map.of("content-encoding", "gzip"), gzip("ok\n"));
      case "continue" -> {
        exchange.interim(100);
        text(exchange, 200, "ok\n");
      }
      case "basic-auth" -> basic(exchange, request, rest);
      case "redirect" -> redirect(exchange, number(rest, 1));
      case "redirect-loop" -> to(exchange, 302, "/redirect-loop");
      case "redirect-to" -> redirectTo(exchange, query);
      default -> misbehave(exchange, page, query);
    }
  }

  private static void misbehave(Exchange exchange, String page, Map<String, String> query) {
    switch (page) {
      case "endless" -> {
        exchange.begin(Map.of());
        exchange.pour(new Flood(Long.MAX_VALUE));
      }
      case "drip" -> drip(exchange, query);
      case "stall" -> {}
      case "stall-body" -> exchange.begin(Map.of("content-length", "1000"));
      case "truncated" -> {
        exchange.begin(Map.of("content-length", "1000"));
        exchange.part("too short\n");
        exchange.later(SOON, exchange::close);
      }
      case "close" -> exchange.close();
      case "reset" -> exchange.reset();
      case "reset-body" -> {
        exchange.begin(Map.of("content-length", "1000"));
        exchange.part("x".repeat(500));
        exchange.later(SOON, exchange::reset);
      }
      case "garbage" -> exchange.sayAndClose("\u0000\u0001 this is not HTTP at all\r\n\r\n");
      case "bad-chunk" ->
          exchange.sayAndClose(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n");
      case "huge-headers" -> exchange.send(200, Map.of("x-huge", "x".repeat(1 << 20)), new byte[0]);
      default -> text(exchange, 404, INDEX);
    }
  }

  private static void text(Exchange exchange, int status, String text) {
    exchange.send(status, Map.of(), text.getBytes(UTF_8));
  }

  private static void status(Exchange exchange, int code) {
    if (code < 200 || code > 999) {
      throw new IllegalArgumentException("a status is 200 to 999, not " + code);
    }
    var empty = code == 204 || code == 304;
    text(exchange, code, empty ? "" : code + "\n");
  }

  private static void large(Exchange exchange, long length) {
    exchange.begin(Map.of("content-length", Long.toString(length)));
    exchange.pour(new Flood(length));
  }

  private static void redirect(Exchange exchange, long left) {
    if (left == 0) {
      text(exchange, 200, "ok\n");
    } else {
      to(exchange, 302, "/redirect/" + (left - 1));
    }
  }

  private static void redirectTo(Exchange exchange, Map<String, String> query) {
    var url = query.getOrDefault("url", "/ok");
    to(exchange, (int) number(query.getOrDefault("status", ""), 302), url);
  }

  private static void to(Exchange exchange, int status, String location) {
    exchange.send(status, Map.of("location", location), new byte[0]);
  }

  private static void basic(Exchange exchange, FullHttpRequest request, String user) {
    var wanted = user.replaceFirst("/", ":").getBytes(UTF_8);
    var given = request.headers().get("authorization", "");
    if (given.equals("Basic " + Base64.getEncoder().encodeToString(wanted))) {
      text(exchange, 200, "ok\n");
    } else {
      exchange.send(401, Map.of("www-authenticate", "Basic realm=\"lab\""), new byte[0]);
    }
  }

  private static void drip(Exchange exchange, Map<String, String> query) {
    long bytes = number(query.getOrDefault("bytes", ""), 60);
    var every = Duration.ofMillis(number(query.getOrDefault("every", ""), 250));
    exchange.begin(Map.of("content-length", Long.toString(bytes)));
    drop(exchange, bytes, every);
  }

  private static void drop(Exchange exchange, long left, Duration every) {
    if (left == 0) {
      exchange.end();
      return;
    }
    exchange.part(".");
    exchange.later(every, () -> drop(exchange, left - 1, every));
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
      throw new IllegalArgumentException("a number is 0 or more, not " + text);
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
