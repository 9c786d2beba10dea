package io.eksnet.probe.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * TLS of one set of settings. The handshake accepts any certificate, so that its chain, dates and
 * name are all reported; {@link CertificateVerifier} verifies it before a byte is sent.
 */
public final class Tls {
  private record ContextKey(TlsVersion minVersion, List<String> alpn) {}

  /** Without the post-quantum ones: their keys double the ClientHello and its cost. */
  private static final String[] GROUPS = {"X25519", "P-256", "P-384"};

  private static final Map<ContextKey, SslContext> SHARED = new ConcurrentHashMap<>();

  private final TlsSettings settings;
  private final List<String> alpn;
  private final ReloadingValue<TlsContext> context;

  /**
   * @param alpn the application protocols to offer (RFC 7301), best first; empty: none
   */
  public Tls(Network network, TlsSettings settings, List<String> alpn) {
    this.settings = settings;
    this.alpn = List.copyOf(alpn);
    var files =
        Stream.of(settings.caFile(), settings.certFile(), settings.keyFile())
            .flatMap(Optional::stream)
            .toList();
    this.context = new ReloadingValue<>(network, files, this::load);
  }

  /** The engine in use, such as {@code BoringSSL}, or {@code JDK} where there is no native one. */
  public static String engine() {
    return OpenSsl.isAvailable() ? String.valueOf(OpenSsl.versionString()) : "JDK";
  }

  /** The context with the current content of the files; fails with {@link LocalFailure}. */
  public Future<TlsContext> context() {
    return context.get();
  }

  private TlsContext load() throws Exception {
    var verifier =
        settings.caFile().isPresent()
            ? CertificateVerifier.of(settings.caFile().get())
            : settings.insecureSkipVerify()
                ? CertificateVerifier.of(List.of())
                : CertificateVerifier.system();
    return new TlsContext(sslContext(), verifier, !settings.insecureSkipVerify());
  }

  /** Contexts without a client certificate are shared by all probes. */
  private SslContext sslContext() throws Exception {
    var key = new ContextKey(settings.minVersion(), alpn);
    if (settings.certFile().isEmpty() || settings.keyFile().isEmpty()) {
      return SHARED.computeIfAbsent(key, Tls::build);
    }
    // With a finalizer: nothing tells when the last run with a rotated certificate is over.
    var builder = builder(key, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    loadClientCertificate(builder, settings.certFile().get(), settings.keyFile().get());
    return builder.build();
  }

  private static SslContext build(ContextKey key) {
    try {
      return builder(key, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SslContextBuilder builder(ContextKey key, SslProvider provider) {
    var builder =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .protocols(key.minVersion().protocols());
    if (OpenSsl.isAvailable()) {
      builder.option(OpenSslContextOption.GROUPS, GROUPS);
    }
    if (!key.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              key.alpn()));
    }
    return builder;
  }

  private static void loadClientCertificate(SslContextBuilder builder, Path cert, Path key)
      throws LocalFailure {
    try (InputStream chain = Files.newInputStream(cert);
        InputStream secret = Files.newInputStream(key)) {
      builder.keyManager(chain, secret);
    } catch (IOException | RuntimeException e) {
      throw new LocalFailure(
          "cert_file "
              + cert
              + " and key_file "
              + key
              + " must hold a PEM certificate and its PKCS#8 key; convert a key with openssl pkcs8"
              + " -topk8 -nocrypt");
    }
  }
}
