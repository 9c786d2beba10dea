package io.eksnet.probe.net;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** All that handshakes of one set of settings share, with the content of the files. */
public final class TlsContext {
  private static final int MAX_REMEMBERED_PEERS = 1024;

  private final SslContext ssl;
  private final HandshakeObserver observer;
  private final TlsParameters parameters;
  private final Optional<ClientCertificate> clientCertificate;
  private final CertificateVerifier verifier;
  private final boolean verify;

  /** Peers that share no signature algorithm with BoringSSL; bounded, and used on the loop only. */
  private final Set<SocketAddress> needJdk =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<SocketAddress, Boolean> eldest) {
              return size() > MAX_REMEMBERED_PEERS;
            }
          });

  /**
   * @param observer of {@code ssl}
   * @param verify whether a problem with chain or name fails the run
   */
  TlsContext(
      SslContext ssl,
      HandshakeObserver observer,
      TlsParameters parameters,
      Optional<ClientCertificate> clientCertificate,
      CertificateVerifier verifier,
      boolean verify) {
    this.ssl = ssl;
    this.observer = observer;
    this.parameters = parameters;
    this.clientCertificate = clientCertificate;
    this.verifier = verifier;
    this.verify = verify;
  }

  /** A handshake with {@code serverName}, a name or an address literal. */
  public Handshake handshake(String serverName) {
    return new Handshake(this, serverName);
  }

  SslContext ssl() {
    return ssl;
  }

  HandshakeObserver observer() {
    return observer;
  }

  Optional<ClientCertificate> clientCertificate() {
    return clientCertificate;
  }

  CertificateVerifier verifier() {
    return verifier;
  }

  boolean verify() {
    return verify;
  }

  boolean needsJdk(SocketAddress peer) {
    return needJdk.contains(peer);
  }

  void rememberNeedsJdk(SocketAddress peer) {
    needJdk.add(peer);
  }

  /** A context of the JDK for one handshake. */
  SslContext jdk(HandshakeObserver.Listener listener) throws SSLException {
    return parameters
        .builder(SslProvider.JDK, new HandshakeObserver(clientCertificate, listener))
        .build();
  }
}
