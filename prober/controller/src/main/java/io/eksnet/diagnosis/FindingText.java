package io.eksnet.diagnosis;

import java.util.Collection;
import java.util.function.Consumer;

/** Lists as a reader takes them in: a few names and how many more. */
final class FindingText {
  private static final int SHOWN = 3;

  private FindingText() {}

  /** Such as {@code n1, n2, n3 and 9 more}. */
  static String list(Collection<String> names) {
    var shown = String.join(", ", names.stream().limit(SHOWN).toList());
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }

  static void ifAny(Collection<String> names, Consumer<String> then) {
    if (!names.isEmpty()) {
      then.accept(list(names));
    }
  }

  /** Such as {@code 3 of 6 nodes}. */
  static String share(Collection<String> some, Collection<String> all) {
    return some.size() + " of " + all.size() + " nodes";
  }
}
