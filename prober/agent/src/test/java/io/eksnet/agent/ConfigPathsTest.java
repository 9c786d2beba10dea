package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.config.ConfigResult;
import io.eksnet.config.ProbeSettings;
import io.eksnet.config.SampleKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPathsTest {
  @TempDir Path directory;

  @Test
  void matchesFilesByNameAndNotHiddenOnesOrDirectories() throws IOException {
    write("b.yaml", "");
    write("a.yaml", "");
    write("c.yml", "");
    write(".hidden.yaml", "");
    Files.createDirectory(directory.resolve("d.yaml"));
    Files.createSymbolicLink(directory.resolve("e.yaml"), directory.resolve("c.yml"));

    assertThat(ConfigPaths.expand(List.of(directory.resolve("c.yml"), directory.resolve("*.yaml"))))
        .extracting(path -> path.getFileName().toString())
        .containsExactly("c.yml", "a.yaml", "b.yaml", "e.yaml");
  }

  @Test
  void rejectsPatternsWithoutFiles() {
    assertThatThrownBy(() -> ConfigPaths.expand(List.of(directory.resolve("*.yaml"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no file matches the pattern");
  }

  @Test
  void readsAFileOnceThatTwoPatternsMatch() throws IOException {
    write("a.yaml", "");

    assertThat(
            ConfigPaths.expand(List.of(directory.resolve("a.yaml"), directory.resolve("?.yaml"))))
        .containsExactly(directory.resolve("a.yaml"));
  }

  @Test
  void noticesFilesThatComeAndGo() throws IOException {
    write("a.yaml", "probes: [{name: a, kind: port, targets: ['x:1']}]");
    var config = new ConfigFile(List.of(directory.resolve("*.yaml")), SampleKinds.map(), Map.of());
    assertThat(names(config)).containsExactly("a");
    assertThat(config.changed()).isFalse();

    var more = write("b.yaml", "probes: [{name: b, kind: port, targets: ['y:1']}]");
    assertThat(config.changed()).isTrue();
    assertThat(names(config)).containsExactly("a", "b");

    Files.delete(more);
    assertThat(config.changed()).isTrue();
    assertThat(names(config)).containsExactly("a");
  }

  private static List<String> names(ConfigFile config) {
    return ((ConfigResult.Valid) config.read())
        .settings().probes().stream().map(ProbeSettings::name).toList();
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml);
  }
}
