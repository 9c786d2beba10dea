package io.eksnet.probe.net;

import java.util.Arrays;
import java.util.List;

/** A version of TLS. */
public enum TlsVersion {
  TLS1_0("TLSv1"),
  TLS1_1("TLSv1.1"),
  TLS1_2("TLSv1.2"),
  TLS1_3("TLSv1.3");

  private final String protocol;

  TlsVersion(String protocol) {
    this.protocol = protocol;
  }

  /** This version and the newer ones up to {@code newest}, as the engines name them. */
  List<String> protocolsTo(TlsVersion newest) {
    return Arrays.stream(values())
        .filter(version -> compareTo(version) <= 0 && version.compareTo(newest) <= 0)
        .map(version -> version.protocol)
        .toList();
  }
}
