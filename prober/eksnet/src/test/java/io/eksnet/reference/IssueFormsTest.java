package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * GitHub shows no form for a file that breaks these rules, and reports nothing.
 *
 * @see <a
 *     href="https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema">
 *     Syntax of form schemas</a>
 */
class IssueFormsTest {
  private static final Path FORMS = Path.of("../../.github/ISSUE_TEMPLATE");
  private static final List<String> TYPES =
      List.of("checkboxes", "dropdown", "input", "markdown", "textarea");

  static List<Path> forms() throws IOException {
    try (var files = Files.list(FORMS)) {
      return files.filter(file -> !file.endsWith("config.yml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void formIsOneThatGitHubShows(Path file) throws IOException {
    var form = read(file);
    var ids = new HashSet<String>();

    assertThat(form.path("name").asText()).isNotEmpty();
    assertThat(form.path("description").asText()).isNotEmpty();
    assertThat(form.path("body")).isNotEmpty();
    for (var field : form.path("body")) {
      assertThat(TYPES).contains(field.path("type").asText());
      assertThat(field.path("id").asText())
          .matches("[A-Za-z0-9_-]+")
          .satisfies(id -> assertThat(ids.add(id)).isTrue());
      assertThat(field.at("/attributes/label").asText()).isNotEmpty();
      if (field.path("type").asText().equals("dropdown")) {
        assertThat(field.at("/attributes/options")).isNotEmpty();
      }
    }
    assertThat(form.path("body")).anyMatch(field -> field.at("/validations/required").asBoolean());
  }

  private static JsonNode read(Path file) throws IOException {
    var load = new Load(LoadSettings.builder().build());
    return new ObjectMapper().valueToTree(load.loadFromString(Files.readString(file)));
  }
}
