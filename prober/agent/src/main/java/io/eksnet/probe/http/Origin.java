package io.eksnet.probe.http;

import io.eksnet.probe.net.HostPort;

/** Scheme, host and port (RFC 6454): what credentials are bound to. */
record Origin(boolean secure, String host, int port) {
  /** The host with brackets if it needs them, and the port if it is not the scheme's own. */
  String authority() {
    var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == defaultPort(secure) ? name : name + ":" + port;
  }

  String scheme() {
    return secure ? "https" : "http";
  }

  static int defaultPort(boolean secure) {
    return secure ? 443 : 80;
  }

  /** From the part of a URL between the slashes. */
  static Origin of(boolean secure, String authority) {
    var place = HostPort.parse(authority);
    return new Origin(secure, place.host(), place.portOr(defaultPort(secure)));
  }

  @Override
  public String toString() {
    return scheme() + "://" + authority();
  }
}
