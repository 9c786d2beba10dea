package io.eksnet.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a response body in slices as the client reads them, so that a client that does not read
 * holds one slice in the socket and not a copy of the body. The connection of a client that reads
 * nothing for {@link #STALL_TIMEOUT} is closed. Used on the event loop of the server.
 */
final class BodyWriter {
  static final int SLICE_BYTES = 16_384;
  static final Duration STALL_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(BodyWriter.class);

  /** The source of a body. */
  @FunctionalInterface
  interface Slices {
    /** About {@link #SLICE_BYTES} bytes, or null at the end; must not block. */
    @Nullable Buffer next() throws IOException;
  }

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final Slices slices;
  private final BodyMemory.Body body;
  private final Runnable close;
  private long stallTimer = -1;
  private boolean ended;

  private BodyWriter(RoutingContext context, Slices slices, BodyMemory.Body body) {
    vertx = context.vertx();
    response = context.response();
    this.slices = slices;
    this.body = body;
    var connection = context.request().connection();
    close = () -> ConnectionLimiter.close(connection);
  }

  /**
   * Sends status, headers and body; a response to HEAD has the length but no body.
   *
   * @param length of the body in bytes, if known; else the response is chunked
   * @param body counts the memory that {@code slices} holds
   */
  static void send(
      RoutingContext context,
      int status,
      OptionalLong length,
      BodyMemory.Body body,
      Slices slices) {
    var response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    if (length.isPresent()) {
      response.putHeader("Content-Length", Long.toString(length.getAsLong()));
    } else {
      response.setChunked(true);
    }
    if (context.request().method().name().equals("HEAD")) {
      response.end().onFailure(clientGone -> {});
    } else {
      new BodyWriter(context, slices, body).start(context);
    }
  }

  private void start(RoutingContext context) {
    context.addEndHandler(done -> end());
    body.addReader(close);
    response.setWriteQueueMaxSize(2 * SLICE_BYTES);
    response.drainHandler(drained -> write());
    write();
  }

  private void write() {
    vertx.cancelTimer(stallTimer);
    while (!ended && !response.writeQueueFull()) {
      var slice = next();
      if (ended) {
        return;
      }
      if (slice == null) {
        end();
        response.end().onFailure(clientGone -> {});
        return;
      }
      response.write(slice).onFailure(clientGone -> end());
    }
    if (!ended) {
      stallTimer = vertx.setTimer(STALL_TIMEOUT.toMillis(), id -> close.run());
    }
  }

  /** A body that cannot be completed must not look complete, so the connection is closed. */
  private @Nullable Buffer next() {
    try {
      return slices.next();
    } catch (IOException | RuntimeException e) {
      log.atError().setCause(e).log("response body cannot be completed");
      end();
      close.run();
      return null;
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      vertx.cancelTimer(stallTimer);
      body.removeReader(close);
    }
  }
}
