package io.eksnet.probe.http;

import static io.eksnet.probe.http.TestHttpSettings.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Target;
import io.eksnet.probe.net.LocalFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {
  private final HttpKind kind = new HttpKind();

  @ParameterizedTest
  @CsvSource({
    "https://shop.test/health?a=b, shop.test, 443, /health?a=b, true",
    "http://shop.test, shop.test, 80, /, false",
    "HTTP://Shop.Test:8080?x, shop.test, 8080, /?x, false",
    "https://[fd00::1]:8443/, fd00::1, 8443, /, true",
    "https://bücher.example/, xn--bcher-kva.example, 443, /, true",
    "http://my_service/#top, my_service, 80, /, false"
  })
  void parsesUrls(String text, String host, int port, String path, boolean secure) {
    assertThat(kind.target(text, HttpSettings.DEFAULT))
        .isEqualTo(new Target(text, host, port, path, secure));
  }

  @ParameterizedTest
  @CsvSource({
    "shop.test/health, starts with http://",
    "ftp://shop.test/, starts with http://",
    "https://user:secret@shop.test/, must not hold credentials",
    "https:///health, is not a host",
    "https://shop.test:0/, must be 1 to 65535",
    "https://shop.test/a b, percent-encode",
    "https://fd00::1/, in brackets"
  })
  void rejectsInvalidUrlsWithRemedy(String text, String message) {
    assertThatThrownBy(() -> kind.target(text, HttpSettings.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "cookie", "Proxy-Authorization", "X-Api-Key"})
  void rejectsCredentialsAmongHeaders(String name) {
    assertThatThrownBy(() -> get().headers(Map.of(name, "s3cr3t")).settings())
        .hasMessage(
            "headers: the header "
                + name
                + " is a credential: give it by file, with basic_auth, bearer_token_file or"
                + " header_files");
  }

  @ParameterizedTest
  @CsvSource({
    "Host, set host instead",
    "Content-Length, leave it out",
    "Transfer-Encoding, leave it out"
  })
  void rejectsReservedHeaders(String name, String remedy) {
    assertThatThrownBy(() -> get().headers(Map.of(name, "x")).settings())
        .hasMessageContaining(remedy);
    assertThatThrownBy(() -> get().headerFiles(Map.of(name, Path.of("x"))).settings())
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, HTTP/3.0, versions: \"HTTP/3.0\" is not a version of HTTP that a probe receives",
    "AUTO, HTTP/2, 'write HTTP/1.0, HTTP/1.1, HTTP/2.0'",
    "AUTO, http/1.1, is not a version of HTTP",
    "HTTP1, HTTP/2.0, expect.versions: has only versions that version excludes",
    "HTTP2, HTTP/1.1, leave version out",
  })
  void rejectsVersionsThatNoResponseHas(HttpVersion version, String expected, String message) {
    assertThatThrownBy(() -> get().version(version).versions(expected).settings())
        .hasMessageContaining(message);
  }

  /** Without TLS, a probe speaks HTTP/1.1; a redirect may lead to another version. */
  @Test
  void rejectsPlainTargetsWhoseResponsesCannotHaveTheExpectedVersion() {
    var http2 = get().versions("HTTP/2.0").with(s -> s.maxRedirects(0));
    var kind = new HttpKind();

    assertThatThrownBy(() -> kind.target("http://a.test/", http2.settings()))
        .hasMessageContaining("set version to http2, or use https");
    assertThat(kind.target("https://a.test/", http2.settings())).isNotNull();
    assertThat(kind.target("http://a.test/", http2.with(s -> s.maxRedirects(1)).settings()))
        .isNotNull();
    assertThat(kind.target("http://a.test/", http2.version(HttpVersion.HTTP2).settings()))
        .isNotNull();
  }

  @Test
  void rejectsLineEndsInHeaders() {
    assertThatThrownBy(() -> get().headers(Map.of("X", "a\r\nY: b")).settings())
        .hasMessage("headers: the value of the header X must be one line of printable Latin-1");
    assertThatThrownBy(() -> get().headers(Map.of("X\r\nY", "a")).settings())
        .hasMessageContaining("unlike \"X??Y\"");
    assertThatThrownBy(() -> get().host("a\r\nb").settings()).hasMessageContaining("is not a host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "GET /", "CONNECT", ""})
  void rejectsInvalidMethods(String method) {
    assertThatThrownBy(() -> get().method(method).settings())
        .hasMessageStartingWith("method: \"")
        .hasMessageContaining("write a method such as GET");
  }

  @Test
  void rejectsCredentialsWithoutVerification() {
    assertThatThrownBy(() -> get().trustingAnybody().bearerTokenFile(Path.of("token")).settings())
        .hasMessageContaining("give tls.ca_file instead");
  }

  @Test
  void readsTheUserNameFromAFile(@TempDir Path directory) throws Exception {
    var name = Files.writeString(directory.resolve("name"), "probe\n");
    var password = Files.writeString(directory.resolve("password"), "s3:cr3t\n");
    var basic = new BasicAuth(Optional.empty(), Optional.of(name), password);

    assertThat(basic.files()).containsExactly(name, password);
    assertThat(basic.credentials()).isEqualTo("probe:s3:cr3t");
    assertThat(RequestFiles.files(get().with(s -> s.basicAuth(basic)).settings()))
        .containsExactly(name, password);
    Files.writeString(name, "a:b");
    assertThatThrownBy(basic::credentials)
        .isInstanceOf(LocalFailure.class)
        .hasMessageContaining("must hold a user name without colons");
  }

  @Test
  void needsOneUserName() {
    var file = Optional.of(Path.of("name"));
    var password = Path.of("password");

    assertThatThrownBy(() -> new BasicAuth(Optional.empty(), Optional.empty(), password))
        .hasMessageContaining("needs either username or username_file");
    assertThatThrownBy(() -> new BasicAuth(Optional.of("probe"), file, password))
        .hasMessageContaining("needs either username or username_file");
  }

  @Test
  void rejectsTwoAuthorizations() {
    assertThatThrownBy(
            () ->
                get()
                    .bearerTokenFile(Path.of("token"))
                    .basicAuth("probe", Path.of("password"))
                    .settings())
        .hasMessageContaining("exclude each other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok", "0xx", "20", "099", "1000", "299-200", "200-", "2XX"})
  void rejectsInvalidStatuses(String word) {
    assertThatThrownBy(() -> ResponseMatcher.statuses(List.of(word))).hasMessageContaining(word);
  }

  @Test
  void keepsTheOrderOfHeaders() {
    var names = List.of("X-Z", "X-A", "X-M", "X-B");
    var headers = new LinkedHashMap<String, String>();
    names.forEach(name -> headers.put(name, "1"));

    assertThat(get().headers(headers).settings().headers().keySet())
        .containsExactlyElementsOf(names);
  }

  @Test
  void rejectsTwoBodies() {
    assertThatThrownBy(() -> get().body("x").with(s -> s.bodyFile(Path.of("body"))).settings())
        .hasMessage("body_file: excludes body: give one of them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"gzip|true", "br, GZIP;q=0.5|true", "br|false", "identity|false"})
  void requiresThatTheCompressionIsAccepted(String accepted, boolean valid) {
    var given =
        get()
            .headers(Map.of("accept-encoding", accepted))
            .with(s -> s.compression(Compression.GZIP));

    if (valid) {
      given.settings();
    } else {
      assertThatThrownBy(given::settings).hasMessageContaining("must accept gzip");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://proxy.test:3128, other schemes are not supported",
    "socks5://proxy.test:1080, other schemes are not supported",
    "proxy.test:3128, other schemes are not supported",
    "http://user:secret@proxy.test:3128, proxy_basic_auth",
    "http://proxy.test:3128/path, must end with a colon and a port",
    "http://:3128, is not a host"
  })
  void rejectsInvalidProxies(String url, String message) {
    assertThatThrownBy(() -> get().with(s -> s.proxyUrl(url)).settings())
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }

  @Test
  void rejectsProxySettingsThatDoNotFitTogether() {
    assertThatThrownBy(() -> get().with(s -> s.noProxy(List.of("a.test"))).settings())
        .hasMessageContaining("no_proxy: needs proxy_url");
    assertThatThrownBy(
            () ->
                get().with(s -> s.proxyUrl("http://p.test").proxyFromEnvironment(true)).settings())
        .hasMessageContaining("excludes proxy_url");
    assertThatThrownBy(
            () -> get().with(s -> s.proxyConnectHeaders(Map.of("x-team", "net"))).settings())
        .hasMessageContaining("needs proxy_url");
    assertThatThrownBy(
            () -> get().address("10.0.0.1").with(s -> s.proxyUrl("http://p.test")).settings())
        .hasMessageContaining("cannot be used");
    assertThatThrownBy(
            () ->
                get()
                    .with(s -> s.proxyUrl("http://p.test"))
                    .with(s -> s.proxyConnectHeaders(Map.of("Proxy-Authorization", "Basic x")))
                    .settings())
        .hasMessageContaining("by file");
    assertThatThrownBy(
            () ->
                kind.target(
                    "http://shop.test/",
                    get()
                        .version(HttpVersion.HTTP2)
                        .with(s -> s.proxyUrl("http://p.test"))
                        .settings()))
        .hasMessageContaining("HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|http://a.test|true",
        "a.test|http://a.test|true",
        "a.test|http://b.a.test|true",
        "a.test|http://ba.test|false",
        "a.test:8080|http://a.test:8080|true",
        "a.test:8080|http://a.test|false",
        ".a.test|http://b.a.test|true",
        ".a.test|http://a.test|false",
        "*.a.test|http://b.a.test|true",
        "*.a.test|http://a.test|false",
        "10.0.0.0/8|http://10.1.2.3|true",
        "10.0.0.0/8|http://11.1.2.3|false",
        "10.0.0.0/8|http://a.test|false",
        "0.0.0.0/0|http://[fd00::1]|false",
        "fd00::/8|http://[fd12::1]|true",
        "10.1.2.3|http://10.1.2.3|true",
        "10.1.2.3:81|http://10.1.2.3|false",
        "fd00::1|http://[fd00:0::1]|true",
        "[fd00::1]:443|https://[fd00::1]|true",
        "A.Test|http://a.test.|true"
      })
  void matchesNoProxy(String entry, String url, boolean covered) {
    assertThat(new NoProxy(List.of(entry)).covers(Url.parse(url))).isEqualTo(covered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "a.test/8", "10.0.0.0/", "a b", ""})
  void rejectsInvalidNoProxy(String entry) {
    assertThatThrownBy(() -> new NoProxy(List.of(entry))).hasMessageContaining("CIDR");
  }

  @Test
  void readsProxiesOfTheEnvironment() {
    var environment =
        new ProxyEnvironment(
            Map.of(
                "HTTP_PROXY", "proxy.test:3128",
                "https_proxy", "http://us%40er:p%2Fw@secure.test:8080",
                "NO_PROXY", " .cluster.local, 10.0.0.0/8,"));

    assertThat(environment.proxy(Url.parse("http://a.test")).map(ProxyAddress::toString))
        .contains("proxy.test:3128");
    assertThat(environment.proxy(Url.parse("https://a.test")))
        .contains(
            new ProxyAddress("secure.test", 8080, Optional.of(ProxyAddress.basic("us@er:p/w"))));
    for (var direct : List.of("localhost", "127.0.0.1", "[::1]", "a.cluster.local", "10.2.3.4")) {
      assertThat(environment.proxy(Url.parse("http://" + direct))).isEmpty();
    }
  }
}
