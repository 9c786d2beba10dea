package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Headers;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Tls;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** HTTP requests, each over a new connection. */
public sealed class HttpKind implements ProbeKind<HttpSettings> permits HttpScrapeKind {
  /** The media type of gRPC, whose status is a header or trailer of the response. */
  private static final String GRPC = "application/grpc";

  private final ProxyEnvironment environment;

  /** Without proxies of the environment. */
  public HttpKind() {
    this(ProxyEnvironment.NONE);
  }

  /**
   * @param environment for {@code proxy_from_environment}
   */
  public HttpKind(ProxyEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String summary() {
    return "Sends an HTTP request over a new connection and checks the response.";
  }

  @Override
  public Class<HttpSettings> settings() {
    return HttpSettings.class;
  }

  @Override
  public Target target(String text, HttpSettings settings) {
    var url = Url.parse(text);
    if (!url.secure() && settings.version() == HttpVersion.HTTP2 && settings.usesProxy()) {
      throw new IllegalArgumentException(
          "http targets are reached through a proxy with HTTP/1.1: leave version out, or use https");
    }
    if (!url.secure()
        && settings.version() == HttpVersion.AUTO
        && settings.maxRedirects() == 0
        && !settings.expect().allowsVersionOf(HttpVersion.HTTP1)) {
      throw new IllegalArgumentException(
          "http targets respond with HTTP/1.1, and expect.versions has only HTTP/2.0: set version"
              + " to http2, or use https");
    }
    if (!settings.usesProxy() && settings.address().isEmpty()) {
      settings.network().requireReachable(url.host());
    }
    return new Target(text, url.host(), url.port(), url.path(), url.secure());
  }

  @Override
  public Optional<String> fileProblem(HttpSettings settings) {
    return settings.tls().fileProblem();
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.values());
  }

  @Override
  public Set<Cause> causes() {
    return EnumSet.complementOf(EnumSet.of(Cause.GRPC_NOT_SERVING));
  }

  /** Redirects are not part of it: those to other hosts are named by {@code redirect_hosts}. */
  @Override
  public Set<Cause> causes(HttpSettings settings, Target target) {
    var causes =
        settings.usesProxy() || !settings.redirectHosts().isEmpty()
            ? EnumSet.copyOf(Lookup.CAUSES)
            : Lookup.causes(settings.address().orElse(target.host()), settings.family());
    causes.addAll(EnumSet.of(Cause.HTTP_STATUS, Cause.HTTP_PROTOCOL, Cause.TOO_LARGE));
    if (target.secure()) {
      causes.addAll(Tls.CAUSES);
    }
    if (settings.expect().tls().isPresent()) {
      causes.add(Cause.WRONG_ANSWER);
    }
    if (settings.expect().checksContent() || settings.compression().isPresent()) {
      causes.add(Cause.HTTP_BODY);
    }
    if (settings.maxRedirects() > 0) {
      causes.add(Cause.REDIRECT_LIMIT);
    }
    if (settings.usesProxy()) {
      causes.add(Cause.PROXY_FAILED);
    }
    if (settings.oauth2().isPresent()) {
      causes.add(Cause.TOKEN_FAILED);
    }
    if (Headers.value(settings.headers(), "content-type").orElse("").startsWith(GRPC)) {
      causes.add(Cause.GRPC_STATUS);
    }
    return causes;
  }

  @Override
  public Probe create(HttpSettings settings, Network network) {
    return new HttpProbe(settings, Optional.empty(), environment, network);
  }
}
