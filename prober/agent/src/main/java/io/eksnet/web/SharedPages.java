package io.eksnet.web;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Renders pages in a worker thread, one at a time. Requests for the same page that arrive before
 * its render has ended share it, so the number of renders is bounded by the number of pages and not
 * by the number of clients. Used on the event loop of the server.
 */
final class SharedPages {
  private record Rendered(RenderedPage page, BodyMemory.Body body) {}

  private final WorkerExecutor worker;
  private final BodyMemory memory;
  private final Map<Object, Future<Rendered>> pending = new HashMap<>();

  /**
   * @param worker of one thread
   */
  SharedPages(WorkerExecutor worker, BodyMemory memory) {
    this.worker = worker;
    this.memory = memory;
  }

  /** Renders a page and sends it, compressed if the client accepts gzip. */
  void send(RoutingContext context, Object key, RenderedPage.Renderer renderer) {
    render(key, renderer)
        .onSuccess(rendered -> send(context, rendered))
        .onFailure(
            e -> Responses.error(context, 500, "rendering the page failed: " + e.getMessage()));
  }

  private Future<Rendered> render(Object key, RenderedPage.Renderer renderer) {
    var shared = pending.get(key);
    if (shared != null) {
      return shared;
    }
    var render =
        worker
            .executeBlocking(() -> RenderedPage.render(renderer), false)
            .map(page -> new Rendered(page, memory.body(page.compressedBytes())));
    pending.put(key, render);
    return render.onComplete(done -> pending.remove(key));
  }

  private static void send(RoutingContext context, Rendered rendered) {
    var page = rendered.page();
    var gzip = acceptsGzip(context.request().getHeader("Accept-Encoding"));
    var headers = context.response().headers();
    headers.set("Content-Type", page.contentType()).set("Vary", "Accept, Accept-Encoding");
    try {
      if (gzip) {
        headers.set("Content-Encoding", "gzip");
        BodyWriter.send(
            context,
            200,
            OptionalLong.of(page.compressedBytes()),
            rendered.body(),
            page.compressed());
      } else {
        BodyWriter.send(
            context, 200, OptionalLong.of(page.plainBytes()), rendered.body(), page.plain());
      }
    } catch (IOException e) {
      throw new IllegalStateException("a page in memory can be decompressed", e);
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
}
