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
 * {@code /api/v1/live}: the sections of the status page as server-sent events. All subscribers
 * share one rendering per second; without subscribers nothing is rendered. Used on the event loop
 * of the server.
 */
final class LiveStream {
  static final int MAX_SUBSCRIBERS = 32;

  /** Also of this host, to which a port-forward delivers its browsers. */
  static final int MAX_SUBSCRIBERS_PER_HOST = 12;

  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
  private static final long RENDER_INTERVAL_MILLIS = 1_000;

  private final Vertx vertx;
  private final Supplier<ClusterView> view;
  private final ConnectionLimiter connections;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private boolean rendering;
  private boolean closed;
  private long timer = -1;

  LiveStream(Vertx vertx, Supplier<ClusterView> view, ConnectionLimiter connections) {
    this.vertx = vertx;
    this.view = view;
    this.connections = connections;
  }

  void handle(RoutingContext context) {
    var host = context.request().remoteAddress().hostAddress();
    var ofHost = subscribers.stream().filter(other -> other.host.equals(host)).count();
    if (closed || subscribers.size() >= MAX_SUBSCRIBERS || ofHost >= MAX_SUBSCRIBERS_PER_HOST) {
      context.response().putHeader("Retry-After", "10");
      Responses.error(context, 503, "too many subscribers; the status page is at /");
      return;
    }
    var response = context.response();
    var subscriber = new Subscriber(host, response);
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("X-Accel-Buffering", "no");
    context.addEndHandler(gone -> remove(subscriber));
    subscribers.add(subscriber);
    connections.allowUnlimitedResponse(context);
    var first = new StringBuilder("retry: 3000\n");
    appendEvent(first, "build", ClusterPage.build());
    subscriber.write(first.toString());
    if (timer < 0) {
      timer = vertx.setPeriodic(RENDER_INTERVAL_MILLIS, id -> render());
      render();
    }
  }

  /** Ends all streams and rejects new ones. */
  void close() {
    closed = true;
    for (var subscriber : List.copyOf(subscribers)) {
      subscriber.response.end().onFailure(gone -> {});
      remove(subscriber);
    }
  }

  private void remove(Subscriber subscriber) {
    subscribers.remove(subscriber);
    if (subscribers.isEmpty() && timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private void render() {
    if (rendering) {
      return;
    }
    rendering = true;
    vertx
        .executeBlocking(() -> Rendering.of(view.get()), false)
        .onSuccess(
            rendering -> List.copyOf(subscribers).forEach(subscriber -> subscriber.send(rendering)))
        .onFailure(e -> log.atError().setCause(e).log("status page not rendered"))
        .onComplete(done -> rendering = false);
  }

  /** Every line of the data is a field of its own, because a line break ends a field. */
  private static void appendEvent(StringBuilder events, String name, String data) {
    events.append("event: ").append(name).append('\n');
    data.lines().forEach(line -> events.append("data: ").append(line).append('\n'));
    events.append('\n');
  }

  /**
   * The page at one time.
   *
   * @param sections the HTML of each section, by its id
   */
  private record Rendering(Map<String, String> sections, String clock) {
    static Rendering of(ClusterView view) {
      return new Rendering(ClusterPage.sections(view), ClusterPage.clock(view));
    }
  }

  private static final class Subscriber {
    private final String host;
    private final HttpServerResponse response;
    private Map<String, String> sent = Map.of();

    Subscriber(String host, HttpServerResponse response) {
      this.host = host;
      this.response = response;
    }

    /** Sends what changed; a slow client skips renderings. */
    void send(Rendering rendering) {
      if (response.ended() || response.closed() || response.writeQueueFull()) {
        return;
      }
      var events = new StringBuilder();
      rendering
          .sections()
          .forEach(
              (id, html) -> {
                if (!html.equals(sent.get(id))) {
                  appendEvent(events, "section", html);
                }
              });
      appendEvent(events, "clock", rendering.clock());
      sent = rendering.sections();
      write(events.toString());
    }

    private void write(String events) {
      response.write(events).onFailure(gone -> {});
    }
  }
}
