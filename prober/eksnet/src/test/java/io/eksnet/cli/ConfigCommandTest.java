package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @Test
  void checksFilesAndExpandsTheEnvironment() throws IOException {
    var a = write("a.yaml", "cluster: ${env:CLUSTER}");
    write("b.yaml", "probes: [{name: db, kind: tcp, targets: ['db:5432']}]");

    assertThat(run("config", "check", a.resolveSibling("*.yaml").toString())).isZero();
    assertThat(out).asString().contains("*.yaml: valid");
  }

  @Test
  void reportsAllErrorsWithTheirFiles() throws IOException {
    var a = write("a.yaml", "clustr: x");
    var b = write("b.yaml", "probes: [{name: db, kind: tpc, targets: ['db:5432']}]");

    assertThat(run("config", "check", a.toString(), b.toString())).isEqualTo(1);
    assertThat(err)
        .asString()
        .contains(a + ":1:1: unknown key", b + ":1:27: probes[0].kind: unknown kind \"tpc\"");
  }

  @Test
  void importsABlackboxConfiguration() throws IOException {
    var blackbox = write("blackbox.yml", "modules: {shop: {prober: http}, ping: {prober: icmp}}");

    assertThat(run("config", "import", blackbox.toString())).isZero();
    assertThat(out).asString().contains("- name: shop\n", "kind: http");
    assertThat(err)
        .asString()
        .contains("not imported: " + blackbox + ":1:48: modules.ping.prober: ", "\"icmp\"")
        .doesNotContain("to correct");
  }

  @Test
  void failsWithoutAFileOrACommand() {
    assertThat(run("config", "check", directory.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(run("config", "import", directory.resolve("none.yml").toString())).isEqualTo(1);
    assertThat(run("config")).isEqualTo(1);
    assertThat(err).asString().contains("does not exist", "cannot read", "check or import");
  }

  private int run(String... arguments) {
    var line = RootCommand.line(Map.of("CLUSTER", "prod-1"));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml);
  }
}
