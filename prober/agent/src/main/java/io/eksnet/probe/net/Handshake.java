package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Phase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.StandardConstants;

/** One TLS handshake, and the verdict on whom it was with. */
public final class Handshake {
  private final Tls.Armed armed;
  private final String name;

  Handshake(Tls.Armed armed, String serverName) {
    this.armed = armed;
    this.name =
        serverName.endsWith(".") ? serverName.substring(0, serverName.length() - 1) : serverName;
  }

  /** No peer is told to the engine, so that it never resumes a session: each run is a full one. */
  SslHandler handler(ByteBufAllocator allocator) {
    var handler = armed.context().newHandler(allocator);
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(0);
    if (Literals.parse(name).isEmpty()) {
      ask(handler.engine());
    }
    return handler;
  }

  /**
   * Names the server wanted; not for addresses (RFC 6066 section 3). Not by {@code SNIHostName},
   * which refuses underscores.
   */
  private void ask(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine open) {
      SSL.setTlsExtHostName(open.sslPointer(), name);
      return;
    }
    var parameters = engine.getSSLParameters();
    parameters.setServerNames(List.of(new AnyName(name)));
    engine.setSSLParameters(parameters);
  }

  private static final class AnyName extends SNIServerName {
    AnyName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Keeps what the finished handshake shows, and throws what is wrong with the certificate. */
  void judge(SSLEngine engine, Run run, Instant now) throws ProbeFailure {
    var session = engine.getSession();
    run.saw("tls", session.getProtocol() + " " + session.getCipherSuite());
    var judgement = judgement(engine, now);
    var chain = judgement.chain();
    run.note(new Note.CertificateExpiry(judgement.end()));
    run.saw(
        "certificate",
        chain.leaf().getSubjectX500Principal()
            + ", issued by "
            + chain.leaf().getIssuerX500Principal()
            + ", until "
            + chain.leaf().getNotAfter().toInstant());
    if (!armed.verify()) {
      return;
    }
    if (judgement.flaw().isPresent()) {
      throw new ProbeFailure(Phase.TLS, judgement.flaw().get(), judgement.detail());
    }
    if (!chain.isFor(name)) {
      throw new ProbeFailure(
          Phase.TLS,
          Cause.TLS_NAME,
          "the certificate is for " + chain.names() + ", not for " + name);
    }
  }

  private Trust.Judgement judgement(SSLEngine engine, Instant now) throws ProbeFailure {
    try {
      return armed.trust().judge(engine.getSession().getPeerCertificates(), now);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      throw new ProbeFailure(
          Phase.TLS, Cause.TLS_HANDSHAKE, "the certificate cannot be read: " + e.getMessage());
    }
  }
}
