package io.eksnet.lab;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A web service that behaves as the path says, over HTTP/1.1 and HTTP/2 (ALPN with TLS, prior
 * knowledge without); a fault overrides all paths.
 */
public final class WebServer extends Server<WebFault> {
  private final boolean secure;
  private final @Nullable Tls tls;
  private final AtomicLong connections;
  private final AtomicLong requests;

  private WebServer(Ground ground, WebDoor door) {
    super(ground, door.control(), faults(door.tls() != null));
    this.secure = door.tls() != null;
    this.tls = door.tls();
    this.connections = door.connections();
    this.requests = door.requests();
  }

  /** A service without TLS on a free port. */
  public static WebServer http() {
    return http(Bind.free());
  }

  /** A service without TLS on {@code bind}. */
  public static WebServer http(Bind bind) {
    return start("http", bind, null);
  }

  /** A service with TLS on a free port. */
  public static WebServer https(Certificates certificates) {
    return https(certificates, Bind.free());
  }

  /** A service with TLS on {@code bind}. */
  public static WebServer https(Certificates certificates, Bind bind) {
    return start("https", bind, new Tls(certificates));
  }

  /** The URL of {@code path} on the first address. */
  public String url(String path) {
    return url(address().getAddress().getHostAddress(), path);
  }

  /** The URL of {@code path} under another name for this machine; IPv6 without brackets. */
  public String url(String host, String path) {
    var name = host.contains(":") ? "[" + host + "]" : host;
    return (secure ? "https://" : "http://") + name + ":" + port() + path;
  }

  /** Connections accepted so far. */
  public long connections() {
    return connections.get();
  }

  /** Requests read so far. */
  public long requests() {
    return requests.get();
  }

  @Override
  Listener.State port(WebFault fault) {
    if (tls != null) {
      tls.prepare(fault);
    }
    return switch (fault) {
      case REFUSE -> Listener.State.CLOSED;
      case DROP -> Listener.State.DEAF;
      default -> Listener.State.OPEN;
    };
  }

  private static WebServer start(String name, Bind bind, @Nullable Tls tls) {
    var door = WebDoor.of(tls);
    return bind.claim(at -> new WebServer(Ground.open(name, at, door.handler()), door));
  }

  private static List<WebFault> faults(boolean secure) {
    return Arrays.stream(WebFault.values()).filter(fault -> secure || !fault.isTls()).toList();
  }
}
