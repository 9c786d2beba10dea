package io.eksnet.probe.http;

import io.eksnet.model.HostPort;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A request to send.
 *
 * @param authority the Host header
 * @param headers checked, in the order in which they are sent; with credentials only for the
 *     target's own origin
 * @param body empty: none
 * @param absolute whether the request target is the whole URL, as for a proxy (RFC 9112 section
 *     3.2.2)
 */
record HttpRequestSpec(
    String method,
    Url url,
    String authority,
    Map<String, String> headers,
    ByteBuffer body,
    boolean absolute) {
  static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** A request to a proxy for a tunnel to the host and port of {@code url}. */
  static HttpRequestSpec connect(Url url, Map<String, String> headers) {
    var place = new HostPort(url.host(), url.port()).toString();
    return new HttpRequestSpec("CONNECT", url, place, headers, NO_BODY, false);
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  private boolean isConnect() {
    return method.equals("CONNECT");
  }

  boolean hasBody() {
    return body.hasRemaining();
  }

  /** The request as HTTP/1.1, which Netty translates to HTTP/2. */
  FullHttpRequest toNetty() {
    var target = isConnect() ? authority : absolute ? url.origin() + url.path() : url.path();
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(method),
            target,
            Unpooled.wrappedBuffer(body.duplicate()));
    request.headers().set("Host", authority);
    headers.forEach(request.headers()::add);
    if (hasLength()) {
      request.headers().set("Content-Length", body.remaining());
    }
    if (!isConnect()) {
      // The server closes, so that the TIME_WAIT is its own.
      request.headers().set("Connection", "close");
    }
    return request;
  }

  /** A method that means a body has a length even if it is empty (RFC 9110 section 8.6). */
  private boolean hasLength() {
    return hasBody() || method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }
}
