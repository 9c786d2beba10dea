package io.eksnet.probe.net;

import java.util.List;

/** The oldest version of TLS that is spoken. */
public enum TlsVersion {
  TLS1_2,
  TLS1_3;

  /** This version and the newer ones, as the engines name them. */
  List<String> protocols() {
    return this == TLS1_2 ? List.of("TLSv1.2", "TLSv1.3") : List.of("TLSv1.3");
  }
}
