package io.eksnet.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnnotationTest {
  private static final Path SOURCES = Path.of("..");
  private static final Pattern KEY = Pattern.compile("eksnet\\.io/[a-z]+");
  private static final Map<String, String> EXAMPLES =
      Arrays.stream(Annotation.values())
          .collect(Collectors.toMap(Annotation::key, Annotation::example));

  @Test
  void theExamplesOfTheReferenceAreAcceptedAndAsk() {
    assertThat(ProbeAnnotations.of("service/shop/web", EXAMPLES))
        .isEqualTo(
            new ProbeAnnotations(
                Optional.of("https"),
                Optional.of("/health"),
                Optional.of("8443"),
                Optional.of(Duration.ofSeconds(45)),
                List.of("200", "301-302"),
                Map.of("team", "checkout", "tier", "frontend"),
                List.of()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TEAM")
  void eachOfAProbeIsRead(Annotation annotation) {
    var broken = Map.of(annotation.key(), "no such thing");

    assertThat(ProbeAnnotations.of("service/shop/web", broken).objections())
        .extracting(ValidationError::field)
        .containsExactly(annotation.key());
  }

  @Test
  void noSourceReadsAnotherOne() throws IOException {
    try (var files = Files.walk(SOURCES)) {
      assertThat(
              files.filter(
                  file ->
                      file.toString()
                          .matches(".*/(model|agent|controller|eksnet)/src/main/.*\\.java")))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(keys(Files.readString(file)))
                      .allSatisfy(key -> assertThat(Annotation.of(key)).as(key).isPresent()));
    }
  }

  private static List<String> keys(String text) {
    return KEY.matcher(text).results().map(MatchResult::group).toList();
  }
}
