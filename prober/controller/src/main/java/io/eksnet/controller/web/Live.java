package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterPage;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.web.ConnectionLimiter;
import io.eksnet.web.Responses;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/v1/live}: the changing parts of the status page as server-sent events. All listeners
 * share one drawing, and nothing is drawn while there are none. Lives on the event loop of the
 * server.
 */
final class Live {
  static final int MOST_LISTENERS = 32;

  private static final Logger LOG = LoggerFactory.getLogger(Live.class);
  private static final long BEAT_MILLIS = 1_000;

  private final Vertx vertx;
  private final Supplier<ClusterView> view;
  private final ConnectionLimiter visitors;
  private final List<Listener> listeners = new ArrayList<>();
  private boolean drawing;
  private boolean closed;
  private long timer = -1;

  Live(Vertx vertx, Supplier<ClusterView> view, ConnectionLimiter visitors) {
    this.vertx = vertx;
    this.view = view;
    this.visitors = visitors;
  }

  /** Who listens, and what it was sent. */
  private static final class Listener {
    private final HttpServerResponse response;
    private Map<String, String> has = Map.of();

    Listener(HttpServerResponse response) {
      this.response = response;
    }

    /** One that cannot keep up is told the latest when it can. */
    void tell(Map<String, String> sections, String clock) {
      if (response.ended() || response.closed() || response.writeQueueFull()) {
        return;
      }
      var events = new StringBuilder();
      sections.forEach(
          (id, html) -> {
            if (!html.equals(has.get(id))) {
              event(events, "section", html);
            }
          });
      event(events, "beat", clock);
      has = sections;
      write(events.toString());
    }

    private void write(String events) {
      response.write(events).onFailure(gone -> {});
    }
  }

  void handle(RoutingContext context) {
    if (closed || listeners.size() >= MOST_LISTENERS) {
      context.response().putHeader("Retry-After", "10");
      Responses.error(context, 503, "too many are listening already; the page itself is at /");
      return;
    }
    var response = context.response();
    var listener = new Listener(response);
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("X-Accel-Buffering", "no")
        .closeHandler(gone -> leave(listener));
    response.exceptionHandler(gone -> leave(listener));
    listeners.add(listener);
    visitors.settle(context);
    var hello = new StringBuilder("retry: 3000\n");
    event(hello, "build", ClusterPage.build());
    listener.write(hello.toString());
    if (timer < 0) {
      timer = vertx.setPeriodic(BEAT_MILLIS, id -> beat());
      beat();
    }
  }

  int listening() {
    return listeners.size();
  }

  /** Ends all streams, and takes no new ones. */
  void close() {
    closed = true;
    for (var listener : List.copyOf(listeners)) {
      listener.response.end().onFailure(gone -> {});
      leave(listener);
    }
  }

  private void leave(Listener listener) {
    listeners.remove(listener);
    if (listeners.isEmpty() && timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private void beat() {
    if (drawing) {
      return;
    }
    drawing = true;
    var now = view.get();
    vertx
        .executeBlocking(() -> ClusterPage.sections(now), false)
        .onSuccess(sections -> tell(sections, ClusterPage.clock(now)))
        .onFailure(e -> LOG.atError().setCause(e).log("status page not drawn"))
        .onComplete(done -> drawing = false);
  }

  private void tell(Map<String, String> sections, String clock) {
    List.copyOf(listeners).forEach(listener -> listener.tell(sections, clock));
  }

  /** A line break of any kind would end the field. */
  private static void event(StringBuilder events, String name, String data) {
    events.append("event: ").append(name).append('\n');
    data.lines().forEach(line -> events.append("data: ").append(line).append('\n'));
    events.append('\n');
  }
}
