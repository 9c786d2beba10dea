package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
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

/** One TLS handshake and the verification of the peer. */
public final class Handshake {
  private final TlsContext context;
  private final String name;

  Handshake(TlsContext context, String serverName) {
    this.context = context;
    this.name =
        serverName.endsWith(".") ? serverName.substring(0, serverName.length() - 1) : serverName;
  }

  /** The engine does not learn the peer, so that it never resumes a session. */
  SslHandler handler(ByteBufAllocator allocator) {
    var handler = context.ssl().newHandler(allocator);
    handler.setHandshakeTimeoutMillis(0); // the run has a deadline
    handler.setCloseNotifyFlushTimeoutMillis(0);
    if (AddressLiteral.parse(name).isEmpty()) { // RFC 6066 section 3: SNI is for names only
      setServerName(handler.engine());
    }
    return handler;
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

  /** Notes what the finished handshake shows; fails {@code run} if the peer is not verified. */
  boolean verify(SSLEngine engine, Run run, Instant now) {
    var session = engine.getSession();
    run.trace("tls", session.getProtocol() + " " + session.getCipherSuite());
    CertificateVerifier.Result result;
    try {
      result = context.verifier().verify(session.getPeerCertificates(), now);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      run.fail(Phase.TLS, Cause.TLS_HANDSHAKE, "the certificate cannot be read: " + e.getMessage());
      return false;
    }
    var chain = result.chain();
    run.note(new Note.CertificateExpiry(result.expiry()));
    run.trace(
        "certificate",
        chain.leaf().getSubjectX500Principal()
            + ", issued by "
            + chain.leaf().getIssuerX500Principal()
            + ", until "
            + chain.leaf().getNotAfter().toInstant());
    if (context.verify() && result.problem().isPresent()) {
      run.fail(Phase.TLS, result.problem().get(), result.detail());
    } else if (context.verify() && !chain.matches(name)) {
      run.fail(
          Phase.TLS,
          Cause.TLS_NAME,
          "the certificate is for " + chain.describeNames() + ", not for " + name);
    }
    return !run.isOver();
  }
}
