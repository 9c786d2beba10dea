package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.SettingKey;
import io.eksnet.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A reload refuses what needs a restart, so a change of it by Helm must be one. */
class FixedConfigTest {
  private static final Pattern PICKED = Pattern.compile("pick \\.Values\\.config((?: \"\\w+\")+)");
  private static final Pattern WORD = Pattern.compile("\\w+");

  @Test
  void theChartRestartsPodsForWhatTheProgramNeedsARestartFor() throws IOException {
    var picked = PICKED.matcher(Files.readString(Helm.CHART.resolve("templates/_helpers.tpl")));
    assertThat(picked.find()).isTrue();

    assertThat(WORD.matcher(picked.group(1)).results().map(MatchResult::group))
        .containsExactlyInAnyOrderElementsOf(
            SettingKey.of(Settings.class).stream()
                .filter(FixedConfigTest::needsRestart)
                .map(SettingKey::name)
                .toList());
  }

  private static boolean needsRestart(SettingKey key) {
    return key.setting().restart() || key.inner().stream().anyMatch(FixedConfigTest::needsRestart);
  }
}
