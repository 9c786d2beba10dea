package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page leads to is there. */
class LinksTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^( *)```.*?^\\1```$|`[^`\\n]+`");

  static List<Path> pages() throws IOException {
    try (var first = Files.list(ROOT);
        var docs = Files.walk(ROOT.resolve("docs"));
        var k8s = Files.walk(ROOT.resolve("k8s"));
        var dashboards = Files.walk(ROOT.resolve("dashboards"))) {
      return Stream.of(first, docs, k8s, dashboards)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("node_modules"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyPlaceThatAPageLeadsToIsThere(Path page) throws IOException {
    var text = CODE.matcher(Files.readString(page)).replaceAll("");
    var links = LINK.matcher(text).results().map(link -> link.group(1)).toList();
    for (var link : links) {
      if (!link.matches("[a-z]+:.*")) {
        var parts = link.split("#", 2);
        var file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        assertThat(file).as("%s in %s", link, page).exists();
        if (parts.length == 2) {
          assertThat(anchors(file)).as("%s in %s", link, page).contains(parts[1]);
        }
      }
    }
  }

  /** As GitHub makes them. */
  private static List<String> anchors(Path file) throws IOException {
    return HEADING
        .matcher(Files.readString(file))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
