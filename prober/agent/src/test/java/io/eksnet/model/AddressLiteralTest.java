package io.eksnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "fd00::a, fd00:0:0:0:0:0:0:a",
    "::, 0:0:0:0:0:0:0:0",
    "fe80::1%1, fe80:0:0:0:0:0:0:1%1",
    "::ffff:10.0.0.1, 10.0.0.1",
  })
  void anAddressIsRead(String text, String address) {
    assertThat(AddressLiteral.parse(text).orElseThrow().getHostAddress()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "1",
        "localhost",
        "example.com",
        "fd00::a::b",
        "12345::",
        "[fd00::a]",
        ":",
        "a.b:c",
        "10.0.0.1:53"
      })
  void whatIsNoAddressIsNeverLookedUp(String text) {
    assertThat(AddressLiteral.parse(text)).isEmpty();
  }
}
