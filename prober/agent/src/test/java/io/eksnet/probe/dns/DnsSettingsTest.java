package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.probe.net.YamlSettings;
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
    "bücher.test, A, xn--bcher-kva.test.",
    "BÜCHER.test., A, xn--bcher-kva.test.",
    "пример.испытание, A, xn--e1afmkfd.xn--80akhbyknj4f.",
    "a_b.bücher.test, TXT, a_b.xn--bcher-kva.test.",
    "bücher。test, A, xn--bcher-kva.test.",
    "a\\.b.test, A, a\\.b.test.",
  })
  void makesNamesAbsolute(String query, String type, String name) {
    assertThat(DnsSettings.of(query, type).questions("", new Random(1)).get(0).name())
        .hasToString(name);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, AAAAA, is not a record type",
    "shop.example.com, OPT, is not a record type",
    "shop.example.com, AXFR, is not a record type",
    "10.0.0.1, A, is an address",
    "a..b, A, not a domain name",
    "'', A, not a domain name",
    "' example.com ', A, blanks or control characters",
    "'exam ple.com', A, blanks or control characters",
    "'example.com\t', A, blanks or control characters",
  })
  void rejectsInvalidQueries(String query, String type, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsSettings.of(query, type))
        .withMessageContaining(why);
  }

  @Test
  void rejectsTriesAndResponseCodesOutOfBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsExpect.of("NOPE", 1))
        .withMessageContaining("NOPE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DnsExpect.of("NOERROR", -1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> YamlSettings.of(DnsExpect.class, "{rcode: NXDOMAIN, answers: [x]}"))
        .withMessageContaining("NXDOMAIN has no records");
    assertThat(DnsExpect.of("nxdomain", 0).rcode()).isEqualTo("NXDOMAIN");
  }

  @Test
  void comparesSettingsByValue() {
    assertThat(DnsSettings.of("x.example", "a")).isEqualTo(DnsSettings.of("x.example", "A"));
    assertThat(DnsSettings.of("x.example", "A")).isNotEqualTo(DnsSettings.of("y.example", "A"));
  }
}
