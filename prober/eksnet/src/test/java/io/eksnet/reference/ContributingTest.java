package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What CONTRIBUTING.md quotes stands in the file that it names last before. */
class ContributingTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern FENCED = Pattern.compile("(?ms)^( *)```\\w+\\n(.*?)^\\1```$");
  private static final Pattern NAMED = Pattern.compile("`([\\w/.-]+\\.(?:java|yaml))`");

  record Quote(String file, String text) {
    @Override
    public String toString() {
      return file;
    }
  }

  static List<Quote> quotes() throws IOException {
    var page = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    var quotes = new ArrayList<Quote>();
    var fenced = FENCED.matcher(page);
    while (fenced.find()) {
      var indent = fenced.group(1);
      var text = fenced.group(2).replaceAll("(?m)^" + indent, "");
      quotes.add(new Quote(lastNamed(page.substring(0, fenced.start())), text));
    }
    assertThat(quotes).hasSizeGreaterThan(5);
    return quotes;
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void quotesEqualTheSources(Quote quote) throws IOException {
    var file = sources().filter(path -> path.toString().endsWith("/" + quote.file())).toList();

    assertThat(file).as(quote.file()).hasSize(1);
    assertThat(Files.readString(file.get(0))).contains(quote.text());
  }

  private static String lastNamed(String before) {
    var last = "";
    var named = NAMED.matcher(before);
    while (named.find()) {
      last = named.group(1);
    }
    return last;
  }

  private static Stream<Path> sources() throws IOException {
    try (var walk = Files.walk(ROOT.resolve("prober"))) {
      return walk.filter(path -> path.toString().contains("/src/")).toList().stream();
    }
  }
}
