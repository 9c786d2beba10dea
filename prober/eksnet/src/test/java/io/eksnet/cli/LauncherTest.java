package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bin/eksnet} asks of Java. */
@Timeout(60)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("src/main/dist/bin/eksnet");

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "agent,                               -Xmx128m",
    "--config.file=x.yaml agent --verbose, -Xmx128m",
    "controller,                          -Xmx512m",
    "standalone,                          -Xmx512m",
    "doctor --json,                       -Xmx512m"
  })
  void whatReadsTheClusterHasALargerHeapThanAnAgent(String arguments, String heap)
      throws Exception {
    assertThat(options(Map.of(), arguments.split(" "))).contains(heap);
  }

  /** Controllers have credentials of AWS: all of their memory is at random addresses. */
  @ParameterizedTest
  @CsvSource({"agent, true", "controller, false", "standalone, false", "doctor, false"})
  void onlyAgentsMapArchivesAtFixedAddresses(String command, boolean fixed) throws Exception {
    var options = options(Map.of(), command);

    assertThat(options.contains("-XX:ArchiveRelocationMode=0")).isEqualTo(fixed);
    assertThat(options.contains("-Xmn3m")).isEqualTo(fixed);
  }

  @Test
  void anotherHeapAndMoreOptionsCanBeGiven() throws Exception {
    var more = Map.of("EKSNET_HEAP", "64m", "EKSNET_JAVA_OPTS", "-Da=1 -Db=2");

    assertThat(options(more, "agent")).contains("-Xmx64m", "-Da=1", "-Db=2", "agent");
  }

  private List<String> options(Map<String, String> environment, String... arguments)
      throws Exception {
    var command = new ArrayList<>(List.of("sh", LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("EKSNET_"));
    builder.environment().put("JAVA_HOME", java().toString());
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  /** A Java that only prints its arguments. */
  private Path java() throws IOException {
    var java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
