package io.eksnet.probe.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request.
 *
 * @param authority the Host header
 * @param headers the plain ones and, for the target's own origin, the secret ones; checked
 * @param body empty: none
 */
record Ask(String method, Url url, String authority, Map<String, String> headers, String body) {
  boolean isHead() {
    return method.equals("HEAD");
  }

  /** As HTTP/1.1 (RFC 9112); asks the server to close, so that the TIME_WAIT is its own. */
  ByteBuf http1(ByteBufAllocator allocator) {
    var head = new StringBuilder(256);
    head.append(method).append(' ').append(url.path()).append(" HTTP/1.1\r\n");
    line(head, "Host", authority);
    headers.forEach((name, value) -> line(head, name, value));
    if (hasLength()) {
      line(head, "Content-Length", Integer.toString(ByteBufUtil.utf8Bytes(body)));
    }
    line(head, "Connection", "close");
    head.append("\r\n");
    var bytes = allocator.buffer(head.length() + ByteBufUtil.utf8MaxBytes(body));
    bytes.writeCharSequence(head, StandardCharsets.ISO_8859_1);
    ByteBufUtil.writeUtf8(bytes, body);
    return bytes;
  }

  /** As the header section of HTTP/2 (RFC 9113 section 8.3.1), names in lower case. */
  Http2Headers http2() {
    var fields = new DefaultHttp2Headers(true, 16);
    fields.method(method).scheme(url.origin().scheme()).authority(authority).path(url.path());
    headers.forEach((name, value) -> fields.add(Headers.lower(name), value));
    if (hasLength()) {
      fields.add("content-length", Integer.toString(ByteBufUtil.utf8Bytes(body)));
    }
    return fields;
  }

  ByteBuf content() {
    return Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
  }

  /** A method that means a body says so even if it is empty (RFC 9110 section 8.6). */
  private boolean hasLength() {
    return !body.isEmpty()
        || method.equals("POST")
        || method.equals("PUT")
        || method.equals("PATCH");
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
