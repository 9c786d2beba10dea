package io.eksnet.probe.http;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;

/** A set of status codes, and how it was written. */
final class StatusCodes {
  /** Every code, but a 5xx that the load balancer made itself. */
  static final String SERVED = "served";

  private static final int SERVER_ERROR = 500;

  private static final Pattern WORD =
      Pattern.compile("([1-5])xx|([1-5][0-9][0-9])(?:-([1-5][0-9][0-9]))?");

  private final BitSet codes = new BitSet(600);
  private final List<String> words;
  private final boolean served;

  private StatusCodes(List<String> words) {
    this.words = words;
    this.served = words.contains(SERVED);
    words.stream().filter(word -> !word.equals(SERVED)).forEach(this::add);
  }

  /**
   * The codes that {@code words} name.
   *
   * @throws IllegalArgumentException with the word that names none
   */
  static StatusCodes of(List<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("status must name a code; leave it out for [2xx]");
    }
    return new StatusCodes(List.copyOf(words));
  }

  /**
   * @param byLoadBalancer whether an ELB made the answer, and not the target behind it
   */
  boolean contains(int code, boolean byLoadBalancer) {
    return code >= 0 && (codes.get(code) || (served && !(byLoadBalancer && code >= SERVER_ERROR)));
  }

  @Override
  public String toString() {
    return String.join(", ", words);
  }

  private void add(String word) {
    var parts = WORD.matcher(word);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "status must hold codes such as 204, 200-299 or 2xx, or served, not \"" + word + "\"");
    }
    if (parts.group(1) != null) {
      var first = Integer.parseInt(parts.group(1)) * 100;
      codes.set(first, first + 100);
      return;
    }
    var from = Integer.parseInt(parts.group(2));
    var to = parts.group(3) == null ? from : Integer.parseInt(parts.group(3));
    if (to < from) {
      throw new IllegalArgumentException("the range " + word + " of status ends before it begins");
    }
    codes.set(from, to + 1);
  }
}
