package io.eksnet.lab;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/** The TLS contexts of a server by fault, created on first use. */
final class ServerTls {
  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final TestCertificates certificates;
  private final Map<WebFault, SslContext> contexts = new EnumMap<>(WebFault.class);

  ServerTls(TestCertificates certificates) {
    this.certificates = certificates;
  }

  /** Creates the certificates of a fault in advance. */
  void prepare(WebFault fault) {
    context(fault);
  }

  synchronized SslContext context(WebFault fault) {
    return contexts.computeIfAbsent(fault.isTls() ? fault : WebFault.NONE, this::create);
  }

  private SslContext create(WebFault fault) {
    var identity = identity(fault);
    var builder =
        SslContextBuilder.forServer(
                identity.key(), identity.chain().toArray(X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .applicationProtocolConfig(ALPN);
    if (fault == WebFault.TLS_CLIENT_CERTIFICATE) {
      builder.trustManager(certificates.authority()).clientAuth(ClientAuth.REQUIRE);
    }
    if (fault == WebFault.TLS_1_2_ONLY) {
      builder.protocols("TLSv1.2");
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private TestCertificates.Identity identity(WebFault fault) {
    return switch (fault) {
      case TLS_UNTRUSTED -> certificates.untrusted();
      case TLS_SELF_SIGNED -> certificates.selfSigned();
      case TLS_MISSING_INTERMEDIATE -> certificates.missingIntermediate();
      case TLS_EXPIRED -> certificates.expired();
      case TLS_NOT_YET_VALID -> certificates.notYetValid();
      case TLS_WRONG_NAME -> certificates.wrongName();
      default -> certificates.good();
    };
  }
}
