package io.eksnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretRedactionTest {
  private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "invalid header value: \"Bearer JWT\\n\" | invalid header value: \"Bearer <secret>\\n\"",
        "authorization: bearer abcdefghijklmnop0123 | authorization: bearer <secret>",
        "Authorization=Basic dXNlcjpwYXNzd29yZDEyMw== | Authorization=Basic <secret>",
        "the token JWT expired | the token <secret> expired",
        "cut after eyJhbGciOiJSUzI1NiJ9.eyJzd | cut after <secret>",
        "x-amz-security-token:FQoGZXIvYXdzEJr host | x-amz-security-token:<secret> host",
        "Credential=AKID/20260301/eu-west-1, a | Credential=<secret>, a",
        "Bearer authentication is required | Bearer authentication is required",
        "no basic rule applies | no basic rule applies",
      })
  void removesCredentialsAndNothingElse(String text, String expected) {
    assertThat(Secrets.redact(text.replace("JWT", JWT))).isEqualTo(expected);
  }

  @Test
  void keepsTextsWithoutCredentials() {
    var text = "pods: the API server answered 403\n\tat io.eksnet.Foo.bar(Foo.java:12)";

    assertThat(Secrets.redact(text)).isEqualTo(text);
  }
}
