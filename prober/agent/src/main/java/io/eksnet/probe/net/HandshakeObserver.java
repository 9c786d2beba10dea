package io.eksnet.probe.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trust manager and key manager of a TLS context. They pass on what the peer of each engine
 * presents and demands, also when the handshake fails later. Any certificate is accepted; {@link
 * CertificateVerifier} verifies it after the handshake.
 */
final class HandshakeObserver {
  /** Receives the events of one handshake. */
  interface Listener {
    void onCertificates(X509Certificate[] presented);

    void onClientCertificateRequested();
  }

  private static final String ALIAS = "client";

  private final Map<SSLEngine, Listener> listeners = new ConcurrentHashMap<>();
  private final @Nullable Listener only;
  private final Optional<ClientCertificate> clientCertificate;

  /** For a context that many handshakes share. */
  HandshakeObserver(Optional<ClientCertificate> clientCertificate) {
    this.clientCertificate = clientCertificate;
    this.only = null;
  }

  /** For a context of one handshake. */
  HandshakeObserver(Optional<ClientCertificate> clientCertificate, Listener only) {
    this.clientCertificate = clientCertificate;
    this.only = only;
  }

  void add(SSLEngine engine, Listener listener) {
    listeners.put(engine, listener);
  }

  void remove(SSLEngine engine) {
    listeners.remove(engine);
  }

  X509TrustManager trustManager() {
    return new Trust();
  }

  X509KeyManager keyManager() {
    return new Keys();
  }

  private @Nullable Listener listener(@Nullable SSLEngine engine) {
    return only != null || engine == null ? only : listeners.get(engine);
  }

  private final class Trust extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      report(listener(engine), chain);
    }

    private static void report(@Nullable Listener listener, X509Certificate[] chain) {
      if (listener != null) {
        listener.onCertificates(chain);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      report(only, chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
      report(only, chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Presents the certificate whatever authorities the server names; the server decides. */
  private final class Keys extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyType, Principal[] issuers, SSLEngine engine) {
      var listener = listener(engine);
      if (listener != null) {
        listener.onClientCertificateRequested();
      }
      return clientCertificate.isPresent() ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal[] issuers, Socket socket) {
      return clientCertificate.isPresent() ? ALIAS : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
      return clientCertificate.isPresent() ? new String[] {ALIAS} : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return clientCertificate.map(c -> c.chain().toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return clientCertificate.map(ClientCertificate::key).orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
