package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexParserTest {
  @Test
  void findsAnywhereInTheText() {
    var ok = RegexParser.parse("o+k");

    assertThat(ok.matcher("all ook here").find()).isTrue();
    assertThat(ok.matcher("none").find()).isFalse();
  }

  @Test
  void understandsPosixClasses() {
    assertThat(RegexParser.parse("^[[:digit:]]+$").matcher("4711").find()).isTrue();
  }

  @Test
  void isEqualByItsSource() {
    assertThat(RegexParser.parse("a.b"))
        .isEqualTo(RegexParser.parse("a.b"))
        .hasSameHashCodeAs(RegexParser.parse("a.b"))
        .isNotEqualTo(RegexParser.parse("a.c"))
        .hasToString("a.b");
  }

  /** These backtrack for ever, or exhaust the stack, in java.util.regex. */
  @ParameterizedTest
  @CsvSource({"(x+x+)+y, false", "^(x|b|cd)*$, true", "(x*)*$, true"})
  @Timeout(30)
  void searchesInLinearTime(String source, boolean found) {
    assertThat(RegexParser.parse(source).matcher("x".repeat(1_000_000)).find()).isEqualTo(found);
  }

  @Test
  void searchesALongTextWithManyAlternativesToItsEnd() {
    var words =
        RegexParser.parse(
            "error|exception|fatal|panic|traceback|denied|refused|unavailable|oops|no");
    var page = "<p>all is as well as it ever was</p>\n".repeat(30_000);

    var started = System.nanoTime();
    assertThat(words.matcher(page).find()).isFalse();
    assertThat(words.matcher(page + "panic").find()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a(b     | missing closing ); see https://github.com/google/re2/wiki/Syntax
          (?=b)   | invalid or unsupported Perl syntax; RE2 has no lookahead or lookbehind, match the surrounding text instead
          (?<!a)b | invalid named capture; RE2 has no lookahead or lookbehind, match the surrounding text instead
          (a)\\1   | invalid escape sequence; RE2 has no backreferences, repeat the expression instead
          """)
  void rejectsWhatRe2CannotParseWithTheRemedy(String source, String problem) {
    assertThatThrownBy(() -> RegexParser.parse(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + source + "\" is not a regular expression: " + problem);
  }

  @Test
  void rejectsEmptyAndOverlongExpressions() {
    assertThatThrownBy(() -> RegexParser.parse(""))
        .hasMessage("\"\" has 0 characters; a regular expression has 1 to 1024");
    assertThatThrownBy(() -> RegexParser.parse("a".repeat(1025)))
        .hasMessageEndingWith("…\" has 1025 characters; a regular expression has 1 to 1024");
  }
}
