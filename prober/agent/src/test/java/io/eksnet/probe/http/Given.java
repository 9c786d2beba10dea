package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsSettingsBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Settings for a test, from a plain GET on. */
final class Given {
  private final HttpSettingsBuilder settings = HttpSettings.builder();
  private final HttpExpectBuilder expect = HttpExpectBuilder.builder(HttpExpect.SUCCESS);
  private final TlsSettingsBuilder tls = TlsSettingsBuilder.builder(TlsSettings.DEFAULT);

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
  Given with(Consumer<HttpSettingsBuilder> given) {
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
    expect.status(List.of(words));
    return this;
  }

  Given bodyMatches(String pattern) {
    expect.body(List.of(Pattern.compile(pattern)));
    return this;
  }

  Given bodyLacks(String pattern) {
    expect.bodyAbsent(List.of(Pattern.compile(pattern)));
    return this;
  }

  Given headerMatches(String name, String pattern) {
    expect.headers(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  Given headerMatchesIfPresent(String name, String pattern) {
    expect.headersIfPresent(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  Given headerAbsent(String name, String pattern) {
    expect.headersAbsent(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  Given overTls(boolean given) {
    expect.tls(given);
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
    tls.caFile(caFile);
    return this;
  }

  Given serverName(String name) {
    tls.serverName(name);
    return this;
  }

  Given trustingAnybody() {
    tls.insecureSkipVerify(true);
    return this;
  }

  HttpSettings settings() {
    return settings.expect(expect.build()).tls(tls.build()).build();
  }
}
