package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartCheckTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster: other                          | cluster",
        "region: eu-central-1                    | region",
        "labels: {env: test}                     | labels",
        "limits: {runs_in_flight: 7}             | limits.runs_in_flight",
        "limits: {stall: 1s}                     | limits.stall",
        "polls: {subnets: 2m}                    | polls.subnets",
        "controller: {every: 20s}                | controller.every",
        "web: {observations: 7}                  | web.observations"
      })
  void reportsKeysThatNeedARestart(String wanted, String key) {
    assertThat(RestartCheck.changedKeys(read(""), read(wanted))).containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits: {targets: 7}",
        "suites: {sts: {interval: 2m}}",
        "defaults: {interval: 7s}",
        "probes: [{name: shop, kind: port, targets: ['10.0.0.7:80']}]"
      })
  void acceptsOtherChanges(String wanted) {
    assertThat(read(wanted)).isNotEqualTo(read(""));
    assertThat(RestartCheck.changedKeys(read(""), read(wanted))).isEmpty();
  }

  @Test
  void reportsAllKeysAndIgnoresTheirOrder() {
    var running = read("labels: {env: test, tier: net}\npolls: {subnets: 2m}");

    assertThat(
            RestartCheck.changedKeys(running, read("labels: {tier: net, env: test}\ncluster: a")))
        .isEqualTo(List.of("cluster", "polls.subnets"));
  }

  private static Settings read(String yaml) {
    return ((ConfigResult.Valid) ConfigReader.read(yaml, SampleKinds.map())).settings();
  }
}
