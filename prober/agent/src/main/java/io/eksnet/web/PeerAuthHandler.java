package io.eksnet.web;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.HostPort;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates agents and controllers on their endpoints by bearer token, everybody else by basic
 * authentication. Endpoints wrapped in {@link #requiringAuth} also admit clients on this host,
 * unless that is switched off.
 */
final class PeerAuthHandler implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final Set<String> PEER_ENDPOINTS =
      Set.of(
          "/api/v1/plan",
          "/api/v1/inventory",
          "/api/v1/evidence",
          "/api/v1/replica",
          "/api/v1/observations");

  private static final List<String> PROXY_HEADERS = List.of("Forwarded", "X-Forwarded-For", "Via");
  private static final String AUTHENTICATED = "eksnet.authenticated";

  private final SharedToken token;
  private final BasicAuthHandler auth;
  private final boolean trustLoopback;

  /**
   * @param trustLoopback whether clients on this host need no token
   */
  PeerAuthHandler(SharedToken token, BasicAuthHandler auth, boolean trustLoopback) {
    this.token = token;
    this.trustLoopback = trustLoopback;
    this.auth = auth;
  }

  @Override
  public void handle(RoutingContext context) {
    var given = bearer(context.request().getHeader("Authorization"));
    if (given == null || !isPeerEndpoint(context.request().path())) {
      context.put(AUTHENTICATED, auth.isRequired());
      auth.handle(context);
    } else if (token.accepts(given)) {
      context.put(AUTHENTICATED, true);
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"eksnet\"");
      Responses.error(context, 401, "the bearer token is not the content of controller.token_file");
    }
  }

  /** Admits peers, authenticated users and clients on this host. */
  Handler<RoutingContext> requiringAuth(Handler<RoutingContext> handler) {
    return context -> {
      if (Boolean.TRUE.equals(context.<Boolean>get(AUTHENTICATED))
          || (trustLoopback && isFromThisHost(context))) {
        handler.handle(context);
      } else {
        Responses.error(
            context,
            403,
            trustLoopback
                ? "requests from other hosts need the token of controller.token_file or a password"
                : "requests need the token of controller.token_file or a password");
      }
    };
  }

  private static boolean isPeerEndpoint(@Nullable String path) {
    return path != null && PEER_ENDPOINTS.contains(path);
  }

  /**
   * Whether a program on this host sent the request, not a proxy or a web page. A host name with a
   * dot may belong to an attacker and resolve to this host (DNS rebinding).
   */
  private static boolean isFromThisHost(RoutingContext context) {
    var request = context.request();
    var remote = request.remoteAddress();
    var address = remote == null ? null : remote.hostAddress();
    var authority = request.authority();
    return address != null
        && AddressLiteral.isLocalhost(address)
        && PROXY_HEADERS.stream().noneMatch(header -> request.headers().contains(header))
        && !FetchMetadata.isFromOtherSite(request)
        && authority != null
        && (!authority.host().contains(".")
            || AddressLiteral.parse(HostPort.withoutBrackets(authority.host())).isPresent());
  }

  private static @Nullable String bearer(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }
}
