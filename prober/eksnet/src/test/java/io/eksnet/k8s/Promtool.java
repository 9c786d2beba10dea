package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The real promtool over what the chart renders. */
final class Promtool {
  private Promtool() {}

  /** Fails with what promtool says, where a file of {@code what} is wrong. */
  static void check(String what, Path file) throws IOException {
    var output = file.resolveSibling(file.getFileName() + ".out");
    var process =
        new ProcessBuilder("promtool", "check", what, file.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
