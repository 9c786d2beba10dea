package io.eksnet.probe.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/**
 * A request to send.
 *
 * @param authority the Host header
 * @param headers checked; with credentials only for the target's own origin
 * @param body empty: none
 */
record HttpRequestSpec(
    String method, Url url, String authority, Map<String, String> headers, String body) {
  boolean isHead() {
    return method.equals("HEAD");
  }

  /** The request as HTTP/1.1, which Netty translates to HTTP/2. */
  FullHttpRequest toNetty(ByteBufAllocator allocator) {
    var content = ByteBufUtil.writeUtf8(allocator, body);
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), url.path(), content);
    request.headers().set("Host", authority);
    headers.forEach(request.headers()::add);
    if (hasLength()) {
      request.headers().set("Content-Length", content.readableBytes());
    }
    // The server closes, so that the TIME_WAIT is its own.
    request.headers().set("Connection", "close");
    return request;
  }

  /** A method that means a body has a length even if it is empty (RFC 9110 section 8.6). */
  private boolean hasLength() {
    return !body.isEmpty()
        || method.equals("POST")
        || method.equals("PUT")
        || method.equals("PATCH");
  }
}
