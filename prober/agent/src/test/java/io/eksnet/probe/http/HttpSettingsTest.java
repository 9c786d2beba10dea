package io.eksnet.probe.http;

import static io.eksnet.probe.http.Given.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
    "Accept-Encoding, leave it out"
  })
  void rejectsReservedHeaders(String name, String remedy) {
    assertThatThrownBy(() -> get().headers(Map.of(name, "x")).settings())
        .hasMessageContaining(remedy);
    assertThatThrownBy(() -> get().headerFiles(Map.of(name, Path.of("x"))).settings())
        .hasMessageContaining(remedy);
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
  @ValueSource(strings = {"ok", "6xx", "20", "299-200", "200-", "2XX"})
  void rejectsInvalidStatuses(String word) {
    assertThatThrownBy(() -> ResponseMatcher.statuses(List.of(word))).hasMessageContaining(word);
  }
}
