package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShortCommandsTest {
  @Test
  void versionPrintsWhatTheFlagPrints() {
    assertThat(Commands.run("version")).startsWith("eksnet ").isEqualTo(Commands.run("--version"));
  }

  @Test
  void completionIsAScriptThatBashReads() throws Exception {
    var script = Commands.run("completion");
    var bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(bash.waitFor()).isZero();
    assertThat(script).contains("incidents", "explain", "--config.file");
  }

  @Test
  void commandsThatNeedAControllerNameTheRemedy() {
    for (var command : new String[] {"findings", "incidents"}) {
      assertThat(Commands.run(1, command, "--url=http://127.0.0.1:1"))
          .startsWith("eksnet: cannot read http://127.0.0.1:1/api/v1/" + command)
          .contains("is the port-forward running?");
      assertThat(Commands.run(1, command, "--url=ftp://x"))
          .contains("--url must begin with http:// or https://");
    }
  }
}
