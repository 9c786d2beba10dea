package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.dashboards.Command;
import java.io.IOException;
import java.nio.file.Path;

/** The real promtool over what the chart renders. */
final class Promtool {
  private Promtool() {}

  /** Fails with the output of promtool if a file of {@code what} is wrong. */
  static void check(String what, Path file) throws IOException {
    try {
      var check =
          Command.run(
              file.toAbsolutePath().getParent(), "promtool", "check", what, file.toString());
      assertThat(check.exit()).as(check.output()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
