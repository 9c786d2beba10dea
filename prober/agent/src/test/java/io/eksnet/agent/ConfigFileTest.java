package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.ConfigResult;
import io.eksnet.probe.ProbeKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConfigFileTest {
  private static final String CONFIG = "cluster: demo\n";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# a comment\n", "---\n", "  \n# a\n---\n"})
  void rejectsAFileThatHasBecomeEmpty(String empty) throws IOException {
    var path = Files.writeString(directory.resolve("eksnet.yaml"), CONFIG);
    var file = file(path);
    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);

    Files.writeString(path, empty);

    assertThat(file.changed()).isTrue();
    assertThat(message(file.read())).contains("the file has become empty");
    assertThat(file.changed()).isFalse();
    Files.writeString(path, CONFIG);
    assertThat(file.changed()).isTrue();
    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n"})
  void acceptsAnEmptyFileAtTheStart(String empty) throws IOException {
    var path = Files.writeString(directory.resolve("eksnet.yaml"), empty);
    var file = file(path);

    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);
    Files.writeString(path, "\n" + empty);
    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);
  }

  @Test
  void acceptsDefaultsOnReloadIfTheyAreMeant() throws IOException {
    var path = Files.writeString(directory.resolve("eksnet.yaml"), CONFIG);
    var file = file(path);
    file.read();
    Files.writeString(path, "{}\n");

    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/full", "/dev/urandom"})
  void rejectsEndlessFiles(String device) {
    var file = file(Path.of(device));

    assertThat(message(file.read())).contains("cannot be read: it is larger than 9216 KiB");
  }

  @Test
  void rejectsAHugeFileWithoutReadingItWhole() throws IOException {
    var path = directory.resolve("huge.yaml");
    try (var sparse = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      sparse.setLength(1L << 36);
    }
    var file = file(path);

    assertThat(message(file.read())).contains("it is larger than 9216 KiB");
  }

  @Test
  void rejectsOneOfSeveralFilesThatHasBecomeEmpty() throws IOException {
    Files.writeString(directory.resolve("a.yaml"), CONFIG);
    var second = Files.writeString(directory.resolve("b.yaml"), "region: eu-central-1\n");
    var file = file(directory.resolve("*.yaml"));
    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);

    Files.writeString(second, "");

    assertThat(message(file.read())).contains("b.yaml", "the file has become empty");
    Files.delete(second);
    assertThat(file.read()).isInstanceOf(ConfigResult.Valid.class);
  }

  private static ConfigFile file(Path path) {
    return new ConfigFile(List.of(path), ProbeKinds.byName(), Map.of());
  }

  private static String message(ConfigResult reading) {
    assertThat(reading).isInstanceOf(ConfigResult.Invalid.class);
    return ConfigFile.text(((ConfigResult.Invalid) reading).problems());
  }
}
