package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets agents and controllers in by their token instead of a password, where they have business,
 * and keeps others out there who gave neither and come from another host.
 */
final class PeerAuthHandler implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "Via");
  private static final String KNOWN = "eksnet.known";

  private final SharedToken token;
  private final BasicAuthHandler auth;

  PeerAuthHandler(SharedToken token, BasicAuthHandler auth) {
    this.token = token;
    this.auth = auth;
  }

  @Override
  public void handle(RoutingContext context) {
    var given = bearer(context.request().getHeader("Authorization"));
    if (given == null || !isForPeers(context.request().path())) {
      context.put(KNOWN, auth.asks());
      auth.handle(context);
    } else if (token.accepts(given)) {
      context.put(KNOWN, true);
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"eksnet\"");
      Responses.error(
          context, 401, "this is not the token of this cluster's agents and controllers");
    }
  }

  /** Behind this are peers, users who gave their password, and this host. */
  static Handler<RoutingContext> guarding(Handler<RoutingContext> handler) {
    return context -> {
      if (Boolean.TRUE.equals(context.<Boolean>get(KNOWN)) || isHere(context)) {
        handler.handle(context);
      } else {
        Responses.error(
            context,
            403,
            "from another host this takes the token of controller.token_file, or a password");
      }
    };
  }

  private static boolean isForPeers(@Nullable String path) {
    return path != null
        && (path.equals("/api/v1/plan")
            || path.equals("/api/v1/inventory")
            || path.equals("/api/v1/evidence")
            || path.equals("/api/v1/observations"));
  }

  /**
   * Whoever asks from this host, and not by way of a proxy or of a page that a browser shows: a
   * domain of its own may lead to this host (DNS rebinding), an address or a bare word may not.
   */
  private static boolean isHere(RoutingContext context) {
    var request = context.request();
    var remote = request.remoteAddress();
    var address = remote == null ? null : remote.hostAddress();
    var authority = request.authority();
    return address != null
        && AddressLiteral.isLoopback(address)
        && FORWARDED.stream().noneMatch(header -> request.headers().contains(header))
        && !Browsers.fromAnotherPage(request)
        && authority != null
        && (!authority.host().contains(".")
            || AddressLiteral.parse(bare(authority.host())).isPresent());
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static @Nullable String bearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }
}
