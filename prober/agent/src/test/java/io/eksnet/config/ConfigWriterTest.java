package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigWriterTest {
  @Test
  void writesAllDefaults() {
    assertThat(ConfigWriter.yaml(read("")))
        .isEqualTo(
            """
            cluster: ''
            region: ''
            labels: {}
            defaults:
              interval: 15s
              timeout: 5s
            limits:
              runs_in_flight: 1000
              targets: 10000
              stall: 100ms
            probes: []
            probe_resources:
              namespaces: []
              hosts: []
              modules: {}
            suites:
              dns:
                enabled: true
                interval: 15s
                timeout: 5s
                cluster_domain: cluster.local
                external: example.com
                vpc_resolver: null
                nodelocal: true
              service:
                enabled: true
                interval: 30s
                timeout: 5s
                services:
                - default/kubernetes
              pod:
                enabled: true
                interval: 15s
                timeout: 2s
                peers: 3
              target:
                enabled: true
                interval: 30s
                timeout: 5s
              lb:
                enabled: true
                interval: 30s
                timeout: 10s
                agents_per_zone: 3
              sts:
                enabled: true
                interval: 1m
                timeout: 5s
                ca_file: null
              endpoints:
                enabled: true
                interval: 1m
                timeout: 5s
                services: []
                ca_file: null
              identity:
                enabled: true
                interval: 30s
                timeout: 2s
                address: null
              ipamd:
                enabled: true
                interval: 30s
                timeout: 5s
              ena:
                enabled: true
                interval: 30s
                timeout: 5s
                url: null
            polls:
              kubernetes: 5s
              subnets: 1m
              lb_subnets: 1m
              free_prefixes: 10m
              vpc_endpoints: 5m
              vpc_network: 5m
              leaked_interfaces: 10m
              security_paths: 5m
              load_balancers: 1m
              target_groups: 1m
              target_health: 30s
              cluster: 10m
              addons: 10m
              fargate_profiles: 1h
              pod_identity_associations: 1h
              caller_identity: 5m
            controller:
              url: null
              token_file: null
              ca_file: null
              server_name: eksnet
              every: 10s
              agent_port: 9853
              lease: eksnet-controller
              loopback: false
              resolver: null
            diagnosis:
              disabled: []
              ignore: []
            web:
              observations: 20
              trust_loopback: true
            """);
  }

  @Test
  void masksSecretsAndNotFiles() {
    var yaml =
        ConfigWriter.yaml(
            read(
                """
                probes:
                  - name: a
                    kind: page
                    targets: [https://a]
                    token: hunter2
                    cookies: {sid: opensesame}
                    password_file: /etc/secret
                """));

    assertThat(yaml)
        .doesNotContain("hunter2", "opensesame")
        .contains("token: <secret>\n", "sid: <secret>\n", "password_file: /etc/secret\n");
  }

  @ParameterizedTest
  @MethodSource("configs")
  void writesWhatIsReadAsTheSame(String yaml) {
    var settings = read(yaml);

    assertThat(read(ConfigWriter.yaml(settings))).isEqualTo(settings);
  }

  static List<String> configs() {
    return List.of(
        "",
        """
        cluster: "null"
        labels: {a: "true", b: "0123", c: "1e5", d: "", e: "~", e2: "NULL", e3: "True", f: "- x", g: "# y", h: "a: b"}
        defaults: {interval: 1d, timeout: 59m59s}
        suites: {dns: {enabled: false, cluster_domain: null, external: ~}}
        """,
        """
        cluster: "$${env:HOME} ${HOME} $$x $"
        probes:
          - {name: a, kind: port, labels: {team: a}, targets: ["x:1", {address: "y:2", labels: {tier: "$1"}}]}
        """,
        """
        probes:
          - {name: a, kind: port, targets: &t ["x:1", y:2], hello: true, expect: "^a#: b$"}
          - {name: b, kind: port, targets: *t, negative: true, interval: 10s, timeout: 9s999ms}
          - name: c
            kind: page
            targets: [https://c]
            method: HEAD
            headers: {"": x, "X: y": "a\\tb\\r\\n", "<<": z}
            password_file: ../a b/c
            expect: {status: [], within: 1ms}
            version: http_2
            max_body: 9223372036854775807
            share: 1e-10
            alpn: []
            steps: [{send: "null"}, {send: " a ", answer: "\\\\d+ "}]
        """,
        specialCharacters());
  }

  private static String specialCharacters() {
    return List.of(
            "\\\"",
            "\\\\",
            "\\n",
            "\\u00fc",
            "\\U0001F600",
            "\\u2028",
            "\\u0085",
            "\\uFEFF",
            "\\e",
            "\\0",
            "'",
            "|",
            ">-",
            "%",
            "@",
            "`",
            "*a",
            "&a",
            "!a",
            "? a",
            "a\\n b\\n\\n",
            "\\uE000",
            "---",
            "...",
            "\\u00A0",
            " ")
        .stream()
        .map(
            s ->
                "- {name: \""
                    + Integer.toHexString(s.hashCode())
                    + "\", kind: page, targets: [https://a],\n   headers: {\""
                    + s
                    + "\": \""
                    + s
                    + "\"}}\n")
        .collect(Collectors.joining("", "probes:\n", ""));
  }

  private static Settings read(String yaml) {
    var result = ConfigReader.read(yaml, SampleKinds.map());
    assertThat(result).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) result).settings();
  }
}
