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

/** The TLS a service speaks under each fault; contexts are made when first needed. */
final class Tls {
  private static final ApplicationProtocolConfig BOTH =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final Certificates certificates;
  private final Map<WebFault, SslContext> contexts = new EnumMap<>(WebFault.class);

  Tls(Certificates certificates) {
    this.certificates = certificates;
  }

  /** Makes the certificates of a fault before a connection waits for them. */
  void prepare(WebFault fault) {
    under(fault);
  }

  synchronized SslContext under(WebFault fault) {
    return contexts.computeIfAbsent(fault.isTls() ? fault : WebFault.NONE, this::context);
  }

  private SslContext context(WebFault fault) {
    var identity = identity(fault);
    var builder =
        SslContextBuilder.forServer(
                identity.key(), identity.chain().toArray(X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .applicationProtocolConfig(BOTH);
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

  private Certificates.Identity identity(WebFault fault) {
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
