package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Phase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.vertx.core.Future;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** One TLS handshake and the verification of the peer. */
public final class Handshake implements HandshakeObserver.Listener {
  /** As BoringSSL and the JDK name alerts (RFC 8446 section 6). */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?:OPENSSL_internal:(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?|Received fatal alert: )"
              + "([A-Za-z_]+)");

  private final TlsContext context;
  private final String name;
  private final boolean jdk;
  private @Nullable SslContext jdkContext;
  private volatile List<byte[]> presented = List.of();
  private volatile boolean clientCertificateRequested;

  Handshake(TlsContext context, String serverName) {
    this(context, nameOf(serverName), !OpenSsl.isAvailable());
  }

  private Handshake(TlsContext context, String name, boolean jdk) {
    this.context = context;
    this.name = name;
    this.jdk = jdk;
  }

  /** Without the last dot and, of an address, without the zone, which is of this host alone. */
  private static String nameOf(String serverName) {
    var zone = serverName.indexOf('%');
    var name = zone < 0 ? serverName : serverName.substring(0, zone);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** The same with the engine that {@code peer} is known to need. */
  Handshake preparedFor(SocketAddress peer) {
    return !jdk && context.needsJdk(peer) ? withJdk() : this;
  }

  private Handshake withJdk() {
    return new Handshake(context, name, true);
  }

  /** The engine does not learn the peer, so that it never resumes a session. */
  SslHandler handler(ByteBufAllocator allocator, Network network) throws SSLException {
    var handler =
        jdk
            ? jdkContext().newHandler(allocator, network.handshakeExecutor())
            : context.ssl().newHandler(allocator);
    handler.setHandshakeTimeoutMillis(0); // the run has a deadline
    handler.setCloseNotifyFlushTimeoutMillis(0);
    if (AddressLiteral.parse(name).isEmpty()) { // RFC 6066 section 3: SNI is for names only
      setServerName(handler.engine());
    }
    context.observer().add(handler.engine(), this);
    handler.handshakeFuture().addListener(done -> context.observer().remove(handler.engine()));
    return handler;
  }

  private SslContext jdkContext() throws SSLException {
    if (jdkContext == null) {
      jdkContext = context.jdk(this);
    }
    return jdkContext;
  }

  /** The same, with all that a handshake of the JDK loads when it is the first of the process. */
  private Handshake warmedUp() throws SSLException {
    var engine = jdkContext().newEngine(UnpooledByteBufAllocator.DEFAULT);
    engine.beginHandshake();
    var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return this;
  }

  /** Without {@code SNIHostName}, which rejects underscores. */
  private void setServerName(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine open) {
      SSL.setTlsExtHostName(open.sslPointer(), name);
      return;
    }
    var parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new UncheckedServerName(name)));
    engine.setSSLParameters(parameters);
  }

  private static final class UncheckedServerName extends SNIServerName {
    UncheckedServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public void onCertificates(X509Certificate[] chain) {
    var all = new ArrayList<byte[]>();
    for (var certificate : chain) {
      try {
        all.add(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        all.add(new byte[0]);
      }
    }
    presented = all;
  }

  @Override
  public void onClientCertificateRequested() {
    clientCertificateRequested = true;
  }

  /**
   * Whether the peer decides on the client's certificate, or its absence, after the handshake of
   * the client is complete: in TLS 1.3 the rejection is an alert behind it (RFC 8446 section 4.4).
   */
  boolean awaitsDecision(SSLEngine engine) {
    return clientCertificateRequested && engine.getSession().getProtocol().equals("TLSv1.3");
  }

  /** Verifies the peer of a finished handshake; fails {@code run} if it is not accepted. */
  void verify(SSLEngine engine, Run run, SocketAddress peer, Runnable then) {
    var session = engine.getSession();
    run.trace("tls", session.getProtocol() + " " + session.getCipherSuite());
    run.awaitVerification(
        verdict(run, peer),
        verdict -> {
          note(verdict, run);
          if (context.verify() && verdict.problem().isPresent()) {
            run.fail(Phase.TLS, verdict.problem().get(), verdict.detail());
          } else {
            then.run();
          }
        });
  }

  /** Fails {@code run} for a failed handshake; the certificate that was seen is noted first. */
  void fail(Throwable error, Run run, SocketAddress peer) {
    var failure = explained(error);
    if (presented.isEmpty()) {
      run.fail(failure);
      return;
    }
    run.awaitVerification(
        verdict(run, peer).otherwiseEmpty(),
        verdict -> {
          if (verdict != null) {
            note(verdict, run);
          }
          run.fail(failure);
        });
  }

  private Future<CertificateVerdict> verdict(Run run, SocketAddress peer) {
    return run.network()
        .certificates()
        .verify(context.verifier(), peer, name, presented, Instant.now(), run::isOver);
  }

  private static void note(CertificateVerdict verdict, Run run) {
    run.note(new Note.CertificateExpiry(verdict.expiry()));
    run.trace("certificate", verdict.description());
  }

  /**
   * A handshake for another connection when this one failed for want of a common signature
   * algorithm: BoringSSL, as it is configured through Netty, offers neither Ed25519 nor ECDSA with
   * P-521, and the JDK does.
   */
  Optional<Future<Handshake>> retry(Throwable error, Network network) {
    var lacksCommon =
        !jdk
            && presented.isEmpty()
            && !clientCertificateRequested
            && alert(error).filter("handshake_failure"::equals).isPresent();
    return lacksCommon
        ? Optional.of(network.verifyBlocking(() -> withJdk().warmedUp()))
        : Optional.empty();
  }

  /** To be called when a handshake of the JDK has succeeded. */
  void remember(SocketAddress peer) {
    if (jdk && OpenSsl.isAvailable()) {
      context.rememberNeedsJdk(peer);
    }
  }

  /** The cause of an error after the peer requested a client certificate; else the error itself. */
  Throwable explained(Throwable error) {
    var alert = alert(error);
    if (!clientCertificateRequested || alert.isEmpty()) {
      return error;
    }
    var detail =
        context
            .clientCertificate()
            .map(mine -> "the server rejects the client certificate " + mine.subject())
            .orElse(
                "the server requires a client certificate, and cert_file and key_file are not set");
    return new ProbeFailure(
        Phase.TLS, Cause.TLS_CLIENT_CERTIFICATE, detail + " (alert " + alert.get() + ")");
  }

  /** The alert of the peer that an error reports, such as {@code handshake_failure}. */
  static Optional<String> alert(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      var alert = ALERT.matcher(String.valueOf(e.getMessage()));
      if (e instanceof SSLException && alert.find()) {
        return Optional.of(alert.group(1).toLowerCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }
}
