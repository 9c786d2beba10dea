package io.eksnet.fuzz;

import io.eksnet.agent.host.EnaPage;
import io.eksnet.agent.host.HostsFile;
import io.eksnet.agent.host.IpamdPage;
import io.eksnet.agent.host.ResolvConfFile;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.Durations;
import io.eksnet.config.InvalidConfigException;
import io.eksnet.config.RegexParser;
import io.eksnet.controller.web.WebParsers;
import io.eksnet.inventory.kube.KubeParsers;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.HostPort;
import io.eksnet.plan.PlanParsers;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.dns.DnsParsers;
import io.eksnet.probe.http.HttpParsers;
import io.eksnet.web.WebConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** All that reads what others wrote. */
final class Parsers {
  private static final Path NOWHERE = Path.of("/nowhere");
  private static final Duration MAX_DURATION = Duration.ofDays(1_100_000_000);

  private Parsers() {}

  static List<Parser> all() {
    return Stream.of(
            files(),
            words(),
            KubeParsers.all(),
            PlanParsers.all(),
            DnsParsers.all(),
            HttpParsers.all(),
            WebParsers.all())
        .flatMap(Collection::stream)
        .toList();
  }

  private static List<Parser> files() {
    return List.of(
        Parser.of(
            "config",
            text -> ConfigReader.read(text, ProbeKinds.byName()),
            """
            cluster: demo
            labels: {team: a}
            defaults: {interval: 10s, timeout: 1s}
            probes:
              - {name: a, kind: http, targets: ["http://a/"], body_matches: '^a+$'}
              - name: b
                kind: dns
                targets: [b.test]
                server: 10.0.0.10:53
            """,
            "suites: {dns: {enabled: false}}\nx: &a [1, *a]\n? {a: b}\n: !!java.net.URL [x]\n---\n"),
        Parser.of(
            "web-config",
            text -> {
              try {
                var config =
                    ConfigReader.readRecord(
                        new ConfigSource("web.yaml", text, NOWHERE), WebConfig.class);
                check(config.tlsServerConfig().isEmpty(), "files that are not there");
              } catch (InvalidConfigException e) {
                check(!e.problems().isEmpty(), "refused without a problem");
              }
            },
            """
            tls_server_config: {cert_file: a.pem, key_file: a.key, min_version: TLS13}
            basic_auth_users: {u: $2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234}
            """,
            "http_server_config: {http2: false, headers: {X-Frame-Options: DENY}}\n"),
        Parser.of(
            "resolv.conf",
            text -> {
              var read = ResolvConfFile.parse(text);
              check(read.nameservers().size() <= 3 && read.ndots() <= 15, "bounds");
            },
            "nameserver 10.100.0.10\nsearch a.svc.cluster.local svc.cluster.local\noptions ndots:5\n"),
        Parser.of(
            "hosts", HostsFile::parse, "127.0.0.1 localhost\nfd00::1 a A. b # c\n\n10.0.0.1\tx\n"),
        Parser.of(
            "ipamd",
            text -> check(IpamdPage.read(text).size() <= 128, "series"),
            """
            # TYPE awscni_eni_max gauge
            awscni_eni_max 4
            awscni_total_ip_addresses 2e1
            awscni_aws_api_error_count{api="Assign",error="a\\"\\\\b\\n"} 7 1700000000
            """),
        Parser.of(
            "ena",
            text -> check(EnaPage.read(text).size() <= 160, "series"),
            """
            node_ethtool_linklocal_allowance_exceeded{device="eth0"} 4
            node_ethtool_pps_allowance_exceeded_total { device = "eth1" , } NaN # {} 1
            """));
  }

  private static List<Parser> words() {
    return List.of(
        Parser.strict(
            "duration",
            text -> {
              var duration = Durations.parse(text);
              check(!duration.isNegative() && duration.compareTo(MAX_DURATION) < 0, "bounds");
              check(
                  Durations.parse(Durations.text(duration)).equals(duration), "written otherwise");
            },
            "1d2h3m4s5ms",
            "250ms",
            "10",
            "1.5s"),
        Parser.strict(
            "regex",
            text -> RegexParser.parse(text).matcher("aaaa").find(),
            "^a+$",
            "(a|b)*[c-d]{2,3}"),
        Parser.strict("host-port", HostPort::parse, "a.test:80", "[fd00::1]:443", "bücher.example"),
        Parser.of("address", AddressLiteral::parse, "10.0.0.1", "fd00::1%eth0", "::ffff:1.2.3.4"));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
