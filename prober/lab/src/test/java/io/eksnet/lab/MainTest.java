package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String CLASSES = System.getProperty("java.class.path");

  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    for (var lab : started) {
      lab.descendants().forEach(ProcessHandle::destroyForcibly);
      lab.destroyForcibly();
    }
  }

  @Test
  void startsEksnetSaysWhereToLookAndDrainsItOnSigterm() throws Exception {
    var lab =
        run("--eksnet", fake(), "--work", directory.resolve("work").toString(), "--free-ports");
    var said = heard(lab, "Ctrl-C ends both.");

    var eksnet = after(said, "metrics");
    var control = after(said, "switch faults");
    assertThat(eksnet).matches("http://127\\.0\\.0\\.1:\\d+/metrics");
    assertThat(get(control)).contains(eksnet).contains("The lab");
    var config = directory.resolve("work/eksnet.yaml");
    assertThat(Files.readAllLines(directory.resolve("arguments")))
        .containsExactly(
            "standalone",
            "--config.file=" + config,
            "--web.listen-address=" + eksnet.substring(7).replace("/metrics", ""),
            "--web.enable-lifecycle");
    assertThat(config).exists();
    assertThat(directory.resolve("work/ca.pem")).exists();

    lab.destroy();

    assertThat(lab.waitFor(30, SECONDS)).isTrue();
    assertThat(lab.exitValue()).isEqualTo(143);
    assertThat(directory.resolve("drained")).hasContent("yes");
  }

  @Test
  void endsAsEksnetEnds() throws Exception {
    var lab =
        run("--eksnet", fake(), "--work", directory.resolve("work").toString(), "--free-ports");
    var said = heard(lab, "Ctrl-C ends both.");

    assertThat(get(after(said, "metrics").replace("metrics", "quit"))).isEmpty();

    assertThat(lab.waitFor(30, SECONDS)).isTrue();
    assertThat(lab.exitValue()).isEqualTo(7);
  }

  @Test
  void runsAloneToo() throws Exception {
    var lab = run("--work", directory.resolve("work").toString(), "--free-ports");

    var said = heard(lab, "Ctrl-C ends it.");

    assertThat(get(after(said, "switch faults"))).contains("The lab");
  }

  @Test
  void unknownArgumentIsNamed() throws Exception {
    var lab = run("--eksnt", "x");

    assertThat(new String(lab.getInputStream().readAllBytes(), UTF_8))
        .startsWith("lab: unknown argument --eksnt\nusage: ");
    assertThat(lab.waitFor()).isEqualTo(1);
  }

  @Test
  void configSpeaksOfEveryServiceAndKind() {
    try (var lab = Lab.start()) {
      var yaml = EksnetConfig.of(lab, Path.of("/tmp/it's here/ca.pem"));

      assertThat(yaml)
          .contains("targets: ['http://127.0.0.1:" + lab.http().port() + "/ok']")
          .contains("targets: ['https://127.0.0.1:" + lab.https().port() + "/ok']")
          .contains("tls: {ca_file: '/tmp/it''s here/ca.pem'}")
          .contains("kind: dns")
          .contains("kind: tcp")
          .contains("kind: tls")
          .contains("'127.255.255.255:9'")
          .doesNotContain("@");
      for (var service : lab.describe()) {
        assertThat(yaml).contains(service.addresses().get(0));
      }
    }
  }

  private String fake() throws IOException {
    var script = directory.resolve("eksnet");
    Files.writeString(
        script,
        """
        #!/bin/sh
        exec '%s' -Xmx64m -cp '%s' io.eksnet.lab.FakeEksnet '%s' "$@"
        """
            .formatted(JAVA, CLASSES, directory));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }

  private Process run(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(JAVA, "-Xmx128m", "-cp", CLASSES, "io.eksnet.lab.Main"));
    command.addAll(List.of(arguments));
    var lab = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(lab);
    return lab;
  }

  /** Everything it says up to the line {@code last}. */
  private static List<String> heard(Process lab, String last) throws IOException {
    BufferedReader reader = lab.inputReader();
    var lines = new ArrayList<String>();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.equals(last)) {
        return lines;
      }
    }
    throw new IOException("ended without \"" + last + "\": " + lines);
  }

  private static String after(List<String> lines, String label) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static String get(String url) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
