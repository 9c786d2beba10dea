package io.eksnet.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of the code as words of the file, and the word that was probably meant. */
final class Words {
  private static final int LONGEST_MEANT = 64;

  private Words() {}

  /** {@code runsInFlight} as {@code runs_in_flight}. */
  static String snake(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** The constants of an enum as the file writes them. */
  static List<String> of(Class<?> enumType) {
    return Arrays.stream(enumType.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** The end of a message about an unknown word: the nearest known one, else all. */
  static String meant(String word, Collection<String> known) {
    return nearest(word, known)
        .map(near -> "; did you mean " + Quoted.of(near) + "?")
        .orElseGet(() -> known.isEmpty() ? "" : "; there are " + String.join(", ", known));
  }

  static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST_MEANT) {
      return Optional.empty();
    }
    var lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(lower, candidate)))
        .filter(
            best ->
                distance(lower, best) <= Math.max(1, Math.min(lower.length(), best.length()) / 3));
  }

  /** How many letters to insert, delete, replace or swap with their neighbour. */
  static int distance(String a, String b) {
    var rows = new ArrayList<int[]>();
    for (var i = 0; i <= a.length(); i++) {
      var row = new int[b.length() + 1];
      rows.add(row);
      for (var j = 0; j <= b.length(); j++) {
        row[j] = i == 0 || j == 0 ? i + j : cheapest(a, b, i, j, rows);
      }
    }
    return rows.get(a.length())[b.length()];
  }

  private static int cheapest(String a, String b, int i, int j, List<int[]> rows) {
    var same = a.charAt(i - 1) == b.charAt(j - 1);
    var edit = Math.min(rows.get(i - 1)[j], rows.get(i)[j - 1]) + 1;
    var best = Math.min(edit, rows.get(i - 1)[j - 1] + (same ? 0 : 1));
    var swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, rows.get(i - 2)[j - 2] + 1) : best;
  }
}
