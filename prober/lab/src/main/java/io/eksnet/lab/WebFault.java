package io.eksnet.lab;

/** Faults of a web server; only HTTPS servers have TLS faults. */
public enum WebFault implements Fault {
  NONE("responds by path", ""),
  REFUSE("the port is closed: RST"),
  DROP("SYNs are dropped"),
  ACCEPT_RESET("accepts, then RST"),
  ACCEPT_CLOSE("accepts, then FIN"),
  ACCEPT_STALL("accepts, then sends nothing"),
  NOT_FOUND("404 for everything", "/status/404"),
  ERROR("500 for everything", "/status/500"),
  UNAVAILABLE("503 for everything", "/status/503"),
  DELAY("responds with a delay", "/delay"),
  WRONG_BODY("200 with another body", "/body/not what you came for"),
  STALL("reads the request, then sends nothing", "/stall"),
  STALL_BODY("headers without a body", "/stall-body"),
  DRIP("a body, one byte at a time", "/drip"),
  ENDLESS("a body without end", "/endless"),
  TRUNCATED("a body shorter than Content-Length, then FIN", "/truncated"),
  CLOSE("reads the request, then FIN", "/close"),
  RESET("reads the request, then RST", "/reset"),
  RESET_BODY("headers and half a body, then RST", "/reset-body"),
  GARBAGE("bytes that are not HTTP", "/garbage"),
  BAD_CHUNK("a chunk with an invalid size", "/bad-chunk"),
  HUGE_HEADERS("a megabyte of headers", "/huge-headers"),
  REDIRECT_LOOP("a redirect to itself", "/redirect-loop"),
  GRPC_UNAVAILABLE("gRPC status 14 in the trailers", "/grpc-status/14"),
  GRPC_NOT_SERVING("a gRPC health service that reports NOT_SERVING", "/grpc-health/2"),
  TLS_UNTRUSTED("a certificate of an unknown CA"),
  TLS_SELF_SIGNED("a self-signed certificate"),
  TLS_MISSING_INTERMEDIATE("a chain without the intermediate CA"),
  TLS_EXPIRED("a certificate that expired yesterday"),
  TLS_NOT_YET_VALID("a certificate that is valid from tomorrow"),
  TLS_WRONG_NAME("a certificate for wrong.invalid"),
  TLS_CLIENT_CERTIFICATE("requires a client certificate of the lab's CA"),
  TLS_1_2_ONLY("TLS 1.2 only"),
  TLS_GARBAGE("plain text instead of a handshake"),
  TLS_STALL("reads the ClientHello, then sends nothing"),
  TLS_RESET("RST after the ClientHello");

  private final String meaning;
  private final String path;

  WebFault(String meaning) {
    this(meaning, "");
  }

  WebFault(String meaning, String path) {
    this.meaning = meaning;
    this.path = path;
  }

  @Override
  public String meaning() {
    return meaning;
  }

  /** The path with this behavior on a healthy server, or empty. */
  public String path() {
    return path;
  }

  boolean isTls() {
    return name().startsWith("TLS_");
  }
}
