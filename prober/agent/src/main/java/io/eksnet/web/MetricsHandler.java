package io.eksnet.web;

import io.eksnet.metrics.ExpositionFormat;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics}: rendered and compressed on a worker, one render at a time. Concurrent requests
 * for the same format share a render, so that at most six are pending.
 */
final class MetricsHandler {
  /** Level 1 compresses metrics almost as well as the default at a third of the CPU time. */
  private static final int GZIP_LEVEL = 1;

  private static final int GZIP_BUFFER_BYTES = 8_192;
  private static final int INITIAL_BYTES = 65_536;

  private record Variant(ExpositionFormat format, boolean gzip) {}

  private record Rendered(String contentType, Buffer body) {}

  private final EndpointDependencies.MetricsWriter metrics;
  private final WorkerExecutor worker;
  private final Map<Variant, Future<Rendered>> pending = new HashMap<>();

  MetricsHandler(EndpointDependencies.MetricsWriter metrics, WorkerExecutor worker) {
    this.metrics = metrics;
    this.worker = worker;
  }

  void handle(RoutingContext context) {
    var request = context.request();
    var variant =
        new Variant(
            ExpositionFormat.accepted(request.getHeader("Accept")),
            acceptsGzip(request.getHeader("Accept-Encoding")));
    render(variant)
        .onSuccess(
            rendered -> {
              context.response().putHeader("Vary", "Accept, Accept-Encoding");
              if (variant.gzip()) {
                context.response().putHeader("Content-Encoding", "gzip");
              }
              Responses.send(context, 200, rendered.contentType(), rendered.body());
            })
        .onFailure(
            e -> Responses.error(context, 500, "rendering metrics failed: " + e.getMessage()));
  }

  private Future<Rendered> render(Variant variant) {
    var shared = pending.get(variant);
    if (shared != null) {
      return shared;
    }
    Future<Rendered> render = worker.executeBlocking(() -> write(variant), true);
    pending.put(variant, render);
    return render.onComplete(done -> pending.remove(variant));
  }

  private Rendered write(Variant variant) throws IOException {
    var body = Buffer.buffer(INITIAL_BYTES);
    try (var out = variant.gzip() ? new FastGzip(new BufferOutput(body)) : new BufferOutput(body)) {
      return new Rendered(metrics.write(variant.format().contentType(), out), body);
    }
  }

  /** Whether gzip is among the accepted codings (RFC 9110 section 12.5.3). */
  static boolean acceptsGzip(@Nullable String acceptEncoding) {
    return acceptEncoding != null
        && Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1))
            .map(coding -> coding.replaceAll("\\s", ""))
            .anyMatch(
                coding ->
                    coding.equals("gzip")
                        || (coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?")));
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, GZIP_BUFFER_BYTES);
      def.setLevel(GZIP_LEVEL);
    }
  }

  private static final class BufferOutput extends OutputStream {
    private final Buffer buffer;

    BufferOutput(Buffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int b) {
      buffer.appendByte((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.appendBytes(bytes, offset, length);
    }
  }
}
