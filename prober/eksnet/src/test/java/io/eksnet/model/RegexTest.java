package io.eksnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RegexTest {
  @Test
  void findsAnywhereInTheText() {
    var ok = Regex.of("o+k");

    assertThat(ok.found("all ook here")).isTrue();
    assertThat(ok.absent("all ook here")).isFalse();
    assertThat(ok.found("none")).isFalse();
    assertThat(ok.absent("none")).isTrue();
  }

  @Test
  void isEqualByItsSource() {
    assertThat(Regex.of("a.b")).isEqualTo(Regex.of("a.b")).hasSameHashCodeAs(Regex.of("a.b"));
    assertThat(Regex.of("a.b")).isNotEqualTo(Regex.of("a.c")).hasToString("a.b");
  }

  @Test
  void aSearchThatExplodesIsGivenUpAndProvesNothing() {
    var explosive = Regex.of("(x+x+)+y\\1");
    var text = "x".repeat(2_000);

    assertThat(explosive.found(text)).isFalse();
    assertThat(explosive.absent(text)).isFalse();
  }

  @Test
  void aLongTextIsSearchedToItsEnd() {
    var text = "x".repeat(6_000_000);

    assertThat(Regex.of("panic|OK").found(text + "OK")).isTrue();
    assertThat(Regex.of("panic|OK").absent(text)).isTrue();
  }

  /** Each alternative is tried at each place. */
  @Test
  void manyAlternativesAreNoReasonToGiveUp() {
    var words =
        Regex.of("error|exception|fatal|panic|traceback|denied|refused|unavailable|oops|no");
    var page = "<p>all is as well as it ever was</p>\n".repeat(30_000);

    assertThat(words.search(page)).isEqualTo(Regex.Search.ABSENT);
    assertThat(words.search(page + "panic")).isEqualTo(Regex.Search.FOUND);
  }

  @Test
  void aSearchThatExhaustsTheStackIsGivenUp() {
    var deep = Regex.of("^(a|b|cd)*$");
    var text = "a".repeat(1_000_000);

    assertThat(deep.found(text)).isFalse();
    assertThat(deep.absent(text)).isFalse();
  }

  @Test
  void aBrokenPatternIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> Regex.of("a(b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the pattern \"a(b\" is not a regular expression: Unclosed group at character 4");
  }

  @Test
  void emptyAndEndlessPatternsAreRefused() {
    assertThatThrownBy(() -> Regex.of("")).hasMessage("a pattern has 1 to 1024 characters, not 0");
    assertThatThrownBy(() -> Regex.of("a".repeat(1025)))
        .hasMessage("a pattern has 1 to 1024 characters, not 1025");
  }
}
