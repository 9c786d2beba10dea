package io.eksnet.lab.cluster;

/** A range of IPv4 addresses. */
public record Cidr(long first, int length) {
  /** From {@code 10.0.0.0/16}, or an address alone. */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    int length = slash < 0 ? 32 : Integer.parseInt(text.substring(slash + 1));
    long bits = 0;
    for (var part : (slash < 0 ? text : text.substring(0, slash)).split("\\.")) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return new Cidr(bits & mask(length), length);
  }

  /** Whether all of {@code other} is in it. */
  public boolean contains(Cidr other) {
    return other.length >= length && (other.first & mask(length)) == first;
  }

  private static long mask(int length) {
    return length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
  }
}
