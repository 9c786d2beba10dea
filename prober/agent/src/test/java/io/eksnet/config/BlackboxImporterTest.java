package io.eksnet.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.http.HttpSettings;
import io.eksnet.probe.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlackboxImporterTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `((?:dns|grpc|http|icmp|tcp|tls)\\.[^`]+)` \\| (.*?) \\|");
  private static final Path PAGE = Path.of("../../docs/migrate-from-blackbox.md");

  private static final String BLACKBOX =
      """
      modules:
        http_2xx:
          prober: http
          timeout: 5s
          http:
            valid_status_codes: [200, 204]
            valid_http_versions: ["HTTP/1.1", "HTTP/1.0"]
            method: POST
            headers: {Accept: text/html}
            body: '{}'
            follow_redirects: false
            fail_if_not_ssl: true
            fail_if_body_matches_regexp: ["ERROR [[:digit:]]+"]
            fail_if_header_matches: [{header: X-Debug, regexp: "on", allow_missing: true}]
            fail_if_header_not_matches: [{header: Content-Type, regexp: json}]
            fail_if_body_json_matches_cel: "body.x == 1"
            body_size_limit: 2MB
            basic_auth: {username: probe, password: hunter2}
            tls_config: {insecure_skip_verify: false, min_version: TLS13, max_version: TLS13}
            preferred_ip_protocol: ip4
            ip_protocol_fallback: false
        pop3s:
          prober: tcp
          tcp:
            query_response: [{expect: "^+OK"}]
            tls: true
        redis:
          prober: tcp
          tcp:
            query_response: [{send: PING}, {expect: "^.PONG"}, {send: QUIT}]
        tls_connect: {prober: tcp, tcp: {tls: true, tls_config: {server_name: a.example}}}
        dns_udp:
          prober: dns
          dns:
            query_name: kubernetes.default.svc
            query_type: A
            query_class: IN
            valid_rcodes: [NOERROR, NXDOMAIN]
            source_ip_address: 127.0.0.1
            validate_answer_rrs: {fail_if_not_matches_regexp: ['10\\.']}
        ping: {prober: icmp}
        health: {prober: grpc, grpc: {service: shop, tls: true}}
      """;

  private static final String PROMETHEUS =
      """
      global: {scrape_interval: 30s}
      scrape_configs:
        - job_name: prometheus
          static_configs: [{targets: ["localhost:9090"]}]
        - job_name: shop
          metrics_path: /probe
          params: {module: [http_2xx]}
          static_configs:
            - {targets: [https://shop.example/], labels: {team: shop, instance: x}}
            - targets: [shop.example:8080]
          relabel_configs:
            - {source_labels: [__address__], target_label: __param_target}
            - {source_labels: [__param_target], target_label: instance}
            - {target_label: __address__, replacement: "blackbox:9115"}
            - {target_label: env, replacement: prod}
        - job_name: misc
          scrape_interval: 15s
          params: {module: [tls_connect, health, dns_udp, redis]}
          static_configs: [{targets: ["a.example:443"]}]
          file_sd_configs: [{files: [x.json]}]
      """;

  @Test
  void importsModulesWithTheTargetsOfTheirJobs() throws Exception {
    var result = convert(BLACKBOX, Optional.of(PROMETHEUS));

    var probes = valid(result.yaml());
    assertThat(probes)
        .extracting(probe -> probe.name() + " " + probe.kind())
        .containsExactly(
            "shop http",
            "misc/tls_connect tls",
            "misc/health grpc",
            "misc/dns_udp dns",
            "misc/redis tcp");
    assertThat(probes.get(0).targets())
        .containsExactly(
            new TargetSettings("https://shop.example/", Map.of("team", "shop")),
            TargetSettings.of("http://shop.example:8080"));
    assertThat(probes.get(0).interval()).hasSeconds(30);
    assertThat(probes.get(0).timeout()).hasSeconds(5);
    assertThat(probes.get(2).targets()).containsExactly(TargetSettings.of("grpcs://a.example:443"));
    assertThat(result.yaml())
        .contains(
            "method: POST",
            "max_redirects: 0",
            "versions:",
            "- HTTP/1.0",
            "max_body: 2097152",
            "family: ip4",
            "min_version: tls1_3",
            "query: kubernetes.default.svc",
            "- send: PING\\n")
        .doesNotContain("hunter2");
  }

  @Test
  void listsWhatHasNoCounterpartWithItsLine() throws Exception {
    assertThat(convert(BLACKBOX, Optional.of(PROMETHEUS)).notImported())
        .extracting(Problem::text)
        .map(text -> text.replaceFirst(":\\d+: .*?: ", ": "))
        .containsExactly(
            "blackbox.yml:16: no counterpart of http.fail_if_body_json_matches_cel",
            "blackbox.yml:18: the password is not imported; write it to the file password",
            "blackbox.yml:23: no scrape job uses this module; it is not imported",
            "blackbox.yml:40: no counterpart of dns.validate_answer_rrs",
            "blackbox.yml:41: no scrape job uses this module; it is not imported",
            "prometheus.yml:9: \"instance\" is a label of eksnet or of the scrape; choose another"
                + " name",
            "prometheus.yml:15: relabelling is not imported; write the labels at the targets",
            "prometheus.yml:20: service discovery has no counterpart; list the targets, or use the"
                + " annotations eksnet.io/probe");
  }

  @Test
  void writesPlaceholdersWithoutAPrometheusConfig() throws Exception {
    var result = convert("modules: {a: {prober: http}, b: {prober: icmp}}", Optional.empty());

    assertThat(valid(result.yaml()))
        .singleElement()
        .satisfies(
            probe ->
                assertThat(probe.targets())
                    .containsExactly(TargetSettings.of("https://replace-me.example/")));
    assertThat(result.notImported())
        .extracting(Problem::text)
        .containsExactly(
            "blackbox.yml:1:14: modules.a: targets are not in this file; replace the placeholder",
            "blackbox.yml:1:42: modules.b.prober: eksnet has no counterpart of the prober"
                + " \"icmp\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[HTTP/1.1] | [HTTP/1.1] | 0",
        "[HTTP/1.1, HTTP/2.0] | [HTTP/1.1, HTTP/2.0] | 0",
        "[HTTP/2.0, HTTP/3.0] | [HTTP/2.0] | 1",
        "[HTTP/2] | [] | 1",
        "[] | [] | 0",
      })
  void importsValidHttpVersions(String given, String expected, int problems) throws Exception {
    var result =
        convert(
            "modules: {a: {prober: http, http: {valid_http_versions: %s}}}".formatted(given),
            Optional.empty());

    var settings = (HttpSettings) valid(result.yaml()).get(0).settings();
    assertThat(settings.version()).isEqualTo(HttpVersion.AUTO);
    assertThat(settings.expect().versions()).hasToString(expected);
    assertThat(result.notImported())
        .extracting(Problem::text)
        .filteredOn(text -> text.contains("HTTP/1.0, HTTP/1.1, HTTP/2.0"))
        .hasSize(problems);
  }

  @Test
  void rejectsWhatIsNoConfiguration() {
    assertThatThrownBy(() -> convert("modules: [a]", Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("blackbox.yml:1:10: modules: a list is not a mapping");
  }

  /** The page is the promise: each option that it lists is imported, or has no counterpart. */
  @Test
  void importsSettingsOfThePage() throws Exception {
    var imported = new TreeMap<>(BlackboxImporter.SAME);
    imported.putAll(BlackboxImporter.CONVERTED);
    var page = new TreeMap<String, String>();
    ROW.matcher(Files.readString(PAGE, UTF_8))
        .results()
        .forEach(row -> page.put(row.group(1), row.group(2).replace("`", "")));

    assertThat(page.entrySet().stream().filter(row -> !row.getValue().equals("–")).toList())
        .containsExactlyInAnyOrderElementsOf(imported.entrySet());
    var keys =
        ProbeKinds.all().stream()
            .flatMap(kind -> keys(SettingKey.ofKind(kind), ""))
            .collect(Collectors.toSet());
    assertThat(keys).containsAll(new HashSet<>(imported.values()));
  }

  private static Stream<String> keys(List<SettingKey> keys, String prefix) {
    return keys.stream()
        .flatMap(
            key ->
                Stream.concat(
                    Stream.of(prefix + key.name()), keys(key.inner(), prefix + key.name() + ".")));
  }

  private static BlackboxImporter.Result convert(String blackbox, Optional<String> prometheus)
      throws InvalidConfigException {
    return BlackboxImporter.convert(
        new ConfigSource("blackbox.yml", blackbox, Path.of("")),
        prometheus.map(yaml -> new ConfigSource("prometheus.yml", yaml, Path.of(""))));
  }

  private static List<ProbeSettings> valid(String yaml) {
    var result = ConfigReader.read(yaml, ProbeKinds.byName());
    assertThat(result).as(() -> yaml + result).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) result).settings().probes();
  }
}
