package io.eksnet.probe.net;

import io.netty.handler.ssl.SslContext;

/**
 * All that handshakes of one set of settings share, with the content of the files.
 *
 * @param verify whether a problem with chain or name fails the run
 */
public record TlsContext(SslContext ssl, CertificateVerifier verifier, boolean verify) {
  /** A handshake with {@code serverName}, a name or an address literal. */
  public Handshake handshake(String serverName) {
    return new Handshake(this, serverName);
  }
}
