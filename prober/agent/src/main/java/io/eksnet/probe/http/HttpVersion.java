package io.eksnet.probe.http;

import java.util.List;

/** Which HTTP is spoken. */
public enum HttpVersion {
  /** What the server prefers of HTTP/2 and HTTP/1.1 with TLS, HTTP/1.1 without. */
  AUTO,
  /** HTTP/1.1. */
  HTTP1,
  /** HTTP/2, without TLS by prior knowledge (RFC 9113 section 3.3). */
  HTTP2;

  /** What is offered in the TLS handshake (RFC 7301). */
  List<String> alpn() {
    return switch (this) {
      case AUTO -> List.of("h2", "http/1.1");
      case HTTP1 -> List.of("http/1.1");
      case HTTP2 -> List.of("h2");
    };
  }
}
