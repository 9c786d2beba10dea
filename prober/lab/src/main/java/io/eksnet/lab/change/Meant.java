package io.eksnet.lab.change;

import java.util.Collection;
import java.util.Comparator;

/** The end of a message about an unknown word: the one that was probably meant. */
public final class Meant {
  private Meant() {}

  /** The nearest known word, if one is near, else all. */
  public static String of(String word, Collection<String> known) {
    return known.stream()
        .filter(other -> distance(word, other) <= Math.max(1, word.length() / 3))
        .min(Comparator.comparingInt(other -> distance(word, other)))
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElseGet(() -> "; there are " + String.join(", ", known.stream().sorted().toList()));
  }

  /** How many letters to insert, delete or replace; case counts for nothing. */
  private static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (var j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= one.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= other.length(); j++) {
        var same =
            Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
        var above = row[j];
        row[j] = Math.min(diagonal + (same ? 0 : 1), Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}
