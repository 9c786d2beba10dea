package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ReloadingValue;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends requests, each over a new connection, and follows redirects. */
final class HttpProbe implements Probe {
  /**
   * How long a server may take to close, which spares the prober the TIME_WAIT: servers that honour
   * {@code Connection: close} do so within a round trip, the others must not delay the outcome.
   */
  private static final Duration CLOSE_GRACE = Duration.ofMillis(50);

  private static final String VERSION =
      Optional.ofNullable(HttpProbe.class.getPackage().getImplementationVersion()).orElse("dev");

  private final Network network;
  private final HttpSettings settings;
  private final Optional<Function<String, List<ScrapedSample>>> parser;
  private final ResponseMatcher matcher;
  private final Redirects redirects;
  private final Map<String, String> headers;
  private final Tls tls;
  private final ReloadingValue<CredentialHeaders> credentials;

  /**
   * @param parser from the body to the samples of a success
   */
  HttpProbe(
      HttpSettings settings,
      Optional<Function<String, List<ScrapedSample>>> parser,
      Network network) {
    this.network = network;
    this.settings = settings;
    this.parser = parser;
    this.matcher = new ResponseMatcher(settings.expect());
    this.redirects = new Redirects(settings.maxRedirects(), settings.redirectHosts());
    this.headers = withDefaults(settings.headers());
    this.tls = new Tls(network, settings.tls(), settings.version().alpn());
    this.credentials =
        new ReloadingValue<>(
            network, CredentialHeaders.files(settings), () -> CredentialHeaders.read(settings));
  }

  private static Map<String, String> withDefaults(Map<String, String> configured) {
    var all = new LinkedHashMap<String, String>();
    all.put("User-Agent", "eksnet/" + VERSION);
    all.put("Accept", "*/*");
    all.put("Accept-Encoding", "identity");
    all.keySet().removeIf(name -> configured.keySet().stream().anyMatch(name::equalsIgnoreCase));
    all.putAll(configured);
    return all;
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    return Run.on(network, timeout, run -> loadTls(run, target));
  }

  /** Loading files for the first run is not part of its time. */
  private void loadTls(Run run, Target target) {
    if (target.secure()) {
      run.awaitSetup(tls.context(), context -> loadCredentials(run, target));
    } else {
      loadCredentials(run, target);
    }
  }

  private void loadCredentials(Run run, Target target) {
    if (settings.hasCredentials()) {
      run.awaitSetup(credentials.get(), loaded -> start(run, target, loaded));
    } else {
      start(run, target, CredentialHeaders.NONE);
    }
  }

  private void start(Run run, Target target, CredentialHeaders loaded) {
    run.startClock();
    Lookup.each(
        run,
        settings.address().orElse(target.host()),
        settings.family(),
        settings.addresses(),
        (part, address) -> new Attempt(part, loaded, target, address).start());
  }

  /** The requests of a run at one address of the target, from the first to the last redirect. */
  private final class Attempt {
    private final Run run;
    private final CredentialHeaders credentials;
    private final Url home;
    private final InetAddress homeAddress;
    private int redirected;
    private Redirects.@Nullable Follow next;

    Attempt(Run run, CredentialHeaders credentials, Target target, InetAddress homeAddress) {
      this.run = run;
      this.credentials = credentials;
      this.home = new Url(target.secure(), target.host(), target.port(), target.path());
      this.homeAddress = homeAddress;
    }

    void start() {
      send(request(home, settings.method(), settings.body().orElse("")));
    }

    /** Credentials are sent to the target's own origin only. */
    private HttpRequestSpec request(Url url, String method, String body) {
      var authority = isHome(url) ? settings.host().orElseGet(url::authority) : url.authority();
      var all = new LinkedHashMap<>(headers);
      if (url.hasOriginOf(home)) {
        all.putAll(credentials.headers());
      }
      return new HttpRequestSpec(method, url, authority, all, body);
    }

    private boolean isHome(Url url) {
      return url.host().equals(home.host());
    }

    private void send(HttpRequestSpec request) {
      if (isHome(request.url())) {
        send(request, homeAddress);
      } else {
        Lookup.first(
            run, request.url().host(), settings.family(), address -> send(request, address));
      }
    }

    private void send(HttpRequestSpec request, InetAddress address) {
      var url = request.url();
      if (!url.secure()) {
        connect(request, address, Optional.empty());
        return;
      }
      var serverName = isHome(url) ? settings.tls().serverName().orElse(url.host()) : url.host();
      run.awaitSetup(
          tls.context(),
          context -> connect(request, address, Optional.of(context.handshake(serverName))));
    }

    private void connect(
        HttpRequestSpec request, InetAddress address, Optional<Handshake> handshake) {
      var port = request.url().port();
      run.trace("connect", address.getHostAddress() + " port " + port);
      new HttpExchange(
              run,
              request,
              settings.version(),
              matcher.readsBody() || parser.isPresent(),
              settings.maxBody(),
              response -> onHead(request, response),
              response -> onComplete(request, response))
          .open(new InetSocketAddress(address, port), handshake);
    }

    private void onHead(HttpRequestSpec request, HttpResponseData response) {
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
        send(request(follow.url(), follow.method(), follow.withBody() ? request.body() : ""));
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
