package io.eksnet.model;

/**
 * Why a run failed: the closed vocabulary of the metric label {@code outcome}, beside {@code
 * success} and {@code not_run}.
 */
public enum Cause implements Labelled {
  /** An RST or an ICMP port-unreachable: the host answered, nothing listens there. */
  CONN_REFUSED("conn_refused", "the host answered that nothing listens there"),
  /** Silence until the deadline. */
  TIMEOUT("timeout", "no response before the timeout"),
  /** No route, or a local rule forbids to send (ENETUNREACH, EHOSTUNREACH, EACCES, EPERM). */
  UNREACHABLE("unreachable", "no route to the address, or a local rule forbids sending"),
  /** The peer closed or reset a connection that had been established. */
  RESET("reset", "the peer reset or closed an established connection"),
  /** The name does not exist (RFC 1035 rcode 3). */
  NXDOMAIN("nxdomain", "the name does not exist"),
  /** The server failed (RFC 1035 rcode 2). */
  SERVFAIL("servfail", "the name server failed"),
  /** The server refused to answer (RFC 1035 rcode 5). */
  REFUSED_RCODE("refused_rcode", "the name server refused to answer"),
  /** The name exists without a record of the type asked for (RFC 2308 section 2.2). */
  NODATA("nodata", "the name has no record of this type"),
  /** The UDP response was truncated and the retry over TCP failed. */
  TRUNCATED("truncated", "the response was truncated, and the retry over TCP failed"),
  /** An answer came and is not the expected one; also: a path that must be blocked is open. */
  WRONG_ANSWER("wrong_answer", "the response is not the expected one"),
  /** The peers found no common TLS, or the handshake was broken off. */
  TLS_HANDSHAKE("tls_handshake", "the TLS handshake failed"),
  /** The certificate chain leads to no trusted authority. */
  TLS_UNTRUSTED("tls_untrusted", "the certificate chain does not lead to a trusted authority"),
  /** The certificate is for other names (RFC 9525). */
  TLS_NAME("tls_name", "the certificate is for another name"),
  /** The certificate is past its end, or before its beginning. */
  TLS_EXPIRED("tls_expired", "the certificate is not valid at this time"),
  /** The peer demands a client certificate, or rejects the one it got (RFC 8446 section 4.4.2). */
  TLS_CLIENT_CERTIFICATE(
      "tls_client_certificate", "the server demands another or a first client certificate"),
  /** The status code is not among the expected ones. */
  HTTP_STATUS("http_status", "unexpected status code"),
  /** A body or header pattern did not match. */
  HTTP_BODY("http_body", "the body or a header does not match"),
  /** What came is not HTTP, or not the version asked for. */
  HTTP_PROTOCOL("http_protocol", "the response is not valid HTTP of the expected version"),
  /** The answer exceeds the configured bound. */
  TOO_LARGE("too_large", "the response exceeds the size limit"),
  /** More redirects than allowed. */
  REDIRECT_LIMIT("redirect_limit", "more redirects than allowed"),
  /** The server answered with a gRPC status other than OK. */
  GRPC_STATUS("grpc_status", "the gRPC status is not OK"),
  /** The health service answered, and not with SERVING. */
  GRPC_NOT_SERVING("grpc_not_serving", "the gRPC service reports that it is not serving"),
  /** The proxy cannot be reached, or refuses to connect; the target is not at fault. */
  PROXY_FAILED("proxy_failed", "the proxy cannot be reached or refuses the request"),
  /** The OAuth2 token endpoint issued no token; the target was not probed. */
  TOKEN_FAILED("token_failed", "the OAuth2 token endpoint issued no token");

  private final String label;
  private final String meaning;

  Cause(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** The value of the metric label {@code outcome}. */
  @Override
  public String label() {
    return label;
  }

  /** One clause for a reader of tables and pages. */
  public String meaning() {
    return meaning;
  }
}
