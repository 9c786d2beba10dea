package io.eksnet.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Output and exit code of a program. */
public record Command(int exit, String output) {
  /** Runs it to its end. */
  public static Command run(Path directory, String... command)
      throws IOException, InterruptedException {
    return run(directory, List.of(command));
  }

  static Command run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new AssertionError("this test needs " + command.get(0) + "; make test installs it", e);
    }
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Command(process.waitFor(), output);
  }
}
