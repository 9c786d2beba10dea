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
final class TestHttpSettings {
  private final HttpSettingsBuilder settings = HttpSettings.builder();
  private final HttpExpectBuilder expect = HttpExpectBuilder.builder(HttpExpect.SUCCESS);
  private final TlsSettingsBuilder tls = TlsSettingsBuilder.builder(TlsSettings.DEFAULT);

  static TestHttpSettings get() {
    return new TestHttpSettings();
  }

  static Target target(String url) {
    return new HttpKind().target(url, HttpSettings.DEFAULT);
  }

  static Probe probe(HttpSettings settings, Bench bench) {
    return new HttpKind().create(settings, bench.network());
  }

  /** With settings that have no method here. */
  TestHttpSettings with(Consumer<HttpSettingsBuilder> given) {
    given.accept(settings);
    return this;
  }

  TestHttpSettings method(String given) {
    settings.method(given);
    return this;
  }

  TestHttpSettings headers(Map<String, String> given) {
    settings.headers(given);
    return this;
  }

  TestHttpSettings headerFiles(Map<String, Path> given) {
    settings.headerFiles(given);
    return this;
  }

  TestHttpSettings basicAuth(String username, Path passwordFile) {
    settings.basicAuth(new BasicAuth(username, passwordFile));
    return this;
  }

  TestHttpSettings bearerTokenFile(Path given) {
    settings.bearerTokenFile(given);
    return this;
  }

  TestHttpSettings host(String given) {
    settings.host(given);
    return this;
  }

  TestHttpSettings address(String given) {
    settings.address(given);
    return this;
  }

  TestHttpSettings addresses(AddressSelection given) {
    settings.addresses(given);
    return this;
  }

  TestHttpSettings version(HttpVersion given) {
    settings.version(given);
    return this;
  }

  TestHttpSettings body(String given) {
    settings.body(given);
    return this;
  }

  TestHttpSettings status(String... words) {
    expect.status(List.of(words));
    return this;
  }

  TestHttpSettings bodyMatches(String pattern) {
    expect.body(List.of(Pattern.compile(pattern)));
    return this;
  }

  TestHttpSettings bodyLacks(String pattern) {
    expect.bodyAbsent(List.of(Pattern.compile(pattern)));
    return this;
  }

  TestHttpSettings headerMatches(String name, String pattern) {
    expect.headers(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  TestHttpSettings headerMatchesIfPresent(String name, String pattern) {
    expect.headersIfPresent(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  TestHttpSettings headerAbsent(String name, String pattern) {
    expect.headersAbsent(Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  TestHttpSettings versions(String... given) {
    expect.versions(List.of(given));
    return this;
  }

  TestHttpSettings overTls(boolean given) {
    expect.tls(given);
    return this;
  }

  TestHttpSettings maxBody(int given) {
    settings.maxBody(given);
    return this;
  }

  TestHttpSettings maxRedirects(int given) {
    settings.maxRedirects(given);
    return this;
  }

  TestHttpSettings redirectHosts(String... given) {
    settings.redirectHosts(List.of(given));
    return this;
  }

  TestHttpSettings trusting(Path caFile) {
    tls.caFile(caFile);
    return this;
  }

  TestHttpSettings serverName(String name) {
    tls.serverName(name);
    return this;
  }

  TestHttpSettings trustingAnybody() {
    tls.insecureSkipVerify(true);
    return this;
  }

  HttpSettings settings() {
    return settings.expect(expect.build()).tls(tls.build()).build();
  }
}
