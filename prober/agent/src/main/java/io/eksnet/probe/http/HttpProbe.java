package io.eksnet.probe.http;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Headers;
import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ReloadingValue;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends requests, each over a new connection, and follows redirects. */
final class HttpProbe implements Probe {
  static final String USER_AGENT =
      "eksnet/"
          + Optional.ofNullable(HttpProbe.class.getPackage().getImplementationVersion())
              .orElse("dev");

  /**
   * How long a server may take to close, which spares the prober the TIME_WAIT: servers that honour
   * {@code Connection: close} do so within a round trip, the others must not delay the outcome.
   */
  private static final Duration CLOSE_GRACE = Duration.ofMillis(50);

  /** Of a body that is kept, if the settings have no limit. */
  private static final long DEFAULT_MAX_BODY = 1_048_576;

  private static final int UNAUTHORIZED = 401;
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private final Network network;
  private final HttpSettings settings;
  private final Optional<Function<String, List<ScrapedSample>>> parser;
  private final ResponseMatcher matcher;
  private final Redirects redirects;
  private final Map<String, String> headers;
  private final ByteBuffer body;
  private final HttpExchange.BodyLimit limit;
  private final Function<Url, Optional<ProxyAddress>> proxies;
  private final Optional<String> problem;
  private final Optional<OAuth2Token> token;
  private final Tls tls;
  private final ReloadingValue<RequestFiles> files;

  /**
   * @param parser from the body to the samples of a success
   */
  HttpProbe(
      HttpSettings settings,
      Optional<Function<String, List<ScrapedSample>>> parser,
      ProxyEnvironment environment,
      Network network) {
    this.network = settings.network().of(network);
    this.settings = settings;
    this.parser = parser;
    this.matcher = new ResponseMatcher(settings.expect(), settings.compression());
    this.redirects =
        new Redirects(
            settings.maxRedirects(), settings.redirectHosts(), settings.bodyFile().isPresent());
    this.headers = withDefaults(settings);
    this.body =
        ByteBuffer.wrap(settings.body().orElse("").getBytes(StandardCharsets.UTF_8))
            .asReadOnlyBuffer();
    this.limit = limit(settings, matcher.keepsBody() || parser.isPresent());
    this.proxies = proxies(settings, environment);
    this.problem = settings.proxyFromEnvironment() ? environment.problem() : Optional.empty();
    this.token = settings.oauth2().map(oauth2 -> new OAuth2Token(this.network, oauth2));
    this.tls = new Tls(network, settings.tls(), settings.version().alpn());
    this.files =
        new ReloadingValue<>(
            network, RequestFiles.files(settings), () -> RequestFiles.read(settings));
  }

  private static Map<String, String> withDefaults(HttpSettings settings) {
    var all = new LinkedHashMap<String, String>();
    all.put("User-Agent", USER_AGENT);
    all.put("Accept", "*/*");
    all.put("Accept-Encoding", settings.compression().map(Compression::coding).orElse("identity"));
    all.keySet().removeIf(name -> Headers.value(settings.headers(), name).isPresent());
    all.putAll(settings.headers());
    return all;
  }

  private static HttpExchange.BodyLimit limit(HttpSettings settings, boolean keep) {
    var usual = keep ? DEFAULT_MAX_BODY : Long.MAX_VALUE;
    return new HttpExchange.BodyLimit(
        keep, settings.maxBody().map(Integer::longValue).orElse(usual));
  }

  private static Function<Url, Optional<ProxyAddress>> proxies(
      HttpSettings settings, ProxyEnvironment environment) {
    if (settings.proxyFromEnvironment()) {
      return environment::proxy;
    }
    var proxy = settings.proxyUrl().map(ProxyAddress::parse);
    var direct = new NoProxy(settings.noProxy());
    return url -> proxy.filter(any -> !direct.covers(url));
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(network, timeout, run -> loadTls(run, target, timeout));
  }

  /** Loading files for the first run is not part of its time. */
  private void loadTls(Run run, Target target, Duration timeout) {
    if (target.secure()) {
      run.awaitSetup(tls.context(), context -> loadFiles(run, target, timeout));
    } else {
      loadFiles(run, target, timeout);
    }
  }

  private void loadFiles(Run run, Target target, Duration timeout) {
    if (RequestFiles.files(settings).isEmpty()) {
      loadToken(run, target, RequestFiles.NONE, timeout);
    } else {
      run.awaitSetup(files.get(), loaded -> loadToken(run, target, loaded, timeout));
    }
  }

  private void loadToken(Run run, Target target, RequestFiles loaded, Duration timeout) {
    if (token.isEmpty()) {
      start(run, target, loaded);
      return;
    }
    run.onTimeout(
        () ->
            run.fail(
                Phase.PROCESSING,
                Cause.TOKEN_FAILED,
                "the token endpoint did not answer before the timeout"));
    run.await(
        token.get().authorization(timeout),
        value -> {
          run.onTimeout(() -> {});
          start(run, target, loaded.withAuthorization(value));
        });
  }

  private void start(Run run, Target target, RequestFiles loaded) {
    if (problem.isPresent()) {
      run.fail(new LocalFailure(problem.get()));
      return;
    }
    run.startClock();
    var home = new Url(target.secure(), target.host(), target.port(), target.path());
    if (proxies.apply(home).isPresent()) {
      new Attempt(run, loaded, home, null).start();
      return;
    }
    Lookup.each(
        run,
        settings.address().orElse(target.host()),
        settings.family(),
        settings.addresses(),
        (part, address) -> new Attempt(part, loaded, home, address).start());
  }

  /** The requests of a run at one address of the target, from the first to the last redirect. */
  private final class Attempt {
    private final Run run;
    private final RequestFiles loaded;
    private final Url home;
    private final @Nullable InetAddress homeAddress;
    private final CookieJar cookies = new CookieJar();
    private int redirected;
    private Redirects.@Nullable Follow next;

    /**
     * @param homeAddress null if a proxy resolves the name
     */
    Attempt(Run run, RequestFiles loaded, Url home, @Nullable InetAddress homeAddress) {
      this.run = run;
      this.loaded = loaded;
      this.home = home;
      this.homeAddress = homeAddress;
    }

    void start() {
      send(home, settings.method(), loaded.body().orElse(body));
    }

    private void send(Url url, String method, ByteBuffer content) {
      var proxy =
          proxies
              .apply(url)
              .map(known -> known.with(loaded.proxyCredentials().or(known::credentials)));
      var request = request(url, method, content, proxy);
      if (proxy.isPresent()) {
        run.through(proxy.get().toString());
        Lookup.first(
            run, proxy.get().host(), settings.family(), address -> secure(request, address, proxy));
      } else if (isHome(url) && homeAddress != null) {
        secure(request, homeAddress, proxy);
      } else {
        Lookup.first(
            run, url.host(), settings.family(), address -> secure(request, address, proxy));
      }
    }

    /** Credentials are sent to the target's own origin only. */
    private HttpRequestSpec request(
        Url url, String method, ByteBuffer content, Optional<ProxyAddress> proxy) {
      var authority = isHome(url) ? settings.host().orElseGet(url::authority) : url.authority();
      var all = new LinkedHashMap<>(headers);
      if (url.hasOriginOf(home)) {
        all.putAll(loaded.headers());
      }
      cookies.header(url).ifPresent(cookie -> addCookie(all, cookie));
      var plainProxy = proxy.filter(any -> !url.secure());
      plainProxy
          .flatMap(ProxyAddress::credentials)
          .ifPresent(value -> all.put("Proxy-Authorization", value));
      return new HttpRequestSpec(method, url, authority, all, content, plainProxy.isPresent());
    }

    /** A request has one Cookie header (RFC 6265 section 5.4), so a configured one is completed. */
    private static void addCookie(Map<String, String> all, String cookie) {
      var configured = Headers.value(all, "Cookie");
      all.keySet().removeIf("Cookie"::equalsIgnoreCase);
      all.put("Cookie", configured.map(own -> own + "; " + cookie).orElse(cookie));
    }

    private boolean isHome(Url url) {
      return url.host().equals(home.host());
    }

    private void secure(
        HttpRequestSpec request, InetAddress address, Optional<ProxyAddress> proxy) {
      var url = request.url();
      if (!url.secure()) {
        connect(request, address, proxy, Optional.empty());
        return;
      }
      var serverName = isHome(url) ? settings.tls().serverName().orElse(url.host()) : url.host();
      run.awaitSetup(
          tls.context(),
          context -> connect(request, address, proxy, Optional.of(context.handshake(serverName))));
    }

    private void connect(
        HttpRequestSpec request,
        InetAddress address,
        Optional<ProxyAddress> proxy,
        Optional<Handshake> handshake) {
      var port = proxy.map(ProxyAddress::port).orElse(request.url().port());
      run.trace("connect", AddressLiteral.text(address) + " port " + port);
      new HttpExchange(
              run,
              request,
              settings.version(),
              limit,
              proxy.filter(any -> request.url().secure()).map(to -> tunnel(request.url(), to)),
              response -> onHead(request, response),
              response -> onComplete(request, response))
          .open(
              new InetSocketAddress(address, port),
              handshake,
              settings.proxyProtocol().filter(any -> isHome(request.url())));
    }

    /** RFC 9110 section 9.3.6. */
    private HttpRequestSpec tunnel(Url url, ProxyAddress proxy) {
      var all = new LinkedHashMap<String, String>();
      all.put("User-Agent", USER_AGENT);
      all.putAll(settings.proxyConnectHeaders());
      proxy.credentials().ifPresent(value -> all.put("Proxy-Authorization", value));
      return HttpRequestSpec.connect(url, all);
    }

    private void onHead(HttpRequestSpec request, HttpResponseData response) {
      cookies.store(request.url(), response.header("set-cookie"), Instant.now());
      if (response.status() == UNAUTHORIZED && request.url().hasOriginOf(home)) {
        token.ifPresent(OAuth2Token::discard);
      }
      if (response.status() == PROXY_AUTHENTICATION_REQUIRED && request.absolute()) {
        run.fail(Phase.PROCESSING, Cause.PROXY_FAILED, "the proxy requires credentials");
        return;
      }
      var remark = "";
      if (!matcher.expectsStatus(response)) {
        var decision = redirects.decide(response, request, home);
        if (decision instanceof Redirects.Follow follow && ++redirected <= redirects.max()) {
          next = follow;
          return;
        }
        remark = decision instanceof Redirects.Stop stop ? stop.remark() : "";
      }
      run.note(new Note.Answered(response.status(), response.byLoadBalancer()));
      if (redirected > redirects.max()) {
        run.fail(
            Phase.PROCESSING, Cause.REDIRECT_LIMIT, "more than " + redirects.max() + " redirects");
        return;
      }
      matcher
          .head(response, remark)
          .ifPresent(mismatch -> run.fail(Phase.PROCESSING, mismatch.cause(), mismatch.detail()));
    }

    private void onComplete(HttpRequestSpec request, HttpResponseData response) {
      var follow = next;
      if (follow != null) {
        next = null;
        run.trace("redirect", response.status() + " to " + follow.url().withoutQuery());
        run.close();
        send(
            follow.url(),
            follow.method(),
            follow.withBody() ? request.body() : HttpRequestSpec.NO_BODY);
        return;
      }
      var grpcStatus = response.grpcStatus().filter(code -> !code.equals("0"));
      if (grpcStatus.isPresent()) {
        run.fail(
            Phase.TRANSFER, Cause.GRPC_STATUS, "the gRPC status is " + quoted(grpcStatus.get()));
      } else if (!limit.keep()) {
        run.succeedOnceClosed(CLOSE_GRACE);
      } else {
        decode(response);
      }
    }

    private static String quoted(String code) {
      return code.replaceAll("[^0-9]", "?");
    }

    private void decode(HttpResponseData response) {
      try {
        if (!response.decode()) {
          run.fail(
              Phase.TRANSFER,
              Cause.TOO_LARGE,
              "the decompressed body is longer than " + limit.max() + " bytes");
          return;
        }
      } catch (IOException e) {
        run.fail(
            Phase.TRANSFER,
            Cause.HTTP_BODY,
            "the body is not valid "
                + String.join(", ", response.codings())
                + ": "
                + e.getMessage());
        return;
      }
      var mismatch = matcher.body(response);
      if (mismatch.isPresent()) {
        run.fail(Phase.TRANSFER, mismatch.get().cause(), mismatch.get().detail());
      } else if (parser.isPresent()) {
        scrape(parser.get().apply(response.text()));
      } else {
        run.succeedOnceClosed(CLOSE_GRACE);
      }
    }

    private void scrape(List<ScrapedSample> samples) {
      run.note(new Note.Read(samples));
      if (samples.isEmpty()) {
        run.fail(Phase.TRANSFER, Cause.HTTP_BODY, "the page has none of the expected samples");
      } else {
        run.succeedOnceClosed(CLOSE_GRACE);
      }
    }
  }
}
