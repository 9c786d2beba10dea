package io.eksnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  @TempDir Path directory;

  @Test
  void startsAProgramAndDrainsItOnClose() throws Exception {
    var address = ChildProcess.claim(0);
    var config = directory.resolve("eksnet.yaml");
    try (var child = ChildProcess.start(fakeEksnet(), "standalone", config, address, Map.of())) {
      assertThat(child.awaitReady()).isTrue();
    }

    assertThat(Files.readAllLines(directory.resolve("arguments")))
        .containsExactly(
            "standalone",
            "--config.file=" + config,
            "--web.listen-address=" + address,
            "--web.enable-lifecycle");
    assertThat(directory.resolve("drained")).hasContent("yes");
  }

  @Test
  void returnsTheExitStatusOfTheProgram() throws Exception {
    var address = ChildProcess.claim(0);
    var config = directory.resolve("eksnet.yaml");
    try (var child = ChildProcess.start(fakeEksnet(), "standalone", config, address, Map.of())) {
      assertThat(child.awaitReady()).isTrue();
      var quit = HttpRequest.newBuilder(URI.create("http://" + address + "/quit")).build();
      HttpClient.newHttpClient().send(quit, BodyHandlers.discarding());

      assertThat(child.awaitEnd()).isEqualTo(7);
      assertThat(child.isAlive()).isFalse();
    }
  }

  private Path fakeEksnet() throws IOException {
    var script = directory.resolve("eksnet");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec '%s' -Xmx64m -cp '%s' io.eksnet.lab.FakeEksnet '%s' "$@"
        """
            .formatted(JAVA, System.getProperty("java.class.path"), directory));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
