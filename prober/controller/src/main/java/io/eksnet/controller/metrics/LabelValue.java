package io.eksnet.controller.metrics;

/** A label value from words of others: of bounded length, and whole characters only. */
final class LabelValue {
  /** The longest name of a Kubernetes object is 253 characters (RFC 1123). */
  static final int MAX_LENGTH = 256;

  private static final int REPLACEMENT = 0xFFFD;

  private LabelValue() {}

  static String of(String text) {
    return isPlain(text)
        ? text
        : text.codePoints()
            .limit(MAX_LENGTH)
            .map(c -> isShowable(c) ? c : REPLACEMENT)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isPlain(String text) {
    return text.length() <= MAX_LENGTH && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private static boolean isShowable(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
  }
}
