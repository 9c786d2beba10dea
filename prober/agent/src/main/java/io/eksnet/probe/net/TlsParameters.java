package io.eksnet.probe.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * What a ClientHello offers, its server name apart.
 *
 * @param alpn the application protocols (RFC 7301), best first; empty: none
 */
record TlsParameters(TlsVersion minVersion, TlsVersion maxVersion, List<String> alpn) {
  /**
   * The key share is for X25519. The post-quantum group is last: its share would double the
   * ClientHello and its cost, and a server that needs it asks for it (RFC 8446 section 4.1.4).
   */
  private static final String[] GROUPS = {"X25519", "P-256", "P-384", "P-521", "X25519MLKEM768"};

  /** Need a shared secret, or are broken. */
  private static final List<String> UNUSABLE = List.of("_PSK_", "_NULL_", "_3DES_");

  TlsParameters {
    alpn = List.copyOf(alpn);
  }

  /** All that the engine has; Netty's default leaves out ChaCha20 for TLS 1.2. */
  private static List<String> ciphers(SslProvider provider) {
    if (provider == SslProvider.JDK) {
      return JdkCiphers.ALL;
    }
    return OpenSsl.availableJavaCipherSuites().stream()
        .filter(suite -> UNUSABLE.stream().noneMatch(suite::contains))
        .toList();
  }

  private static final class JdkCiphers {
    static final List<String> ALL = read();

    private static List<String> read() {
      try {
        return List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("the Java runtime has no TLS", e);
      }
    }
  }

  SslContextBuilder builder(SslProvider provider, HandshakeObserver observer) {
    var builder =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .trustManager(observer.trustManager())
            .keyManager(observer.keyManager())
            .endpointIdentificationAlgorithm("")
            .ciphers(ciphers(provider))
            .protocols(minVersion.protocolsTo(maxVersion));
    if (provider != SslProvider.JDK) {
      builder.option(OpenSslContextOption.GROUPS, GROUPS);
    }
    if (!alpn.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              alpn));
    }
    return builder;
  }
}
