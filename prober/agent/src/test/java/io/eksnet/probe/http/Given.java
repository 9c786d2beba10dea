package io.eksnet.probe.http;

import com.google.re2j.Pattern;
import io.eksnet.model.Family;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Bench;
import io.eksnet.probe.net.TlsSettings;
import io.eksnet.probe.net.TlsVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings for a test, from a plain GET on. */
final class Given {
  private String method = "GET";
  private Map<String, String> headers = Map.of();
  private Map<String, Path> headerFiles = Map.of();
  private Optional<BasicAuth> basicAuth = Optional.empty();
  private Optional<Path> bearerTokenFile = Optional.empty();
  private Optional<String> host = Optional.empty();
  private Optional<String> address = Optional.empty();
  private AddressSelection addresses = AddressSelection.ONE;
  private HttpVersion version = HttpVersion.AUTO;
  private Optional<String> body = Optional.empty();
  private HttpExpect expect = HttpExpect.SUCCESS;
  private int maxBody = 1_048_576;
  private int maxRedirects = 5;
  private List<String> redirectHosts = List.of();
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

  Given method(String given) {
    method = given;
    return this;
  }

  Given headers(Map<String, String> given) {
    headers = given;
    return this;
  }

  Given headerFiles(Map<String, Path> given) {
    headerFiles = given;
    return this;
  }

  Given basicAuth(String username, Path passwordFile) {
    basicAuth = Optional.of(new BasicAuth(username, passwordFile));
    return this;
  }

  Given bearerTokenFile(Path given) {
    bearerTokenFile = Optional.of(given);
    return this;
  }

  Given host(String given) {
    host = Optional.of(given);
    return this;
  }

  Given address(String given) {
    address = Optional.of(given);
    return this;
  }

  Given addresses(AddressSelection given) {
    addresses = given;
    return this;
  }

  Given version(HttpVersion given) {
    version = given;
    return this;
  }

  Given body(String given) {
    body = Optional.of(given);
    return this;
  }

  Given status(String... words) {
    expect = new HttpExpect(List.of(words), expect.body(), expect.bodyAbsent(), expect.headers());
    return this;
  }

  Given bodyMatches(String pattern) {
    expect =
        new HttpExpect(
            expect.status(),
            List.of(Pattern.compile(pattern)),
            expect.bodyAbsent(),
            expect.headers());
    return this;
  }

  Given bodyLacks(String pattern) {
    expect =
        new HttpExpect(
            expect.status(), expect.body(), List.of(Pattern.compile(pattern)), expect.headers());
    return this;
  }

  Given headerMatches(String name, String pattern) {
    expect =
        new HttpExpect(
            expect.status(),
            expect.body(),
            expect.bodyAbsent(),
            Map.of(name, Pattern.compile(pattern)));
    return this;
  }

  Given maxBody(int given) {
    maxBody = given;
    return this;
  }

  Given maxRedirects(int given) {
    maxRedirects = given;
    return this;
  }

  Given redirectHosts(String... given) {
    redirectHosts = List.of(given);
    return this;
  }

  Given trusting(Path caFile) {
    tls =
        new TlsSettings(
            tls.serverName(),
            Optional.of(caFile),
            Optional.empty(),
            Optional.empty(),
            false,
            TlsVersion.TLS1_2);
    return this;
  }

  Given serverName(String name) {
    tls =
        new TlsSettings(
            Optional.of(name),
            tls.caFile(),
            Optional.empty(),
            Optional.empty(),
            false,
            TlsVersion.TLS1_2);
    return this;
  }

  Given trustingAnybody() {
    tls =
        new TlsSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            TlsVersion.TLS1_2);
    return this;
  }

  HttpSettings settings() {
    return new HttpSettings(
        method,
        headers,
        headerFiles,
        basicAuth,
        bearerTokenFile,
        host,
        address,
        Family.ANY,
        addresses,
        version,
        body,
        expect,
        maxBody,
        maxRedirects,
        redirectHosts,
        tls);
  }
}
