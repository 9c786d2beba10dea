package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Phase;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Headers;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.ReloadingValue;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.SecretFile;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token of a probe: fetched when it is first used, and again shortly before it expires,
 * when the secret changed or when the target refused it. Runs at the same time share one request.
 */
final class OAuth2Token {
  /** As in Go's oauth2: a token must not expire on its way. */
  private static final Duration MIN_VALIDITY = Duration.ofSeconds(10);

  /** For responses without expires_in, which RFC 6749 section 5.1 only recommends. */
  private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

  private static final Duration MAX_LIFETIME = Duration.ofDays(1);
  private static final HttpExchange.BodyLimit LIMIT = new HttpExchange.BodyLimit(true, 65_536);

  private final Network network;
  private final OAuth2Settings settings;
  private final Url endpoint;
  private final Tls tls;
  private final ReloadingValue<String> secret;
  private @Nullable Token token;
  private @Nullable Future<Token> pending;

  /**
   * @param expires on the clock of the network
   */
  private record Token(String value, String secret, long expires) {
    @Override
    public String toString() {
      return "a token";
    }
  }

  OAuth2Token(Network network, OAuth2Settings settings) {
    this.network = network;
    this.settings = settings;
    this.endpoint = Url.parse(settings.tokenUrl());
    this.tls = new Tls(network, settings.tls(), HttpVersion.AUTO.alpn());
    var file = settings.clientSecretFile();
    this.secret = new ReloadingValue<>(network, List.of(file), () -> SecretFile.text(file));
  }

  /**
   * The value of the Authorization header; fails with a {@link ProbeFailure} of cause {@link
   * Cause#TOKEN_FAILED} that names the endpoint, or with a local failure.
   */
  Future<String> authorization(Duration timeout) {
    return secret
        .get()
        .compose(known -> valid(known, timeout))
        .map(valid -> "Bearer " + valid.value());
  }

  /** The target refused the token: the next run fetches another. */
  void discard() {
    token = null;
  }

  private Future<Token> valid(String known, Duration timeout) {
    var current = token;
    if (current != null
        && current.secret().equals(known)
        && network.now() - current.expires() < 0) {
      return Future.succeededFuture(current);
    }
    var running = pending;
    if (running != null) {
      return running;
    }
    var fetched =
        fetch(known, timeout)
            .onSuccess(issued -> token = issued)
            .onComplete(done -> pending = null);
    pending = fetched.isComplete() ? null : fetched;
    return fetched;
  }

  private Future<Token> fetch(String known, Duration timeout) {
    var response = new HttpResponseData[1];
    return Run.on(network, timeout, run -> loadTls(run, known, response))
        .compose(
            outcome ->
                outcome.fold(
                    success -> parse(response[0], known),
                    failure -> failed(failure.detail()),
                    notRun -> failed("the request could not be sent; see the log")));
  }

  private void loadTls(Run run, String known, HttpResponseData[] response) {
    if (endpoint.secure()) {
      run.awaitSetup(
          tls.context(),
          context ->
              connect(run, known, response, Optional.of(context.handshake(endpoint.host()))));
    } else {
      connect(run, known, response, Optional.empty());
    }
  }

  private void connect(
      Run run, String known, HttpResponseData[] response, Optional<Handshake> handshake) {
    Lookup.first(
        run,
        endpoint.host(),
        Family.ANY,
        address -> send(run, request(known), address, response, handshake));
  }

  private void send(
      Run run,
      HttpRequestSpec request,
      InetAddress address,
      HttpResponseData[] response,
      Optional<Handshake> handshake) {
    new HttpExchange(
            run,
            request,
            HttpVersion.AUTO,
            LIMIT,
            Optional.empty(),
            head -> response[0] = head,
            complete -> run.succeed())
        .open(new InetSocketAddress(address, endpoint.port()), handshake);
  }

  /**
   * The client authenticates by the basic scheme, which every server has (RFC 6749 section 2.3.1).
   */
  private HttpRequestSpec request(String known) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    if (!settings.scopes().isEmpty()) {
      form.put("scope", String.join(" ", settings.scopes()));
    }
    form.putAll(settings.endpointParams());
    var headers = new LinkedHashMap<String, String>();
    headers.put("User-Agent", HttpProbe.USER_AGENT);
    headers.put("Accept", "application/json");
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.put(
        "Authorization", ProxyAddress.basic(encoded(settings.clientId()) + ":" + encoded(known)));
    var body =
        form.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return new HttpRequestSpec(
        "POST",
        endpoint,
        endpoint.authority(),
        headers,
        ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)),
        false);
  }

  private Future<Token> parse(HttpResponseData response, String known) {
    JsonObject json;
    try {
      json = new JsonObject(response.text());
    } catch (DecodeException e) {
      return failed("status " + response.status() + " and no JSON object");
    }
    if (response.status() != 200) {
      return failed("status " + response.status() + error(json));
    }
    if (!(json.getValue("access_token") instanceof String value)
        || value.isEmpty()
        || !Headers.isValue(value)) {
      return failed("the response has no access_token");
    }
    if (json.getValue("token_type") instanceof String type && !type.equalsIgnoreCase("bearer")) {
      return failed("the token_type is not Bearer");
    }
    return Future.succeededFuture(
        new Token(value, known, network.now() + lifetime(json).toNanos()));
  }

  private static Duration lifetime(JsonObject json) {
    var seconds = String.valueOf(json.getValue("expires_in"));
    if (!seconds.matches("\\d{1,9}")) {
      return DEFAULT_LIFETIME;
    }
    var lifetime = Duration.ofSeconds(Long.parseLong(seconds)).minus(MIN_VALIDITY);
    return lifetime.compareTo(MAX_LIFETIME) > 0 ? MAX_LIFETIME : lifetime;
  }

  /** The error code of RFC 6749 section 5.2, which is no secret. */
  private static String error(JsonObject json) {
    return json.getValue("error") instanceof String code && code.matches("[\\x20-\\x7e]{1,64}")
        ? " " + code
        : "";
  }

  private Future<Token> failed(String why) {
    return Future.failedFuture(
        new ProbeFailure(
            Phase.PROCESSING,
            Cause.TOKEN_FAILED,
            "no token from " + endpoint.withoutQuery() + ": " + why));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
