package io.eksnet.lab;

/** The faults of a web service; those of TLS are switches of an HTTPS service only. */
public enum WebFault implements Fault {
  NONE("answers by path", ""),
  REFUSE("the port is closed: RST"),
  DROP("SYNs are dropped without an answer"),
  ACCEPT_RESET("accepts, then RST"),
  ACCEPT_CLOSE("accepts, then FIN"),
  ACCEPT_STALL("accepts, and never says a word"),
  NOT_FOUND("404 for everything", "/status/404"),
  ERROR("500 for everything", "/status/500"),
  UNAVAILABLE("503 for everything", "/status/503"),
  DELAY("answers late", "/delay"),
  WRONG_BODY("200 with another body", "/body/not what you came for"),
  STALL("takes the request, and never answers", "/stall"),
  STALL_BODY("headers, and never a body", "/stall-body"),
  DRIP("a body of one byte at a time", "/drip"),
  ENDLESS("a body without end", "/endless"),
  TRUNCATED("less body than Content-Length says, then the connection closes", "/truncated"),
  CLOSE("takes the request, then FIN", "/close"),
  RESET("takes the request, then RST", "/reset"),
  RESET_BODY("headers and half a body, then RST", "/reset-body"),
  GARBAGE("bytes that are not HTTP", "/garbage"),
  BAD_CHUNK("a chunk whose size is no number", "/bad-chunk"),
  HUGE_HEADERS("a megabyte of headers", "/huge-headers"),
  REDIRECT_LOOP("a redirect to itself", "/redirect-loop"),
  TLS_UNTRUSTED("a certificate of an unknown authority"),
  TLS_SELF_SIGNED("a certificate that signed itself"),
  TLS_MISSING_INTERMEDIATE("a good certificate without the authority in between"),
  TLS_EXPIRED("a certificate that ended yesterday"),
  TLS_NOT_YET_VALID("a certificate that begins tomorrow"),
  TLS_WRONG_NAME("a certificate for wrong.invalid"),
  TLS_CLIENT_CERTIFICATE("demands a client certificate of the lab's authority"),
  TLS_1_2_ONLY("speaks TLS 1.2 and nothing newer"),
  TLS_GARBAGE("plain text where a handshake should be"),
  TLS_STALL("takes the ClientHello, and never answers"),
  TLS_RESET("RST at the ClientHello");

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

  /** The path that behaves like this fault on a healthy service; empty where there is none. */
  public String path() {
    return path;
  }

  boolean isTls() {
    return name().startsWith("TLS_");
  }
}
