package io.eksnet.agent.plan;

import io.eksnet.model.HostPort;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an annotated probe goes.
 *
 * @param protocol {@code tcp}, {@code tls}, {@code http}, {@code https}, {@code grpc} or {@code
 *     grpcs}
 * @param host a name or an address literal without brackets
 * @param path with a leading slash; empty for the others
 */
public record ProbeEndpoint(String protocol, String host, int port, String path) {
  private static final int MAX_LENGTH = 256;
  private static final String AUTHORITY =
      "(?:\\[([0-9a-fA-F:.]{2,45})]|([A-Za-z0-9._-]{1,253}))(?::(\\d{1,5}))?";
  private static final Pattern HOST_PORT = Pattern.compile(AUTHORITY);
  private static final Pattern URL = Pattern.compile("(https?)://" + AUTHORITY + "(/.*)?");

  public ProbeEndpoint {
    if (host.indexOf(':') >= 0) {
      PlanValidation.address(host);
    } else {
      PlanValidation.host(host);
    }
    PlanValidation.port(port);
    PlanValidation.request(protocol, path);
  }

  /** From the words of a user. */
  static ProbeEndpoint of(String kind, String target) {
    if (target.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a target has at most " + MAX_LENGTH + " characters");
    }
    return switch (kind) {
      case "http" -> url(target);
      case "tcp", "tls" -> hostPort(kind, target);
      case "grpc" -> grpc(target);
      default ->
          throw new IllegalArgumentException(
              "the kind must be tcp, tls, http or grpc, not " + PlanValidation.quoted(kind));
    };
  }

  /** As a user would write it. */
  public String target() {
    var authority = new HostPort(host, port).toString();
    return isHttp() || isGrpc() ? protocol + "://" + authority + path : authority;
  }

  /** The name of the probe kind. */
  public String kind() {
    return isHttp() ? "http" : isGrpc() ? "grpc" : protocol;
  }

  boolean isHttp() {
    return protocol.startsWith("http");
  }

  boolean isGrpc() {
    return protocol.startsWith("grpc");
  }

  /** Whether TLS starts with the connection. */
  boolean isSecure() {
    return protocol.equals("https") || protocol.equals("grpcs") || protocol.equals("tls");
  }

  private static ProbeEndpoint grpc(String target) {
    var scheme = target.indexOf("://");
    var protocol = scheme < 0 ? "" : target.substring(0, scheme);
    if (!protocol.equals("grpc") && !protocol.equals("grpcs")) {
      throw new IllegalArgumentException(
          "a target of grpc is grpc://host:port or grpcs://host:port, not "
              + PlanValidation.quoted(target));
    }
    return hostPort(protocol, target.substring(scheme + 3));
  }

  private static ProbeEndpoint url(String target) {
    var url = URL.matcher(target);
    if (!url.matches()) {
      throw new IllegalArgumentException(
          "a target of http is a URL without credentials, such as http://shop.example.com/, not "
              + PlanValidation.quoted(target));
    }
    var usual = url.group(1).equals("https") ? 443 : 80;
    var path = url.group(5) == null ? "/" : url.group(5);
    return new ProbeEndpoint(
        url.group(1), either(url.group(2), url.group(3)), port(url.group(4), usual), path);
  }

  private static ProbeEndpoint hostPort(String kind, String target) {
    var place = HOST_PORT.matcher(target);
    if (!place.matches() || place.group(3) == null) {
      throw new IllegalArgumentException(
          "a target of " + kind + " is host:port, not " + PlanValidation.quoted(target));
    }
    return new ProbeEndpoint(
        kind, either(place.group(1), place.group(2)), port(place.group(3), 0), "");
  }

  private static String either(@Nullable String address, @Nullable String host) {
    return address == null ? String.valueOf(host) : address;
  }

  private static int port(@Nullable String digits, int usual) {
    return digits == null ? usual : Integer.parseInt(digits);
  }
}
