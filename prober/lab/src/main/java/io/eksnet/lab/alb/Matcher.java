package io.eksnet.lab.alb;

/** Codes as health checks spell them: {@code 200}, {@code 200,302} or {@code 200-399}. */
final class Matcher {
  private Matcher() {}

  static boolean matches(String matcher, int code) {
    for (var part : matcher.split(",")) {
      var ends = part.trim().split("-");
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      if (first <= code && code <= last) {
        return true;
      }
    }
    return false;
  }
}
