package io.eksnet.lab.cluster;

/** A range of IPv4 addresses. */
public record Ipv4Range(long first, int length) {
  /** Parses {@code 10.0.0.0/16} or a single address. */
  public static Ipv4Range parse(String text) {
    int slash = text.indexOf('/');
    int length = slash < 0 ? 32 : Integer.parseInt(text.substring(slash + 1));
    long bits = 0;
    for (var part : (slash < 0 ? text : text.substring(0, slash)).split("\\.")) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return new Ipv4Range(bits & mask(length), length);
  }

  /** Whether it contains all of {@code other}. */
  public boolean contains(Ipv4Range other) {
    return other.length >= length && (other.first & mask(length)) == first;
  }

  /** The number of addresses. */
  long size() {
    return 1L << (32 - length);
  }

  /** The address with this offset, in dotted form. */
  String address(long offset) {
    long address = first + offset;
    return "%d.%d.%d.%d"
        .formatted(address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
  }

  private static long mask(int length) {
    return length == 0 ? 0 : 0xffffffffL << (32 - length) & 0xffffffffL;
  }
}
