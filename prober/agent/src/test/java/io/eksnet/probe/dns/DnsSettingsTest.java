package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.10, 10.0.0.10, 53",
    "10.0.0.10:5353, 10.0.0.10, 5353",
    "[fd00::a]:5353, fd00::a, 5353",
    "[fd00::a], fd00::a, 53",
    "fd00::a, fd00::a, 53",
    "fe80::1%1, fe80::1%1, 53",
    "ns.example.com:5353, ns.example.com, 5353",
    "ns.example.com., ns.example.com., 53",
    "localhost, localhost, 53",
    "kube_dns, kube_dns, 53",
  })
  void parsesServers(String text, String host, int port) {
    var target = DnsKind.server(text);
    assertThat(target.name()).isEqualTo(text);
    assertThat(target.host()).isEqualTo(host);
    assertThat(target.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "udp://10.0.0.1",
        "10.0.0.256",
        "10.0.0",
        "[10.0.0.1",
        "[ns.example]:53",
        "ns example",
        "fd00::a::b",
        "10.0.0.1:",
        "10.0.0.1:99999",
        "10.0.0.1:0",
        ".example",
        "x..example",
        ""
      })
  void rejectsInvalidServers(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsKind.server(text))
        .withMessageContaining("\"" + text + "\"");
  }

  @Test
  void rejectsLabelsAbove63Characters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsKind.server("x".repeat(64) + ".example"))
        .withMessageContaining("is not a host");
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, A, shop.example.com.",
    "shop.example.com., a, shop.example.com.",
    "., NS, .",
    "_http._tcp.shop.example.com, SRV, _http._tcp.shop.example.com.",
    "10.0.0.1, PTR, 1.0.0.10.in-addr.arpa.",
    "1.0.0.10.in-addr.arpa, PTR, 1.0.0.10.in-addr.arpa.",
    "fd00::a, PTR, a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa.",
    "x.example, TYPE65, x.example.",
  })
  void makesNamesAbsolute(String query, String type, String name) {
    assertThat(DnsSettings.of(query, type).question(new Random(1)).name()).hasToString(name);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, AAAAA, type must be",
    "shop.example.com, OPT, type must be",
    "shop.example.com, AXFR, type must be",
    "10.0.0.1, A, is an address",
    "a..b, A, not a domain name",
    "'', A, not a domain name",
  })
  void rejectsInvalidQueries(String query, String type, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsSettings.of(query, type))
        .withMessageContaining(why);
  }

  @Test
  void rejectsTriesAndResponseCodesOutOfBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DnsExpect("NOPE", List.of(), List.of(), 1))
        .withMessageContaining("NOPE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DnsExpect("NOERROR", List.of(), List.of(), -1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DnsExpect("NXDOMAIN", List.of(Pattern.compile("x")), List.of(), 0))
        .withMessageContaining("NXDOMAIN has none");
    assertThat(new DnsExpect("nxdomain", List.of(), List.of(), 0).rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void comparesSettingsByValue() {
    assertThat(DnsSettings.of("x.example", "a")).isEqualTo(DnsSettings.of("x.example", "A"));
    assertThat(DnsSettings.of("x.example", "A")).isNotEqualTo(DnsSettings.of("y.example", "A"));
  }
}
