package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a config is said all at once, each with its place and the remedy. */
class RejectedConfigTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource({"syntax", "values", "settings", "probes", "kinds"})
  void isRejectedWithTheseWords(String name, String yaml, List<String> problems) {
    assertThat(ConfigReader.read(yaml, SampleKinds.map()))
        .isInstanceOfSatisfying(
            Reading.Rejected.class,
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
            "line 2, column 1: not YAML: a tab cannot indent; use spaces"),
        row(
            "a list that is not closed",
            """
            probes: [
            """,
            "line 2, column 1: not YAML: expected the node content, but found '<stream end>' while parsing a flow node"),
        row(
            "a key that is not indented as its brothers",
            """
            defaults:
              interval: 10s
             timeout: 1s
            """,
            "line 3, column 2: not YAML: expected <block end>, but found '<block mapping start>' while parsing a block mapping"),
        row(
            "a colon in a plain word",
            "cluster: a: b\n",
            "line 1, column 11: not YAML: a colon and a space within a value; put the value in quotes"),
        row(
            "two documents",
            """
            cluster: a
            ---
            cluster: b
            """,
            "line 2, column 1: a config is one document; remove this one and its \"---\""),
        row(
            "a list at the root",
            "- cluster\n",
            "line 1, column 1: must be a mapping of keys to values, not a list"),
        row(
            "a word at the root",
            "hello\n",
            "line 1, column 1: must be a mapping of keys to values, not \"hello\""),
        row(
            "an alias to nothing",
            "cluster: *nobody\n",
            "line 1, column 10: not YAML: found undefined alias nobody"),
        row(
            "a character that is not for text",
            "cluster: a\nregion: \u0001\n",
            "line 2, column 9: not YAML: the character U+0001; remove it"),
        row(
            "a tag",
            "cluster: !!int 5\n",
            "line 1, column 10: cluster: the tag \"tag:yaml.org,2002:int\" means nothing here; remove it"),
        row(
            "a tag that wants a class",
            "cluster: !!javax.script.ScriptEngineManager [x]\n",
            "line 1, column 10: cluster: must be text, not a list"),
        row(
            "levels without end",
            "[".repeat(10_000),
            "line 1, column 33: lists and mappings nest deeper than 32 levels; no config needs that"),
        row(
            "merge keys",
            "defaults: &d {interval: 10s}\nlimits:\n  <<: *d\n",
            "line 3, column 3: limits: merge keys (<<) are not part of YAML 1.2; write the keys out"),
        row(
            "a mapping as a key",
            "{a: b}: c\n",
            "line 1, column 1: a key must be a word, not a list or mapping"));
  }

  private static Stream<Arguments> values() {
    return Stream.of(
        row(
            "an unknown key with a near one",
            "clustr: a\n",
            "line 1, column 1: unknown key \"clustr\"; did you mean \"cluster\"?"),
        row(
            "an unknown key far from all",
            "zzz: 1\n",
            "line 1, column 1: unknown key \"zzz\"; there are cluster, region, labels, defaults, limits, probes, suites, polls, controller, web"),
        row(
            "an unknown key of another alphabet",
            "\"cl\\u202euster\": 1\n",
            "line 1, column 1: unknown key \"cl\\u202euster\"; did you mean \"cluster\"?"),
        row(
            "a key with dashes",
            "limits: {runs-in-flight: 5}\n",
            "line 1, column 10: limits: unknown key \"runs-in-flight\"; did you mean \"runs_in_flight\"?"),
        row(
            "a duplicate key",
            "cluster: a\nregion: b\ncluster: c\n",
            "line 3, column 1: duplicate key \"cluster\"; it stands in line 1 already"),
        row(
            "a duration without a unit",
            "defaults: {interval: 10}\n",
            "line 1, column 22: defaults.interval: must be a duration such as 10s, 1m30s or 250ms, not \"10\"; say the unit, such as 10s"),
        row(
            "a duration of no kind",
            "defaults: {interval: soon}\n",
            "line 1, column 22: defaults.interval: must be a duration such as 10s, 1m30s or 250ms, not \"soon\""),
        row(
            "a negative duration",
            "defaults: {interval: -5s}\n",
            "line 1, column 22: defaults.interval: must be a duration such as 10s, 1m30s or 250ms, not \"-5s\""),
        row(
            "units in the wrong order",
            "defaults: {interval: 30s1m}\n",
            "line 1, column 22: defaults.interval: must be a duration such as 10s, 1m30s or 250ms, not \"30s1m\""),
        row(
            "a duration out of bounds",
            "defaults: {interval: 0s}\n",
            "line 1, column 22: defaults.interval: must be 100ms to 1d, not 0s"),
        row(
            "a whole number that is none",
            "limits: {targets: many}\n",
            "line 1, column 19: limits.targets: must be a whole number, not \"many\""),
        row(
            "a whole number too large for its type",
            "limits: {targets: 99999999999}\n",
            "line 1, column 19: limits.targets: must be 1 to 100000, not 99999999999"),
        row(
            "a whole number in quotes",
            "limits: {targets: \"5\"}\n",
            "line 1, column 19: limits.targets: must be a whole number, not the text \"5\"; remove the quotes"),
        row(
            "a number below its bound",
            "limits: {targets: 0}\n",
            "line 1, column 19: limits.targets: must be 1 to 100000, not 0"),
        row(
            "yes for true",
            "suites: {dns: {enabled: yes}}\n",
            "line 1, column 25: suites.dns.enabled: must be true or false, not \"yes\""),
        row(
            "nothing where a text belongs",
            "cluster:\n",
            "line 1, column 9: cluster: must be text; nothing is written here"),
        row(
            "null where a text belongs",
            "cluster: null\n",
            "line 1, column 10: cluster: must be text, not null; put it in quotes if it is a word"),
        row(
            "a list where a text belongs",
            "cluster: [a]\n",
            "line 1, column 10: cluster: must be text, not a list"),
        row(
            "a mapping where a duration belongs",
            "defaults: {interval: {s: 1}}\n",
            "line 1, column 22: defaults.interval: must be a duration such as 10s, not a mapping"),
        row(
            "a text where a mapping belongs",
            "defaults: 10s\n",
            "line 1, column 11: defaults: must be a mapping of keys to values, not \"10s\""),
        row(
            "a mapping where a list belongs",
            "probes: {name: a}\n",
            "line 1, column 9: probes: must be a list such as [a, b], not a mapping"),
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
            "line 1, column 1: unknown key \"regoin\"; did you mean \"region\"?",
            "line 3, column 12: limits.targets: must be a whole number, not \"x\"",
            "line 4, column 10: limits.stall: must be a duration such as 10s, 1m30s or 250ms, not \"1\"; say the unit, such as 1s",
            "line 5, column 25: suites.dns.enabled: must be true or false, not \"1\"",
            "line 6, column 6: web: must be a mapping of keys to values, not a list"));
  }

  private static Stream<Arguments> settings() {
    return Stream.of(
        row(
            "a region that is none",
            "cluster: a\nregion: Frankfurt am Main\n",
            "line 2, column 9: region: region must be the name of an AWS region such as eu-central-1, not \"Frankfurt am Main\""),
        row(
            "a label that is no name",
            "labels: {a-b: c}\n",
            "line 1, column 15: labels.a-b: \"a-b\" is not a label name; use letters, digits and underscores, and no digit first"),
        row(
            "a label of ours",
            "labels:\n  env: prod\n  outcome: x\n  cluster: y\n",
            "line 3, column 12: labels.outcome: the label name \"outcome\" is taken by eksnet or the scrape; choose another",
            "line 4, column 12: labels.cluster: the label \"cluster\" has a key of its own; set cluster: at the top"),
        row(
            "a label of Prometheus",
            "labels: {__name__: x}\n",
            "line 1, column 20: labels.__name__: the label name \"__name__\" belongs to Prometheus; start it without __"),
        row(
            "labels that are a list",
            "labels: [a]\n",
            "line 1, column 9: labels: must be a mapping of keys to values, not a list"),
        row(
            "a label twice",
            "labels: {a: b, a: c}\n",
            "line 1, column 16: labels: duplicate key \"a\"; it stands in line 1 already"),
        row(
            "default timeout as long as the interval",
            "defaults: {timeout: 15s}\n",
            "line 1, column 21: defaults.timeout: timeout (15s) must be shorter than interval (15s); lower the timeout or raise the interval"),
        row(
            "default interval shorter than the timeout",
            "defaults: {interval: 2s}\n",
            "line 1, column 11: defaults: timeout (5s) must be shorter than interval (2s); lower the timeout or raise the interval"),
        row(
            "suite timeout as long as the interval",
            "suites: {dns: {interval: 3s}}\n",
            "line 1, column 15: suites.dns: timeout (5s) must be shorter than interval (3s); lower the timeout or raise the interval"),
        row(
            "a name that is none",
            "suites: {dns: {external: \"a b\"}}\n",
            "line 1, column 26: suites.dns.external: external must be a DNS name such as example.com, not \"a b\""));
  }

  private static Stream<Arguments> probes() {
    return Stream.of(
        row(
            "a probe of nothing",
            "probes: [{}]\n",
            "line 1, column 10: probes[0]: the key \"targets\" is missing",
            "line 1, column 10: probes[0]: the key \"name\" is missing",
            "line 1, column 10: probes[0]: the key \"kind\" is missing"),
        row(
            "a probe that is a word",
            "probes: [shop]\n",
            "line 1, column 10: probes[0]: must be a mapping of keys to values, not \"shop\""),
        row(
            "an unknown kind near a known one",
            "probes: [{name: a, kind: pge, targets: [b]}]\n",
            "line 1, column 26: probes[0].kind: unknown kind \"pge\"; did you mean \"page\"?"),
        row(
            "an unknown kind",
            "probes: [{name: a, kind: icmp, targets: [b]}]\n",
            "line 1, column 26: probes[0].kind: unknown kind \"icmp\"; there are page, port"),
        row(
            "an empty name",
            "probes: [{name: \"\", kind: port, targets: [\"a:1\"]}]\n",
            "line 1, column 17: probes[0].name: must be 1 to 128 characters, not \"\""),
        row(
            "an endless name",
            "probes: [{name: " + "n".repeat(129) + ", kind: port, targets: [\"a:1\"]}]\n",
            "line 1, column 17: probes[0].name: must be 1 to 128 characters, not \"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…\""),
        row(
            "a name of an annotation's probe",
            "probes: [{name: 'annotation:a', kind: port, targets: [\"a:1\"]}]\n",
            "line 1, column 17: probes[0].name: names that begin with annotation: are those of probes from annotations; choose another"),
        row(
            "a name twice",
            """
            probes:
              - {name: db, kind: port, targets: ["a:1"]}
              - {name: db, kind: port, targets: ["b:1"]}
            """,
            "line 3, column 12: probes[1].name: the name \"db\" belongs to the probe in line 2 already; choose another"),
        row(
            "no targets",
            "probes: [{name: a, kind: port, targets: []}]\n",
            "line 1, column 41: probes[0].targets: must name at least one target"),
        row(
            "targets that are a word",
            "probes: [{name: a, kind: port, targets: \"a:1\"}]\n",
            "line 1, column 41: probes[0].targets: must be a list such as [a, b], not \"a:1\""),
        row(
            "a target that is a list",
            "probes: [{name: a, kind: port, targets: [[]]}]\n",
            "line 1, column 42: probes[0].targets[0]: must be text, not a list"),
        row(
            "a target twice",
            "probes: [{name: a, kind: port, targets: [\"a:1\", \"b:1\", \"a:1\"]}]\n",
            "line 1, column 56: probes[0].targets[2]: the target \"a:1\" is there twice; remove one"),
        row(
            "targets the kind does not understand",
            "probes: [{name: a, kind: port, targets: [db, \"db:1\", \"db:99999\"]}]\n",
            "line 1, column 42: probes[0].targets[0]: a port is host:port such as db:5432, not \"db\"",
            "line 1, column 54: probes[0].targets[2]: the port of \"db:99999\" must be 1 to 65535, not 99999"),
        row(
            "a timeout as long as the interval",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], interval: 3s, timeout: 3s}]\n",
            "line 1, column 73: probes[0].timeout: timeout (3s) must be shorter than interval (3s); lower the timeout or raise the interval"),
        row(
            "an interval shorter than the default timeout",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], interval: 3s}]\n",
            "line 1, column 60: probes[0].interval: timeout (5s) must be shorter than interval (3s); lower the timeout or raise the interval; the timeout is that of defaults"),
        row(
            "a timeout longer than the default interval",
            "probes: [{name: a, kind: port, targets: [\"a:1\"], timeout: 1m}]\n",
            "line 1, column 59: probes[0].timeout: timeout (1m) must be shorter than interval (15s); lower the timeout or raise the interval; the interval is that of defaults"),
        row(
            "an interval near its name",
            """
            probes:
              - name: a
                kind: port
                targets: ["a:1"]
                intervall: 3s
            """,
            "line 5, column 5: probes[0]: unknown key \"intervall\"; did you mean \"interval\"?"),
        row(
            "wrong defaults are not told again of every probe",
            """
            defaults: {interval: 1}
            probes: [{name: a, kind: port, targets: ["a:1"], timeout: 1m}]
            """,
            "line 1, column 22: defaults.interval: must be a duration such as 10s, 1m30s or 250ms, not \"1\"; say the unit, such as 1s"));
  }

  private static Stream<Arguments> kinds() {
    return Stream.of(
        page(
            "a key of another kind",
            "hello: true",
            "line 3, column 4: probes[0]: unknown key \"hello\"; there are name, kind, targets, interval, timeout, negative, method, headers, cookies, token, password_file, expect, version, redirects, max_body, share, alpn, steps"),
        page(
            "a word that is not among the allowed",
            "method: POST",
            "line 3, column 12: probes[0].method: must be one of GET, HEAD, not \"POST\""),
        page(
            "a constant that there is not",
            "version: http_3",
            "line 3, column 13: probes[0].version: must be one of http_1_1, http_2, not \"http_3\""),
        page(
            "a pattern that is none",
            "expect: {body: [ok, \"a(b\"]}",
            "line 3, column 24: probes[0].expect.body[1]: \"a(b\" is not a regular expression: missing closing ); see https://github.com/google/re2/wiki/Syntax"),
        page(
            "an unknown key further in",
            "expect: {stattus: [2xx]}",
            "line 3, column 13: probes[0].expect: unknown key \"stattus\"; did you mean \"status\"?"),
        page(
            "a fraction out of bounds",
            "share: 1.5",
            "line 3, column 11: probes[0].share: must be 0 to 1, not 1.5"),
        page(
            "a fraction that is none",
            "share: NaN",
            "line 3, column 11: probes[0].share: must be a number, not \"NaN\""),
        page(
            "an element twice",
            "alpn: [h2, h2]",
            "line 3, column 15: probes[0].alpn[1]: stands in line 3 already; remove one of the two"),
        page(
            "a missing key further in",
            "steps: [{send: a}, {answer: b}]",
            "line 3, column 23: probes[0].steps[1]: the key \"send\" is missing"),
        page(
            "settings that do not fit each other",
            "method: HEAD, expect: {body: [ok]}",
            "line 3, column 26: probes[0].expect: expect.body cannot match the answer to HEAD, which has none; use GET"),
        page(
            "a secret is not repeated",
            "token: abc, cookies: {sid: [hunter2]}",
            "line 3, column 11: probes[0].token: is not as the reference says; the value is not shown",
            "line 3, column 31: probes[0].cookies.sid: must be text, not a list"),
        page(
            "a file without a name",
            "password_file: \"\"",
            "line 3, column 19: probes[0].password_file: must be the path of a file, not \"\""));
  }

  private static Arguments page(String name, String settings, String... problems) {
    return row(
        name,
        "probes:\n- {name: a, kind: page, targets: [https://a],\n   " + settings + "}\n",
        problems);
  }
}
