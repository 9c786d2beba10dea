package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
  @ParameterizedTest
  @CsvSource({
    ":9853,'',9853",
    "127.0.0.1:9853,127.0.0.1,9853",
    "[::1]:9853,::1,9853",
    "localhost:0,localhost,0"
  })
  void parsesAllForms(String text, String host, int port) {
    assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9853", "::1:9853", "host:", "[]:1", "host:http", "a:b:1"})
  void rejectsOtherForms(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .hasMessage(
            "\"" + text + "\" is not a listen address; use host:port, [IPv6]:port or :port");
  }

  @Test
  void rejectsPortsAbove65535() {
    assertThatThrownBy(() -> ListenAddress.parse(":65536"))
        .hasMessage("the port must be 0 to 65535, not 65536");
  }
}
