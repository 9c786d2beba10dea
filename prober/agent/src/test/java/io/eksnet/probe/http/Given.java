package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Settings for a test, from a plain GET on. */
final class Given {
  private final HttpSettings.Builder settings = HttpSettings.builder();
  private HttpExpect expect = HttpExpect.SUCCESS;
  private TlsSettings tls = TlsSettings.DEFAULT;

  static Given get() {
    return new Given();
  }

  static Target target(String url) {
    return new HttpKind().target(url, HttpSettings.DEFAULT);
  }

  static Probe probe(HttpSettings settings, Bench bench) {
    return new HttpKind().create(settings, bench.network());
  }

  /** With settings that have no method here. */
  Given with(Consumer<HttpSettings.Builder> given) {
    given.accept(settings);
    return this;
  }

  Given method(String given) {
    settings.method(given);
    return this;
  }

  Given headers(Map<String, String> given) {
    settings.headers(given);
    return this;
  }

  Given headerFiles(Map<String, Path> given) {
    settings.headerFiles(given);
    return this;
  }

  Given basicAuth(String username, Path passwordFile) {
    settings.basicAuth(new BasicAuth(username, passwordFile));
    return this;
  }

  Given bearerTokenFile(Path given) {
    settings.bearerTokenFile(given);
    return this;
  }

  Given host(String given) {
    settings.host(given);
    return this;
  }

  Given address(String given) {
    settings.address(given);
    return this;
  }

  Given addresses(AddressSelection given) {
    settings.addresses(given);
    return this;
  }

  Given version(HttpVersion given) {
    settings.version(given);
    return this;
  }

  Given body(String given) {
    settings.body(given);
    return this;
  }

  Given status(String... words) {
    return expect(
        List.of(words),
        expect.body(),
        expect.bodyAbsent(),
        expect.headers(),
        expect.headersIfPresent(),
        expect.headersAbsent(),
        expect.tls());
  }

  Given bodyMatches(String pattern) {
    return expect(
        expect.status(),
        List.of(Pattern.compile(pattern)),
        expect.bodyAbsent(),
        expect.headers(),
        expect.headersIfPresent(),
        expect.headersAbsent(),
        expect.tls());
  }

  Given bodyLacks(String pattern) {
    return expect(
        expect.status(),
        expect.body(),
        List.of(Pattern.compile(pattern)),
        expect.headers(),
        expect.headersIfPresent(),
        expect.headersAbsent(),
        expect.tls());
  }

  Given headerMatches(String name, String pattern) {
    return expect(
        expect.status(),
        expect.body(),
        expect.bodyAbsent(),
        Map.of(name, Pattern.compile(pattern)),
        expect.headersIfPresent(),
        expect.headersAbsent(),
        expect.tls());
  }

  Given headerMatchesIfPresent(String name, String pattern) {
    return expect(
        expect.status(),
        expect.body(),
        expect.bodyAbsent(),
        expect.headers(),
        Map.of(name, Pattern.compile(pattern)),
        expect.headersAbsent(),
        expect.tls());
  }

  Given headerAbsent(String name, String pattern) {
    return expect(
        expect.status(),
        expect.body(),
        expect.bodyAbsent(),
        expect.headers(),
        expect.headersIfPresent(),
        Map.of(name, Pattern.compile(pattern)),
        expect.tls());
  }

  Given overTls(boolean given) {
    return expect(
        expect.status(),
        expect.body(),
        expect.bodyAbsent(),
        expect.headers(),
        expect.headersIfPresent(),
        expect.headersAbsent(),
        Optional.of(given));
  }

  private Given expect(
      List<String> status,
      List<Pattern> body,
      List<Pattern> bodyAbsent,
      Map<String, Pattern> headers,
      Map<String, Pattern> headersIfPresent,
      Map<String, Pattern> headersAbsent,
      Optional<Boolean> overTls) {
    expect =
        new HttpExpect(status, body, bodyAbsent, headers, headersIfPresent, headersAbsent, overTls);
    return this;
  }

  Given maxBody(int given) {
    settings.maxBody(given);
    return this;
  }

  Given maxRedirects(int given) {
    settings.maxRedirects(given);
    return this;
  }

  Given redirectHosts(String... given) {
    settings.redirectHosts(List.of(given));
    return this;
  }

  Given trusting(Path caFile) {
    tls = tls.withCaFile(Optional.of(caFile));
    return this;
  }

  Given serverName(String name) {
    tls = tls.withServerName(name);
    return this;
  }

  Given trustingAnybody() {
    tls = TlsSettings.UNVERIFIED;
    return this;
  }

  HttpSettings settings() {
    return settings.expect(expect).tls(tls).build();
  }
}
