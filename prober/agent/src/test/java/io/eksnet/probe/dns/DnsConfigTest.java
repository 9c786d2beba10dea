package io.eksnet.probe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.Problem;
import io.eksnet.model.Family;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.ProbeNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The kind as users write it in the config file. */
class DnsConfigTest {
  private static ConfigResult read(String probe) {
    return ConfigReader.read("probes:\n  - " + probe + "\n", Map.of("dns", new DnsKind()));
  }

  private static DnsSettings settings(String probe) {
    var reading = read(probe);
    assertThat(reading).isInstanceOf(ConfigResult.Valid.class);
    return (DnsSettings) ((ConfigResult.Valid) reading).settings().probes().get(0).settings();
  }

  private static List<String> problems(String probe) {
    var reading = read(probe);
    assertThat(reading).isInstanceOf(ConfigResult.Invalid.class);
    return ((ConfigResult.Invalid) reading).problems().stream().map(Problem::message).toList();
  }

  @Test
  void appliesDefaults() {
    assertThat(settings("{name: r, kind: dns, targets: [10.0.0.10], query: x.example}"))
        .isEqualTo(DnsSettings.of("x.example", "A"));
  }

  @Test
  void readsEverySetting() {
    var probe =
        """
        {name: r, kind: dns, targets: ["[fd00::a]:53"], query: "{random}.x.example", type: srv,
             proto: tcp, recursion_desired: false, tries: 3, try_timeout: 250ms,
             tcp_on_truncation: false, family: ip6,
             expect: {rcode: noerror, answers: ["^10 "], only: ["x"], min_answers: 2}}\
        """;
    assertThat(settings(probe))
        .isEqualTo(
            new DnsSettings(
                Optional.of("{random}.x.example"),
                "SRV",
                DnsClass.IN,
                DnsProto.TCP,
                false,
                true,
                3,
                Duration.ofMillis(250),
                false,
                Family.IP6,
                ProbeNetwork.DEFAULT,
                new DnsExpect(
                    "NOERROR",
                    List.of(),
                    Set.of(),
                    List.of(Pattern.compile("^10 ")),
                    List.of(Pattern.compile("x")),
                    List.of(),
                    List.of(),
                    List.of(),
                    2,
                    Optional.empty())));
  }

  @Test
  void rejectsInvalidConfigWithRemedy() {
    assertThat(problems("{name: r, kind: dns, targets: [10.0.0.10], query: x.example, type: ZZ}"))
        .singleElement()
        .asString()
        .contains("\"ZZ\" is not a record type that can be queried");
    assertThat(problems("{name: r, kind: dns, targets: [10.0.0.256], query: x.example}"))
        .singleElement()
        .asString()
        .contains("is not a host");
    assertThat(problems("{name: r, kind: dns, targets: [10.0.0.10]}"))
        .singleElement()
        .asString()
        .contains("query");
    assertThat(
            problems(
                "{name: r, kind: dns, targets: [10.0.0.10], query: x.example, expect: {rcode: NO}}"))
        .singleElement()
        .asString()
        .contains("\"NO\" is not a response code", "NXDOMAIN");
  }
}
