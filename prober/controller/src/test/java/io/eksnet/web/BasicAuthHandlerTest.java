package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthHandlerTest {
  private static final String HASH = hash("pässword:1");

  private final Endpoints endpoints =
      new Endpoints(config(Map.of("prometheus", HASH)), true, HttpClient.newHttpClient());

  @AfterEach
  void close() {
    endpoints.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/targets", "/x"})
  void allPathsRequireAuthentication(String path) {
    var asked = endpoints.get(path);

    assertThat(asked.statusCode()).isEqualTo(401);
    assertThat(asked.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Basic realm=");
    assertThat(endpoints.pages.get()).isZero();
  }

  @Test
  void acceptsThePasswordRepeatedly() {
    for (int i = 0; i < 3; i++) {
      assertThat(status("prometheus:pässword:1")).isEqualTo(200);
      assertThat(status("prometheus:wrong")).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody:pässword:1", "prometheus:", "prometheus", ":", ""})
  void rejectsWrongUsersAndPasswords(String pair) {
    assertThat(status(pair)).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic", "Basic !!!", "Bearer abc", "basic  "})
  void rejectsMalformedCredentials(String header) {
    assertThat(endpoints.get("/metrics", "Authorization", header).statusCode()).isEqualTo(401);
  }

  @Test
  void acceptsHashesOfOtherPrograms() {
    var htpasswd = "$2y$" + HASH.substring(4);
    try (var other =
        new Endpoints(config(Map.of("u", htpasswd)), false, HttpClient.newHttpClient())) {
      assertThat(other.get("/metrics", "Authorization", basic("u:pässword:1")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void rejectsRemovedPasswords() {
    assertThat(status("prometheus:pässword:1")).isEqualTo(200);

    endpoints.server().setUsers(Map.of("prometheus", hash("another")));

    assertThat(status("prometheus:pässword:1")).isEqualTo(401);
    assertThat(status("prometheus:another")).isEqualTo(200);
  }

  @Test
  void cachesAVerifiedPasswordForItsUserOnly() {
    var passwords = new Passwords(Map.of("a", hash("one"), "b", hash("two")));
    assertThat(passwords.isCached("a", bytes("one"))).isFalse();
    assertThat(passwords.verify("a", bytes("one"))).isTrue();

    assertThat(passwords.isCached("a", bytes("one"))).isTrue();
    assertThat(passwords.isCached("b", bytes("one"))).isFalse();
    assertThat(passwords.isCached("a", bytes("two"))).isFalse();
    assertThat(passwords.verify("nobody", bytes("one"))).isFalse();
    assertThat(passwords.isCached("nobody", bytes("one"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u|secret|the value of \"u\" is not a bcrypt hash",
        "a:b|HASH|must not be empty or contain a colon",
        "u|$2y$31$Z5uXzs6Vh1YCd3kZ3Q3V7eYzY0Q1gk1lq5b5uXzs6Vh1YCd3kZ3Q3|must be 4 to 14, not 31"
      })
  void validatesUsersAndHashes(String user, String hash, String complaint) {
    assertThatThrownBy(() -> config(Map.of(user, hash.equals("HASH") ? HASH : hash)))
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("secret");
  }

  private int status(String pair) {
    return endpoints.get("/metrics", "Authorization", basic(pair)).statusCode();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(bytes(pair));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(String password) {
    return BCrypt.withDefaults().hashToString(4, password.toCharArray());
  }

  private static WebConfig config(Map<String, String> users) {
    return new WebConfig(Optional.empty(), users, new HttpServing(true, Map.of()));
  }
}
