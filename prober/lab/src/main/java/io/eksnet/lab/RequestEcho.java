package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Describes a request as JSON. */
final class RequestEcho {
  private static final String NETTY_HEADER_PREFIX = "x-http2-";

  private RequestEcho() {}

  static String of(WebExchange exchange, FullHttpRequest request) {
    var json =
        new JsonObject()
            .put("method", request.method().name())
            .put("uri", request.uri())
            .put("version", exchange.isHttp2() ? "HTTP/2" : "HTTP/1.1")
            .put("peer", exchange.connection().remoteAddress().toString().substring(1))
            .put("headers", headers(request))
            .put("body", request.content().toString(UTF_8));
    var tls = exchange.connection().pipeline().get(SslHandler.class);
    if (tls != null) {
      json.put("tls", tls(tls));
    }
    return json.encode() + "\n";
  }

  private static JsonObject headers(FullHttpRequest request) {
    var headers = new JsonObject();
    for (Map.Entry<String, String> header : request.headers()) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      if (!name.startsWith(NETTY_HEADER_PREFIX)) {
        headers.put(name, String.join(", ", request.headers().getAll(name)));
      }
    }
    return headers;
  }

  private static JsonObject tls(SslHandler handler) {
    var session = handler.engine().getSession();
    var json =
        new JsonObject()
            .put("protocol", session.getProtocol())
            .put("alpn", handler.applicationProtocol())
            .put("client", client(session));
    if (session instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          json.put("sni", host.getAsciiName());
        }
      }
    }
    return json;
  }

  private static @Nullable String client(SSLSession session) {
    try {
      var leaf = (X509Certificate) session.getPeerCertificates()[0];
      return leaf.getSubjectX500Principal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
