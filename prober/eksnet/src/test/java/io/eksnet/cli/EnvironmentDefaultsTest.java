package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentDefaultsTest {
  @ParameterizedTest
  @CsvSource({
    "--config.file,                 EKSNET_CONFIG_FILE",
    "--config.auto-reload-interval, EKSNET_CONFIG_AUTO_RELOAD_INTERVAL",
    "--web.listen-address,          EKSNET_WEB_LISTEN_ADDRESS",
    "--log.level,                   EKSNET_LOG_LEVEL",
  })
  void everyFlagHasAnEnvironmentVariable(String flag, String variable) {
    assertThat(Options.variable(flag)).isEqualTo(variable);
  }

  @Test
  void flagOverridesEnvironmentAndEnvironmentOverridesDefault() {
    var environment = Map.of("EKSNET_LOG_LEVEL", "warn", "EKSNET_WEB_LISTEN_ADDRESS", ":1");

    var options = parsed(environment, "--log.level=debug");

    assertThat(options.logLevel).isEqualTo(Logs.Level.DEBUG);
    assertThat(options.listenAddress).isEqualTo(":1");
    assertThat(options.logFormat).isEqualTo(Logs.Format.LOGFMT);
  }

  private static Options parsed(Map<String, String> environment, String flag) {
    var parsed = RootCommand.line(environment).parseArgs("agent", flag);
    return RunArgumentsTest.options(parsed);
  }
}
