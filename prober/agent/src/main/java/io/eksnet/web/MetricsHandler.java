package io.eksnet.web;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}: written and compressed on a worker, one page at a time; who asks for a page
 * that is being written gets the same one.
 */
final class MetricsHandler {
  /** Prometheus reads a page compressed at level 1 as gladly, and it costs a third. */
  private static final int FAST = 1;

  private record Wish(@Nullable String accept, boolean gzip) {}

  private record Page(String contentType, Buffer body) {}

  private final EndpointDependencies.MetricsPage metrics;
  private final WorkerExecutor worker;
  private final Map<Wish, Future<Page>> underWay = new HashMap<>();

  MetricsHandler(EndpointDependencies.MetricsPage metrics, WorkerExecutor worker) {
    this.metrics = metrics;
    this.worker = worker;
  }

  void handle(RoutingContext context) {
    var request = context.request();
    var wish =
        new Wish(request.getHeader("Accept"), takesGzip(request.getHeader("Accept-Encoding")));
    page(wish)
        .onSuccess(
            page -> {
              context.response().putHeader("Vary", "Accept, Accept-Encoding");
              if (wish.gzip()) {
                context.response().putHeader("Content-Encoding", "gzip");
              }
              Responses.send(context, 200, page.contentType(), page.body());
            })
        .onFailure(
            e ->
                Responses.error(
                    context, 500, "the metrics could not be written: " + e.getMessage()));
  }

  private Future<Page> page(Wish wish) {
    var already = underWay.get(wish);
    if (already != null) {
      return already;
    }
    Future<Page> page = worker.executeBlocking(() -> write(wish), true);
    underWay.put(wish, page);
    return page.onComplete(done -> underWay.remove(wish));
  }

  private Page write(Wish wish) throws IOException {
    var bytes = new Bytes();
    String contentType;
    if (wish.gzip()) {
      try (var gzip = new FastGzip(bytes)) {
        contentType = metrics.write(wish.accept(), gzip);
      }
    } else {
      contentType = metrics.write(wish.accept(), bytes);
    }
    return new Page(contentType, bytes.buffer());
  }

  /** Whether gzip is among the accepted codings (RFC 9110 section 12.5.3). */
  static boolean takesGzip(@Nullable String acceptEncoding) {
    return acceptEncoding != null
        && Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1))
            .map(coding -> coding.replaceAll("\\s", ""))
            .anyMatch(
                coding ->
                    coding.equals("gzip")
                        || (coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?")));
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream to) throws IOException {
      super(to, 8192);
      def.setLevel(FAST);
    }
  }

  /** Gives its array away instead of a copy. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes() {
      super(65_536);
    }

    Buffer buffer() {
      return BufferInternal.buffer(Unpooled.wrappedBuffer(buf, 0, count));
    }
  }
}
