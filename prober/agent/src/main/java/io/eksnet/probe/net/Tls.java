package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * TLS of one set of settings. The handshake accepts any certificate, so that its chain, dates and
 * name are all reported; {@link CertificateVerifier} verifies it before a byte is sent.
 */
public final class Tls {
  /** The causes of every run with a handshake. */
  public static final Set<Cause> CAUSES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Cause.TLS_HANDSHAKE,
              Cause.TLS_UNTRUSTED,
              Cause.TLS_NAME,
              Cause.TLS_EXPIRED,
              Cause.TLS_CLIENT_CERTIFICATE));

  /** A context without a client certificate, shared by all probes. */
  private record Shared(SslContext ssl, HandshakeObserver observer) {}

  private static final Map<TlsParameters, Shared> SHARED = new ConcurrentHashMap<>();

  private final TlsSettings settings;
  private final TlsParameters parameters;
  private final ReloadingValue<TlsContext> context;

  /**
   * @param alpn the application protocols to offer (RFC 7301), best first; empty: none
   */
  public Tls(Network network, TlsSettings settings, List<String> alpn) {
    this.settings = settings;
    this.parameters = new TlsParameters(settings.minVersion(), settings.maxVersion(), alpn);
    var files =
        Stream.of(settings.caFile(), settings.certFile(), settings.keyFile())
            .flatMap(Optional::stream)
            .toList();
    this.context = new ReloadingValue<>(network, files, this::load);
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
    var verify = !settings.insecureSkipVerify();
    if (settings.certFile().isEmpty() || settings.keyFile().isEmpty()) {
      var shared = SHARED.computeIfAbsent(parameters, Tls::shared);
      return new TlsContext(
          shared.ssl(), shared.observer(), parameters, Optional.empty(), verifier, verify);
    }
    var certificate =
        Optional.of(ClientCertificate.read(settings.certFile().get(), settings.keyFile().get()));
    var observer = new HandshakeObserver(certificate);
    // With a finalizer: no event marks the end of the last run with a rotated certificate.
    var provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    var ssl = parameters.builder(provider, observer).build();
    return new TlsContext(ssl, observer, parameters, certificate, verifier, verify);
  }

  private static Shared shared(TlsParameters parameters) {
    try {
      var observer = new HandshakeObserver(Optional.empty());
      var provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
      return new Shared(parameters.builder(provider, observer).build(), observer);
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
