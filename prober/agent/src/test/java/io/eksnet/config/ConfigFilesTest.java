package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several config files as one config, and references to the environment. */
class ConfigFilesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("CLUSTER", "prod-1", "TIMEOUT", "2s", "EMPTY", "", "YAML", "a: [b]", "COST", "$5");

  @Test
  void concatenatesTheProbesOfAllFiles() {
    var settings =
        valid(
            "cluster: a\nprobes: [{name: p, kind: port, targets: ['x:1']}]",
            "probes: [{name: q, kind: port, targets: ['y:1']}]",
            "",
            "defaults: {interval: 30s}\nprobes: [{name: r, kind: port, targets: ['z:1']}]");

    assertThat(settings.cluster()).isEqualTo("a");
    assertThat(settings.probes()).extracting(ProbeSettings::name).containsExactly("p", "q", "r");
    assertThat(settings.probes())
        .extracting(probe -> probe.interval().toSeconds())
        .containsOnly(30L);
  }

  @Test
  void rejectsSectionsAndNamesThatTwoFilesSet() {
    assertThat(
            problems(
                "defaults: {interval: 10s}\nprobes: [{name: p, kind: port, targets: ['x:1']}]",
                "probes: [{name: p, kind: port, targets: ['y:1']}]\ndefaults: {timeout: 1s}",
                "prbes: []"))
        .containsExactly(
            "1.yaml:1:17: probes[0].name: \"p\" is the name of the probe at 0.yaml:2 already; choose"
                + " another",
            "1.yaml:2:1: \"defaults\" is set in 0.yaml:1 already; keep it in one file",
            "2.yaml:1:1: unknown key \"prbes\"; did you mean \"probes\"?");
  }

  @Test
  void resolvesFilesFromTheDirectoryOfTheFileThatNamesThem() {
    var probe = "probes: [{name: %s, kind: page, targets: [https://a], password_file: key}]";
    var sources =
        List.of(
            new ConfigSource("a", probe.formatted("a"), Path.of("/one")),
            new ConfigSource("b", probe.formatted("b"), Path.of("/two")));

    var result = ConfigReader.read(sources, SampleKinds.map(), Map.of());

    assertThat(((ConfigResult.Valid) result).files())
        .extracting(FileReference::file)
        .containsExactly(Path.of("/one/key"), Path.of("/two/key"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${env:CLUSTER}                 | prod-1",
        "'\"${env:CLUSTER}\"'           | prod-1",
        "eks-${env:CLUSTER}-${env:CLUSTER} | eks-prod-1-prod-1",
        "${env:YAML}                    | a: [b]",
        "${env:COST}                    | $5",
        "$${env:CLUSTER}                | ${env:CLUSTER}",
        "$CLUSTER                       | $CLUSTER",
        "${CLUSTER}                     | ${CLUSTER}",
        "$1                             | $1",
        "a$                             | a$",
        "${env:CLUSTER                  | ${env:CLUSTER",
        "${ENV:CLUSTER}                 | ${ENV:CLUSTER}"
      })
  void expandsNamedEnvironmentVariablesOnly(String yaml, String value) {
    assertThat(valid("cluster: " + yaml).cluster()).isEqualTo(value);
  }

  @Test
  void expandsValuesOfEveryType() {
    var settings = valid("defaults: {timeout: '${env:TIMEOUT}'}\nlabels: {env: '${env:EMPTY}'}");

    assertThat(settings.defaults().timeout()).hasSeconds(2);
    assertThat(settings.labels()).containsEntry("env", "");
  }

  @Test
  void rejectsVariablesThatAreNotSetAndNamesThatAreNone() {
    assertThat(
            problems(
                "cluster: ${env:NOPE}\nregion: '${env:a-b}'\ndefaults: {timeout: '${env:EMPTY}'}"))
        .containsExactly(
            "0.yaml:1:10: cluster: \"${env:NOPE}\" is not set in the environment; set the variable or"
                + " write the value",
            "0.yaml:2:9: region: \"${env:a-b}\" does not name an environment variable; use letters,"
                + " digits and underscores, or write $$ for a literal $",
            "0.yaml:3:21: defaults.timeout: \"\" is not a duration; write one such as 10s, 1m30s or"
                + " 250ms");
  }

  private static Settings valid(String... files) {
    var result = ConfigReader.read(sources(files), SampleKinds.map(), ENVIRONMENT);
    assertThat(result).isInstanceOf(ConfigResult.Valid.class);
    return ((ConfigResult.Valid) result).settings();
  }

  private static List<String> problems(String... files) {
    var result = ConfigReader.read(sources(files), SampleKinds.map(), ENVIRONMENT);
    assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
    return ((ConfigResult.Invalid) result).problems().stream().map(Problem::text).toList();
  }

  private static List<ConfigSource> sources(String... files) {
    var sources = new ArrayList<ConfigSource>();
    for (var file : files) {
      sources.add(new ConfigSource(sources.size() + ".yaml", file, Path.of("")));
    }
    return sources;
  }
}
