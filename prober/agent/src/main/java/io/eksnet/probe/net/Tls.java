package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * TLS by one set of settings. The handshake takes any certificate, so that whatever is wrong with
 * it is seen whole; it is judged before a byte is sent on the connection.
 */
public final class Tls {
  /**
   * What the files and settings amount to.
   *
   * @param verify whether chain and name decide
   */
  record Armed(SslContext context, Trust trust, boolean verify) {}

  private record Plain(TlsVersion minVersion, List<String> alpn) {}

  /** Without post-quantum ones: their keys double the ClientHello and its cost. */
  private static final String[] GROUPS = {"X25519", "P-256", "P-384"};

  private static final Map<Plain, SslContext> SHARED = new ConcurrentHashMap<>();

  private final TlsSettings settings;
  private final List<String> alpn;
  private final FromFiles<Armed> armed;

  /**
   * @param alpn the application protocols to offer (RFC 7301), best first; empty: none
   */
  public Tls(Network network, TlsSettings settings, List<String> alpn) {
    this.settings = settings;
    this.alpn = List.copyOf(alpn);
    this.armed = new FromFiles<>(network, files(settings), this::arm);
  }

  /** The engine in use, such as {@code BoringSSL}, or {@code JDK} where there is no native one. */
  public static String engine() {
    return OpenSsl.isAvailable() ? String.valueOf(OpenSsl.versionString()) : "JDK";
  }

  /** Reads the files, before the first run if there is time, and when they have changed. */
  public Future<Ready> ready() {
    return armed.now().map(Ready::new);
  }

  /** All that a handshake needs. */
  public static final class Ready {
    private final Armed armed;

    Ready(Armed armed) {
      this.armed = armed;
    }

    /** A handshake for {@code serverName}, a name or an address literal. */
    public Handshake with(String serverName) {
      return new Handshake(armed, serverName);
    }
  }

  /** What an exception says about the peer's TLS; empty if it is not of TLS. */
  static Optional<Throwable> trouble(Throwable error) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof SSLException && !(e.getCause() instanceof ClosedChannelException)) {
        return Optional.of(new ProbeFailure(Phase.TLS, Cause.TLS_HANDSHAKE, text(e)));
      }
    }
    return Optional.empty();
  }

  private static String text(Throwable e) {
    var text = String.valueOf(e.getMessage());
    // Netty quotes the peer's bytes in hex; that they are no TLS record is what matters.
    return text.startsWith("not an SSL/TLS record") ? "what came is not TLS" : text;
  }

  private Armed arm() throws Exception {
    var trust =
        settings.caFile().isPresent()
            ? Trust.of(settings.caFile().get())
            : settings.insecureSkipVerify() ? Trust.of(List.of()) : Trust.system();
    return new Armed(context(), trust, !settings.insecureSkipVerify());
  }

  /** Contexts without a client certificate are shared by all. */
  private SslContext context() throws Exception {
    var plain = new Plain(settings.minVersion(), alpn);
    if (settings.certFile().isEmpty() || settings.keyFile().isEmpty()) {
      return SHARED.computeIfAbsent(plain, Tls::built);
    }
    // With a finalizer, as nobody knows when the last run with a rotated certificate is over.
    var builder = builder(plain, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
    present(builder, settings.certFile().get(), settings.keyFile().get());
    return builder.build();
  }

  private static SslContext built(Plain plain) {
    try {
      return builder(plain, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SslContextBuilder builder(Plain plain, SslProvider provider) {
    var builder =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .trustManager(new TakesAny())
            .endpointIdentificationAlgorithm("")
            .protocols(plain.minVersion().protocols());
    if (OpenSsl.isAvailable()) {
      builder.option(OpenSslContextOption.GROUPS, GROUPS);
    }
    if (!plain.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              plain.alpn()));
    }
    return builder;
  }

  private static void present(SslContextBuilder builder, Path cert, Path key) throws LocalFailure {
    try (InputStream chain = Files.newInputStream(cert);
        InputStream secret = Files.newInputStream(key)) {
      builder.keyManager(chain, secret);
    } catch (java.io.IOException | RuntimeException e) {
      throw new LocalFailure(
          "cert_file "
              + cert
              + " and key_file "
              + key
              + " hold no PEM certificate and PKCS#8 key (openssl pkcs8 -topk8 -nocrypt makes one)");
    }
  }

  private static List<Path> files(TlsSettings settings) {
    return Stream.of(settings.caFile(), settings.certFile(), settings.keyFile())
        .flatMap(Optional::stream)
        .toList();
  }
}
