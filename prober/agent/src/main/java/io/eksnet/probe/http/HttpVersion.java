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

  /** The versions that responses have, oldest first. */
  static final List<String> RESPONSES = List.of("HTTP/1.0", "HTTP/1.1", "HTTP/2.0");

  /** Whether a response to a request of this version can have a version of {@link #RESPONSES}. */
  boolean canYield(String response) {
    return switch (this) {
      case AUTO -> true;
      case HTTP1 -> response.startsWith("HTTP/1.");
      case HTTP2 -> response.startsWith("HTTP/2.");
    };
  }

  /** What is offered in the TLS handshake (RFC 7301). */
  List<String> alpn() {
    return switch (this) {
      case AUTO -> List.of("h2", "http/1.1");
      case HTTP1 -> List.of("http/1.1");
      case HTTP2 -> List.of("h2");
    };
  }
}
