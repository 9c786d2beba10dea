package io.eksnet.lab;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A web server whose paths select its behavior, over HTTP/1.1 and HTTP/2 (by ALPN with TLS, by
 * prior knowledge without). A fault overrides all paths.
 */
public final class LabWebServer extends LabServer<WebFault> {
  private final boolean secure;
  private final @Nullable ServerTls tls;
  private final AtomicLong connections;

  private LabWebServer(Transport transport, WebPipeline pipeline) {
    super(transport, pipeline.control(), faults(pipeline.tls() != null));
    this.secure = pipeline.tls() != null;
    this.tls = pipeline.tls();
    this.connections = pipeline.connections();
  }

  /** Starts an HTTP server on a free port. */
  public static LabWebServer http() {
    return http(Bind.free());
  }

  /** Starts an HTTP server. */
  public static LabWebServer http(Bind bind) {
    return start("http", bind, null);
  }

  /** Starts an HTTPS server on a free port. */
  public static LabWebServer https(TestCertificates certificates) {
    return https(certificates, Bind.free());
  }

  /** Starts an HTTPS server. */
  public static LabWebServer https(TestCertificates certificates, Bind bind) {
    return start("https", bind, new ServerTls(certificates));
  }

  /** The URL of {@code path} on the first address. */
  public String url(String path) {
    return url(address().getAddress().getHostAddress(), path);
  }

  /** The URL of {@code path} with another host name; IPv6 without brackets. */
  public String url(String host, String path) {
    var name = host.contains(":") ? "[" + host + "]" : host;
    return (secure ? "https://" : "http://") + name + ":" + port() + path;
  }

  /** The number of accepted connections. */
  public long connections() {
    return connections.get();
  }

  @Override
  Listener.State portState(WebFault fault) {
    if (tls != null) {
      tls.prepare(fault);
    }
    return switch (fault) {
      case REFUSE -> Listener.State.CLOSED;
      case DROP -> Listener.State.DROPPING;
      default -> Listener.State.OPEN;
    };
  }

  private static LabWebServer start(String name, Bind bind, @Nullable ServerTls tls) {
    var pipeline = WebPipeline.of(tls);
    return bind.claim(
        at -> new LabWebServer(Transport.open(name, at, pipeline.handler()), pipeline));
  }

  private static List<WebFault> faults(boolean secure) {
    return Arrays.stream(WebFault.values()).filter(fault -> secure || !fault.isTls()).toList();
  }
}
