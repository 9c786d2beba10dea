package io.eksnet.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Text of the user in error messages, and suggestions for misspelled words. */
public final class ErrorText {
  private static final int MAX_QUOTED_LENGTH = 80;

  /** Longer words get no suggestion: the distance takes time proportional to the length. */
  private static final int MAX_SUGGESTED_LENGTH = 64;

  private ErrorText() {}

  /** In double quotes, on one line, with invisible characters escaped, at most 80 characters. */
  public static String quote(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().limit(MAX_QUOTED_LENGTH).forEach(c -> append(quoted, c));
    return quoted.append(text.length() > MAX_QUOTED_LENGTH ? "…\"" : "\"").toString();
  }

  /**
   * Whether a character cannot be seen: a control, format or bidirectional-override character, a
   * line separator, or half of a surrogate pair.
   */
  static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /**
   * Refuses names that look like another name: in logs, labels and pages they mislead.
   *
   * @throws InvalidSettingException if {@code text} has an invisible character
   */
  static void requireVisible(String key, String text) {
    text.codePoints()
        .filter(ErrorText::isInvisible)
        .findFirst()
        .ifPresent(
            c -> {
              throw new InvalidSettingException(
                  key,
                  String.format(
                      "%s has the invisible character U+%04X; remove it", quote(text), c));
            });
  }

  /** The end of a message about an unknown word: the nearest known one, else all. */
  static String suggest(String word, Collection<String> known) {
    return nearest(word, known)
        .map(near -> "; did you mean " + quote(near) + "?")
        .orElseGet(() -> known.isEmpty() ? "" : "; use one of " + String.join(", ", known));
  }

  private static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > MAX_SUGGESTED_LENGTH) {
      return Optional.empty();
    }
    var lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(lower, candidate)))
        .filter(best -> distance(lower, best) <= maxDistance(lower, best));
  }

  private static int maxDistance(String a, String b) {
    return Math.max(1, Math.min(a.length(), b.length()) / 3);
  }

  /** The Damerau-Levenshtein distance: letters to insert, delete, replace or transpose. */
  private static int distance(String a, String b) {
    var rows = new ArrayList<int[]>();
    for (var i = 0; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      rows.add(row);
      for (var j = 0; j <= b.length(); j++) {
        row[j] = i == 0 || j == 0 ? i + j : distance(a, b, i, j, rows);
      }
    }
    return rows.get(a.length())[b.length()];
  }

  private static int distance(String a, String b, int i, int j, List<int[]> rows) {
    var same = a.charAt(i - 1) == b.charAt(j - 1);
    var edit = Math.min(rows.get(i - 1)[j], rows.get(i)[j - 1]) + 1;
    var best = Math.min(edit, rows.get(i - 1)[j - 1] + (same ? 0 : 1));
    var transposed =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return transposed ? Math.min(best, rows.get(i - 2)[j - 2] + 1) : best;
  }

  private static void append(StringBuilder quoted, int c) {
    if (c == '"' || c == '\\') {
      quoted.append('\\').appendCodePoint(c);
    } else if (c == '\n') {
      quoted.append("\\n");
    } else if (isInvisible(c)) {
      quoted.append(String.format("\\u%04x", c));
    } else {
      quoted.appendCodePoint(c);
    }
  }
}
