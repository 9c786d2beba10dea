package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.eksnet.model.diagnosis.RootCause;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All problems are reported at once, each with its location, the rule and the remedy. */
class RejectedConfigTest {
  private static final String CAUSES =
      Stream.of(RootCause.values()).map(RootCause::label).collect(Collectors.joining(", "));

  @ParameterizedTest(name = "{0}")
  @MethodSource({"syntax", "values", "settings", "probes", "kinds"})
  void reports(String name, String yaml, List<String> problems) {
    assertThat(ConfigReader.read(yaml, SampleKinds.map()))
        .isInstanceOfSatisfying(
            ConfigResult.Invalid.class,
            rejected ->
                assertThat(rejected.problems())
                    .extracting(Problem::text)
                    .containsExactlyElementsOf(problems));
  }

  private static Arguments row(String name, String yaml, String... problems) {
    return arguments(name, yaml, List.of(problems));
  }

  private static Stream<Arguments> syntax() {
    return Stream.of(
        row(
            "a tab as indentation",
            "defaults:\n\tinterval: 10s\n",
            "eksnet.yaml:2:1: not YAML: indented with a tab; use spaces"),
        row(
            "a list that is not closed",
            """
            probes: [
            """,
            "eksnet.yaml:2:1: not YAML: expected the node content, but found '<stream end>' while parsing a flow node"),
        row(
            "a key that is not indented as its brothers",
            """
            defaults:
              interval: 10s
             timeout: 1s
            """,
            "eksnet.yaml:3:2: not YAML: expected <block end>, but found '<block mapping start>' while parsing a block mapping"),
        row(
            "a colon in a plain word",
            "cluster: a: b\n",
            "eksnet.yaml:1:11: not YAML: a colon and a space within a value; put the value in quotes"),
        row(
            "two documents",
            """
            cluster: a
            ---
            cluster: b
            """,
            "eksnet.yaml:2:1: a config is one document; remove this one and its \"---\""),
        row(
            "a list at the root",
            "- cluster\n",
            "eksnet.yaml:1:1: a list is not a mapping; write keys with values here"),
        row(
            "a word at the root",
            "hello\n",
            "eksnet.yaml:1:1: \"hello\" is not a mapping; write keys with values here"),
        row(
            "an alias to nothing",
            "cluster: *nobody\n",
            "eksnet.yaml:1:10: not YAML: found undefined alias nobody"),
        row(
            "a character that is not for text",
            "cluster: a\nregion: \u0001\n",
            "eksnet.yaml:2:9: not YAML: the character U+0001; remove it"),
        row(
            "a tag",
            "cluster: !!int 5\n",
            "eksnet.yaml:1:10: cluster: the tag \"tag:yaml.org,2002:int\" has no meaning here; remove it"),
        row(
            "a tag that wants a class",
            "cluster: !!javax.script.ScriptEngineManager [x]\n",
            "eksnet.yaml:1:10: cluster: a list is not text; write a single value"),
        row(
            "levels without end",
            "[".repeat(10_000),
            "eksnet.yaml:1:33: lists and mappings are nested deeper than 32 levels; nest less"),
        row(
            "merge keys",
            "defaults: &d {interval: 10s}\nlimits:\n  <<: *d\n",
            "eksnet.yaml:3:3: limits: merge keys (<<) are not part of YAML 1.2; repeat the keys"),
        row(
            "a mapping as a key",
            "{a: b}: c\n",
            "eksnet.yaml:1:1: a key is text, not a list or a mapping"));
  }

  private static Stream<Arguments> values() {
    return Stream.of(
        row(
            "an unknown key with a near one",
            "clustr: a\n",
            "eksnet.yaml:1:1: unknown key \"clustr\"; did you mean \"cluster\"?"),
        row(
            "an unknown key far from all",
            "zzz: 1\n",
            "eksnet.yaml:1:1: unknown key \"zzz\"; use one of cluster, region, labels, defaults, limits, probes, probe_resources, suites, polls, controller, diagnosis, web"),
        row(
            "an unknown key of another alphabet",
            "\"cl\\u202euster\": 1\n",
            "eksnet.yaml:1:1: unknown key \"cl\\u202euster\"; did you mean \"cluster\"?"),
        row(
            "a key with dashes",
            "limits: {runs-in-flight: 5}\n",
            "eksnet.yaml:1:10: limits: unknown key \"runs-in-flight\"; did you mean \"runs_in_flight\"?"),
        row(
            "a duplicate key",
            "cluster: a\nregion: b\ncluster: c\n",
            "eksnet.yaml:3:1: duplicate key \"cluster\", first in line 1; remove one of them"),
        row(
            "a duration without a unit",
            "defaults: {interval: 10}\n",
            "eksnet.yaml:1:22: defaults.interval: \"10\" is not a duration; add a unit, for example \"10s\""),
        row(
            "a duration of no kind",
            "defaults: {interval: soon}\n",
            "eksnet.yaml:1:22: defaults.interval: \"soon\" is not a duration; write one such as 10s, 1m30s or 250ms"),
        row(
            "a negative duration",
            "defaults: {interval: -5s}\n",
            "eksnet.yaml:1:22: defaults.interval: \"-5s\" is not a duration; write one such as 10s, 1m30s or 250ms"),
        row(
            "units in the wrong order",
            "defaults: {interval: 30s1m}\n",
            "eksnet.yaml:1:22: defaults.interval: \"30s1m\" is not a duration; write one such as 10s, 1m30s or 250ms"),
        row(
            "a duration out of bounds",
            "defaults: {interval: 0s}\n",
            "eksnet.yaml:1:22: defaults.interval: 0s is out of range; use 100ms to 1d"),
        row(
            "a whole number that is none",
            "limits: {targets: many}\n",
            "eksnet.yaml:1:19: limits.targets: \"many\" is not a whole number; use 1 to 100000"),
        row(
            "a whole number too large for its type",
            "limits: {targets: 99999999999}\n",
            "eksnet.yaml:1:19: limits.targets: 99999999999 is out of range; use 1 to 100000"),
        row(
            "a whole number in quotes",
            "limits: {targets: \"5\"}\n",
            "eksnet.yaml:1:19: limits.targets: \"5\" is text, not a whole number; remove the quotes"),
        row(
            "a number below its bound",
            "limits: {targets: 0}\n",
            "eksnet.yaml:1:19: limits.targets: 0 is out of range; use 1 to 100000"),
        row(
            "yes for true",
            "suites: {dns: {enabled: yes}}\n",
            "eksnet.yaml:1:25: suites.dns.enabled: \"yes\" is neither true nor false; write true or false"),
        row(
            "nothing where a text belongs",
            "cluster:\n",
            "eksnet.yaml:1:9: cluster: no value; write text or remove the key"),
        row(
            "null where a text belongs",
            "cluster: null\n",
            "eksnet.yaml:1:10: cluster: null is not text; put it in quotes if it is text"),
        row(
            "a list where a text belongs",
            "cluster: [a]\n",
            "eksnet.yaml:1:10: cluster: a list is not text; write a single value"),
        row(
            "a mapping where a duration belongs",
            "defaults: {interval: {s: 1}}\n",
            "eksnet.yaml:1:22: defaults.interval: a mapping is not a duration; write a single value"),
        row(
            "a text where a mapping belongs",
            "defaults: 10s\n",
            "eksnet.yaml:1:11: defaults: \"10s\" is not a mapping; write keys with values here"),
        row(
            "a mapping where a list belongs",
            "probes: {name: a}\n",
            "eksnet.yaml:1:9: probes: a mapping is not a list; write it as [a, b]"),
        row(
            "many at once, in the order of the file",
            """
            regoin: eu-central-1
            limits:
              targets: x
              stall: 1
            suites: {dns: {enabled: 1}}
            web: []
            """,
            "eksnet.yaml:1:1: unknown key \"regoin\"; did you mean \"region\"?",
            "eksnet.yaml:3:12: limits.targets: \"x\" is not a whole number; use 1 to 100000",
            "eksnet.yaml:4:10: limits.stall: \"1\" is not a duration; add a unit, for example \"1s\"",
            "eksnet.yaml:5:25: suites.dns.enabled: \"1\" is neither true nor false; write true or false",
            "eksnet.yaml:6:6: web: a list is not a mapping; write keys with values here"));
  }

  private static Stream<Arguments> settings() {
    return Stream.of(
        row(
            "findings to ignore that are none",
            """
            diagnosis:
              disabled: [warm_pool]
              ignore:
              - {cause: nacl_or_rout, reason: known}
              - {cause: nacl_or_route}
              - {cause: nacl_or_route, reason: ""}
            """,
            "eksnet.yaml:2:14: diagnosis.disabled[0]: \"warm_pool\" is not allowed; use one of "
                + CAUSES,
            "eksnet.yaml:4:13: diagnosis.ignore[0].cause: \"nacl_or_rout\" is not allowed; use one"
                + " of "
                + CAUSES,
            "eksnet.yaml:5:5: diagnosis.ignore[1]: the required key \"reason\" is missing; add it",
            "eksnet.yaml:6:36: diagnosis.ignore[2].reason: \"\" has 0 characters; use 1 to 200"
                + " characters"),
        row(
            "a region that is none",
            "cluster: a\nregion: Frankfurt am Main\n",
            "eksnet.yaml:2:9: region: \"Frankfurt am Main\" is not an AWS region; write one such as eu-central-1"),
        row(
            "a zero-width space in the name of the cluster",
            "cluster: \"prod\\u200b\"\n",
            "eksnet.yaml:1:10: cluster: \"prod\\u200b\" has the invisible character U+200B; remove it"),
        row(
            "a label value with a control character",
            "labels: {env: \"a\\x1b[31m\"}\n",
            "eksnet.yaml:1:15: labels.env: \"a\\u001b[31m\" has an invisible character; remove it"),
        row(
            "a URL of the controller without TLS",
            "controller: {url: 'http://a:1', ca_file: ca.pem}\n",
            "eksnet.yaml:1:19: controller.url: \"http://a:1\" is not TLS, which ca_file requires; begin it with https://"),
        row(
            "a label that is no name",
            "labels: {a-b: c}\n",
            "eksnet.yaml:1:15: labels.a-b: \"a-b\" is not a label name; use letters, digits and underscores, and no digit first"),
        row(
            "a label of ours",
            "labels:\n  env: prod\n  outcome: x\n  cluster: y\n",
            "eksnet.yaml:3:12: labels.outcome: \"outcome\" is a label of eksnet or of the scrape; choose another name",
            "eksnet.yaml:4:12: labels.cluster: \"cluster\" is set by the key cluster at the top level; use that key"),
        row(
            "a label of Prometheus",
            "labels: {__name__: x}\n",
            "eksnet.yaml:1:20: labels.__name__: \"__name__\" is reserved by Prometheus; remove the leading __"),
        row(
            "labels that are a list",
            "labels: [a]\n",
            "eksnet.yaml:1:9: labels: a list is not a mapping; write keys with values here"),
        row(
            "a label twice",
            "labels: {a: b, a: c}\n",
            "eksnet.yaml:1:16: labels: duplicate key \"a\", first in line 1; remove one of them"),
        row(
            "default timeout as long as the interval",
            "defaults: {timeout: 15s}\n",
            "eksnet.yaml:1:21: defaults.timeout: 15s is not shorter than the interval, 15s; lower the timeout or raise the interval"),
        row(
            "default interval shorter than the timeout",
            "defaults: {interval: 2s}\n",
            "eksnet.yaml:1:11: defaults.timeout: 5s is not shorter than the interval, 2s; lower the timeout or raise the interval"),
        row(
            "suite timeout as long as the interval",
            "suites: {dns: {interval: 3s}}\n",
            "eksnet.yaml:1:15: suites.dns.timeout: 5s is not shorter than the interval, 3s; lower the timeout or raise the interval"),
        row(
            "an AWS endpoint that is always probed",
            "suites: {endpoints: {services: [logs, sts]}}\n",
            "eksnet.yaml:1:32: suites.endpoints.services: \"sts\" is probed anyway; leave it out"),
        row(
            "a name that is none",
            "suites: {dns: {external: \"a b\"}}\n",
            "eksnet.yaml:1:26: suites.dns.external: \"a b\" is not a DNS name; write one such as example.com"));
  }

  private static Stream<Arguments> probes() {
    return Stream.of(
        row(
            "a probe of nothing",
            "probes: [{}]\n",
            "eksnet.yaml:1:10: probes[0]: the required key \"targets\" is missing; add it",
            "eksnet.yaml:1:10: probes[0]: the required key \"name\" is missing; add it",
            "eksnet.yaml:1:10: probes[0]: the required key \"kind\" is missing; add it"),
        row(
            "a probe that is a word",
            "probes: [shop]\n",
            "eksnet.yaml:1:10: probes[0]: \"shop\" is not a mapping; write keys with values here"),
        row(
            "an unknown kind near a known one",
            "probes: [{name: a, kind: pge, targets: [b]}]\n",
            "eksnet.yaml:1:26: probes[0].kind: unknown kind \"pge\"; did you mean \"page\"?"),
        row(
            "an unknown kind",
            "probes: [{name: a, kind: icmp, targets: [b]}]\n",
            "eksnet.yaml:1:26: probes[0].kind: unknown kind \"icmp\"; use one of page, port"),
        row(
            "an empty name",
            "probes: [{name: \"\", kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"\" has 0 characters; use 1 to 128 characters"),
        row(
            "an endless name",
            "probes: [{name: " + "n".repeat(129) + ", kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…\" has 129 characters; use 1 to 128 characters"),
        row(
            "a name of an annotation's probe",
            "probes: [{name: 'annotation:a', kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"annotation:a\" begins with annotation:, which is reserved for probes from annotations; choose another"),
        row(
            "a name of a probe of a Probe resource",
            "probes: [{name: 'probe:shop/a', kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"probe:shop/a\" begins with probe:, which is reserved for probes from Probe resources; choose another"),
        row(
            "a module without a kind",
            "probe_resources: {modules: {a: {}}}\n",
            "eksnet.yaml:1:32: probe_resources.modules.a: the required key \"kind\" is missing; add it"),
        row(
            "a module of an unknown kind",
            "probe_resources: {modules: {a: {kind: icmp}}}\n",
            "eksnet.yaml:1:39: probe_resources.modules.a.kind: unknown kind \"icmp\"; use one of page, port"),
        row(
            "a setting of another kind in a module",
            "probe_resources: {modules: {a: {kind: port, methd: GET}}}\n",
            "eksnet.yaml:1:45: probe_resources.modules.a: unknown key \"methd\"; use one of kind, hello, expect"),
        row(
            "targets in a module",
            "probe_resources: {modules: {a: {kind: port, targets: []}}}\n",
            "eksnet.yaml:1:45: probe_resources.modules.a: unknown key \"targets\"; use one of kind, hello, expect"),
        row(
            "a namespace that is none",
            "probe_resources: {namespaces: [shop, '*']}\n",
            "eksnet.yaml:1:31: probe_resources.namespaces: \"*\" is not a namespace; write the name of one, such as shop"),
        row(
            "a host that is a URL",
            "probe_resources: {hosts: ['https://a.test/']}\n",
            "eksnet.yaml:1:26: probe_resources.hosts: \"https://a.test/\" is not a host; write a name, *.example.com, an address or a CIDR block"),
        row(
            "a bidirectional override in a name",
            "probes: [{name: \"a\\u202eb\", kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"a\\u202eb\" has the invisible character U+202E; remove it"),
        row(
            "a line break in a name",
            "probes: [{name: \"a\\nb\", kind: port, targets: [\"a:1\"]}]\n",
            "eksnet.yaml:1:17: probes[0].name: \"a\\nb\" has the invisible character U+000A; remove it"),
        row(
            "a name twice",
            """
            probes:
              - {name: db, kind: port, targets: ["a:1"]}
              - {name: db, kind: port, targets: ["b:1"]}
            """,
            "eksnet.yaml:3:12: probes[1].name: \"db\" is the name of the probe at eksnet.yaml:2 already; choose another"),
        row(
            "no targets",
            "probes: [{name: a, kind: port, targets: []}]\n",
            "eksnet.yaml:1:41: probes[0].targets: no target; list at least one"),
        row(
            "targets that are a word",
            "probes: [{name: a, kind: port, targets: \"a:1\"}]\n",
            "eksnet.yaml:1:41: probes[0].targets: \"a:1\" is not a list; write it as [a, b]"),
        row(
            "a target that is a list",
            "probes: [{name: a, kind: port, targets: [[]]}]\n",
            "eksnet.yaml:1:42: probes[0].targets[0]: a list is not a mapping; write keys with values here"),
        row(
            "a target twice",
            "probes: [{name: a, kind: port, targets: [\"a:1\", \"b:1\", \"a:1\"]}]\n",
            "eksnet.yaml:1:56: probes[0].targets[2]: the target \"a:1\" is listed twice; remove one"),
        row(
            "targets the kind does not understand",
            "probes: [{name: a, kind: port, targets: [db, \"db:1\", \"db:99999\"]}]\n",
            "eksnet.yaml:1:42: probes[0].targets[0]: a port is host:port such as db:5432, not \"db\"",
            "eksnet.yaml:1:54: probes[0].targets[2]: the port of \"db:99999\" must be 1 to 65535, not 99999"),
        row(
            "labels that the series have already",
            "probes: [{name: a, kind: port, targets: [{address: \"a:1\", labels: {target: x}}], labels: {outcome: x}}]\n",
            "eksnet.yaml:1:76: probes[0].targets[0].labels.target: \"target\" is a label of eksnet or of the scrape; choose another name",
            "eksnet.yaml:1:100: probes[0].labels.outcome: \"outcome\" is a label of eksnet or of the scrape; choose another name"),
        row(
            "a label of the probe that is set for all series",
            "labels: {env: prod}\nprobes: [{name: a, kind: port, targets: [\"a:1\"], labels: {env: x}}]\n",
            "eksnet.yaml:1:15: labels.env: the probe \"a\" has a label of this name, too; remove one of them"),
        row(
            "more labels than allowed",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], labels: {"
                + "l0: x, l1: x, l2: x, l3: x, l4: x, l5: x, l6: x, l7: x, l8: x, l9: x, m0: x, m1: x, m2: x,"
                + " m3: x, m4: x, m5: x, m6: x}}]\n",
            "eksnet.yaml:1:58: probes[0].labels: 17 labels are too many; use at most 16"),
        row(
            "a target without an address",
            "probes: [{name: a, kind: port, targets: [{labels: {x: y}}]}]\n",
            "eksnet.yaml:1:42: probes[0].targets[0]: the required key \"address\" is missing; add it"),
        row(
            "a control character in a target",
            "probes: [{name: a, kind: port, targets: [\"a\\eb:1\"]}]\n",
            "eksnet.yaml:1:42: probes[0].targets[0].address: \"a\\u001bb:1\" has the invisible character U+001B; remove it"),
        row(
            "a timeout as long as the interval",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], interval: 3s, timeout: 3s}]\n",
            "eksnet.yaml:1:73: probes[0].timeout: 3s is not shorter than the interval, 3s; lower the timeout or raise the interval"),
        row(
            "an interval shorter than the default timeout",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], interval: 3s}]\n",
            "eksnet.yaml:1:60: probes[0].interval: 3s is not longer than the timeout, 5s by default; raise the interval or set timeout"),
        row(
            "a timeout longer than the default interval",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], timeout: 1m}]\n",
            "eksnet.yaml:1:59: probes[0].timeout: 1m is not shorter than the interval, 15s by default; lower the timeout or raise the interval"),
        row(
            "an interval near its name",
            """
            probes:
              - name: a
                kind: port
                targets: ["a:1"]
                intervall: 3s
            """,
            "eksnet.yaml:5:5: probes[0]: unknown key \"intervall\"; did you mean \"interval\"?"),
        row(
            "invalid defaults are not reported again for every probe",
            """
            defaults: {interval: 1}
            probes: [{name: a, kind: port, targets: ["a:1"], timeout: 1m}]
            """,
            "eksnet.yaml:1:22: defaults.interval: \"1\" is not a duration; add a unit, for example \"1s\""));
  }

  private static Stream<Arguments> kinds() {
    return Stream.of(
        page(
            "a key of another kind",
            "hello: true",
            "eksnet.yaml:3:4: probes[0]: unknown key \"hello\"; use one of name, kind, targets, interval, timeout, negative, labels, method, headers, cookies, token, password_file, expect, version, redirects, max_body, share, alpn, steps"),
        page(
            "a word that is not among the allowed",
            "method: POST",
            "eksnet.yaml:3:12: probes[0].method: \"POST\" is not allowed; use one of GET, HEAD"),
        page(
            "a constant that there is not",
            "version: http_3",
            "eksnet.yaml:3:13: probes[0].version: \"http_3\" is not allowed; use one of http_1_1, http_2"),
        page(
            "a pattern that is none",
            "expect: {body: [ok, \"a(b\"]}",
            "eksnet.yaml:3:24: probes[0].expect.body[1]: \"a(b\" is not a regular expression: missing closing ); see https://github.com/google/re2/wiki/Syntax"),
        page(
            "an unknown key further in",
            "expect: {stattus: [2xx]}",
            "eksnet.yaml:3:13: probes[0].expect: unknown key \"stattus\"; did you mean \"status\"?"),
        page(
            "a fraction out of bounds",
            "share: 1.5",
            "eksnet.yaml:3:11: probes[0].share: 1.5 is out of range; use 0 to 1"),
        page(
            "a fraction that is none",
            "share: NaN",
            "eksnet.yaml:3:11: probes[0].share: \"NaN\" is not a number; use 0 to 1"),
        page(
            "an element twice",
            "alpn: [h2, h2]",
            "eksnet.yaml:3:15: probes[0].alpn[1]: \"h2\" is in the list already, in line 3; remove one"),
        page(
            "a missing key further in",
            "steps: [{send: a}, {answer: b}]",
            "eksnet.yaml:3:23: probes[0].steps[1]: the required key \"send\" is missing; add it"),
        page(
            "settings that do not fit each other",
            "method: HEAD, expect: {body: [ok]}",
            "eksnet.yaml:3:33: probes[0].expect.body: cannot match a response to HEAD, which has no body; use GET"),
        page(
            "a secret is not repeated",
            "token: abc, cookies: {sid: [hunter2]}",
            "eksnet.yaml:3:11: probes[0].token: invalid value, not shown as it is secret; see the reference",
            "eksnet.yaml:3:31: probes[0].cookies.sid: a list is not text; write a single value"),
        page(
            "a file without a name",
            "password_file: \"\"",
            "eksnet.yaml:3:19: probes[0].password_file: \"\" is not the path of a file; write one"));
  }

  private static Arguments page(String name, String settings, String... problems) {
    return row(
        name,
        "probes:\n- {name: a, kind: page, targets: [https://a],\n   " + settings + "}\n",
        problems);
  }
}
