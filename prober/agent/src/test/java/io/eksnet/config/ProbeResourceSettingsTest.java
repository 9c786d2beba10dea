package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.tcp.TcpSettings;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeResourceSettingsTest {
  private static Settings settings(String yaml) {
    return ((ConfigResult.Valid) ConfigReader.read(yaml, ProbeKinds.byName())).settings();
  }

  @Test
  void isOffByDefaultAndAllowsNothing() {
    var resources = settings("").probeResources();

    assertThat(resources).isEqualTo(ProbeResourceSettings.NONE);
    assertThat(resources.enabled()).isFalse();
    assertThat(resources.allows("shop.example.com")).isFalse();
  }

  @Test
  void modulesHaveTheSettingsOfTheirKind() {
    var settings =
        settings(
            """
            probe_resources:
              namespaces: [shop]
              hosts: [shop.example.com]
              modules:
                banner: {kind: tcp, expect: ["^220 "]}
                plain: {kind: tcp}
            """);

    var modules = settings.probeResources().modules();
    assertThat(modules).containsOnlyKeys("banner", "plain");
    assertThat(modules).containsEntry("plain", new ModuleSettings("tcp", TcpSettings.DEFAULT));
    assertThat(modules)
        .hasEntrySatisfying(
            "banner",
            module ->
                assertThat(((TcpSettings) module.settings()).expect())
                    .extracting(Pattern::pattern)
                    .containsExactly("^220 "));
    var written = ConfigWriter.yaml(settings);
    assertThat(settings(written).probeResources().modules().keySet()).isEqualTo(modules.keySet());
    assertThat(ConfigWriter.yaml(settings(written))).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example.com, shop.example.com, true",
    "shop.example.com, SHOP.example.com., true",
    "shop.example.com, a.shop.example.com, false",
    "'*.example.com', a.example.com, true",
    "'*.example.com', a.b.EXAMPLE.com, true",
    "'*.example.com', example.com, false",
    "'*.example.com', badexample.com, false",
    "'*.example.com', a.example.com.evil.test, false",
    "'*', anything, true",
    "'*', 10.0.0.7, true",
    "10.0.0.0/8, 10.1.2.3, true",
    "10.0.0.0/8, 11.1.2.3, false",
    "10.0.0.0/8, 10.example.com, false",
    "10.0.0.7, 10.0.0.7, true",
    "10.0.0.7, 10.0.0.70, false",
    "fd00::/16, fd00::7, true",
    "fd00::/16, fd01::7, false",
    "'fd00::7', 'fd00:0:0::7', true",
    "web, web, true",
  })
  void allowsHostsOfThePatterns(String pattern, String host, boolean allowed) {
    var resources = new ProbeResourceSettings(Set.of(), Set.of(pattern), Map.of());

    assertThat(resources.allows(host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a..b",
        "*.",
        "**",
        "a.*.b",
        "*a",
        "shop:80",
        "10.0.0.0/33",
        "10.0.0.256",
        "[fd00::7]",
        "http://a",
        "a/b",
        "-a.b"
      })
  void refusesPatternsThatAreNone(String pattern) {
    assertThatThrownBy(() -> new ProbeResourceSettings(Set.of(), Set.of(pattern), Map.of()))
        .hasMessageContaining("is not a host; write a name, *.example.com, an address or a CIDR");
  }
}
