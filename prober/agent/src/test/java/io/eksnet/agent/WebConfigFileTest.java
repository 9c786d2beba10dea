package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebConfigFileTest {
  private static final String HASH = "$2a$04$" + "a".repeat(53);
  private static final String ONE_USER = "basic_auth_users: {a: " + HASH + "}\n";
  private static final String TWO_USERS = "basic_auth_users: {a: " + HASH + ", b: " + HASH + "}\n";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "# none\n", "{}\n", "basic_auth_users: {}\n", "basic_auth_users:\n"})
  void rejectsAFileThatHasLostItsUsers(String open) throws IOException {
    var path = Files.writeString(directory.resolve("web.yaml"), ONE_USER);
    var file = new WebConfigFile(path, WebConfigFile.read(path));
    Files.writeString(path, open);

    assertThatThrownBy(file::changed)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("has no basic_auth_users any more");
    assertThatThrownBy(file::changed).isInstanceOf(StartException.class);
    Files.writeString(path, ONE_USER);
    assertThat(file.changed()).isEmpty();
  }

  @Test
  void takesOtherUsers() throws IOException {
    var path = Files.writeString(directory.resolve("web.yaml"), ONE_USER);
    var file = new WebConfigFile(path, WebConfigFile.read(path));
    Files.writeString(path, TWO_USERS);

    assertThat(file.changed().orElseThrow().basicAuthUsers()).hasSize(2);
    Files.writeString(path, ONE_USER);
    assertThat(file.changed().orElseThrow().basicAuthUsers()).hasSize(1);
  }

  @Test
  void turnsPasswordsOnWithoutRestart() throws IOException {
    var path = Files.writeString(directory.resolve("web.yaml"), "{}\n");
    var file = new WebConfigFile(path, WebConfigFile.read(path));
    Files.writeString(path, ONE_USER);

    assertThat(file.changed().orElseThrow().basicAuthUsers()).hasSize(1);
  }
}
