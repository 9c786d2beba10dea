package io.eksnet.probe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieJarTest {
  private static final Instant NOW = Instant.parse("2026-11-30T00:00:00Z");
  private static final Url FROM = Url.parse("https://a.shop.test/x/y?q=/z");
  private final CookieJar jar = new CookieJar();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1|https://a.shop.test/x/z|true",
        "a=1|https://a.shop.test/x|true",
        "a=1|https://a.shop.test/|false",
        "a=1|https://a.shop.test/xy|false",
        "a=1|https://b.shop.test/x/|false",
        "a=1; Path=/|https://a.shop.test/|true",
        "a=1; Path=/x/|https://a.shop.test/x|false",
        "a=1; Path=other|https://a.shop.test/x/|true",
        "a=1; path=/; DOMAIN=.Shop.test|https://b.shop.test/|true",
        "a=1; Path=/; Domain=shop.test|https://shop.test/|true",
        "a=1; Path=/; Domain=shop.test|https://eshop.test/|false",
        "a=1; Path=/; Domain=b.shop.test|https://b.shop.test/|false",
        "a=1; Path=/; Domain=test|https://a.shop.test/|false",
        "a=1; Path=/; Domain=|https://a.shop.test/|true",
        "a=1; Path=/; Secure|https://a.shop.test/|true",
        "a=1; Path=/; Secure|http://a.shop.test/|false",
        "a=1; Path=/|http://a.shop.test:81/|true",
        "a=1; Path=/; Max-Age=1|https://a.shop.test/|true",
        "a=1; Path=/; Max-Age=0|https://a.shop.test/|false",
        "a=1; Path=/; Max-Age=-1|https://a.shop.test/|false",
        "a=1; Path=/; Max-Age=x|https://a.shop.test/|true",
        "a=1; Path=/; Expires=Mon, 30 Nov 2026 00:00:01 GMT|https://a.shop.test/|true",
        "a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT|https://a.shop.test/|false",
        "a=1; Path=/; Expires=Thursday, 01-Jan-70 00:00:00 GMT|https://a.shop.test/|false",
        "a=1; Path=/; Expires=never|https://a.shop.test/|true",
        "a=1; Path=/; Max-Age=9; Expires=Thu, 01 Jan 1970 00:00:00 GMT|https://a.shop.test/|true",
        "a=1; Path=/; HttpOnly; SameSite=Strict|https://a.shop.test/|true",
      })
  void sendsCookiesWhereTheyBelong(String cookie, String url, boolean sent) {
    jar.store(FROM, List.of(cookie), NOW);

    assertThat(jar.header(Url.parse(url)).isPresent()).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "=1", "a=1\u0001", "; Path=/"})
  void ignoresInvalidCookies(String header) {
    jar.store(FROM, List.of(header), NOW);

    assertThat(jar.header(FROM)).isEmpty();
  }

  @Test
  void replacesAndRemovesCookies() {
    jar.store(FROM, List.of("a=1; Path=/", "b=2; Path=/", "a=3; Path=/", "a=4; Path=/x"), NOW);
    assertThat(jar.header(FROM)).contains("a=4; b=2; a=3");

    jar.store(FROM, List.of("a=; Path=/; Max-Age=0", "b=2=3; Path=/"), NOW);
    assertThat(jar.header(FROM)).contains("a=4; b=2=3");
  }

  @Test
  void keepsCookiesOfAddressesToThem() {
    var from = Url.parse("http://10.0.0.1/");

    jar.store(from, List.of("a=1; Domain=10.0.0.1", "b=2; Domain=0.0.1"), NOW);

    assertThat(jar.header(from)).contains("a=1");
    assertThat(jar.header(Url.parse("http://1.10.0.0.1.test/"))).isEmpty();
  }

  @Test
  void boundsTheNumberOfCookies() {
    for (int i = 0; i < 1000; i++) {
      jar.store(FROM, List.of("c" + i + "=1"), NOW);
    }

    assertThat(jar.header(FROM).orElseThrow().split("; ")).hasSize(50);
  }
}
