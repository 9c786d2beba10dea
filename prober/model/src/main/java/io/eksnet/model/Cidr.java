package io.eksnet.model;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A CIDR block.
 *
 * @param bits of an address: 32 or 128
 * @param first its lowest address
 * @param length of the prefix
 */
public record Cidr(int bits, BigInteger first, int length) {
  private static final int IP4 = 32;

  public Cidr {
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "a prefix length must be 0 to " + bits + ", not " + length);
    }
    var host = bits - length;
    first = first.shiftRight(host).shiftLeft(host);
  }

  /** Parses a CIDR block or a single address; never resolves a name. */
  public static Optional<Cidr> parse(String text) {
    var slash = text.indexOf('/');
    var address = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty() || slash < 0) {
      return address.map(Cidr::of);
    }
    var single = of(address.get());
    return length(text.substring(slash + 1), single.bits)
        .map(length -> new Cidr(single.bits, single.first, length));
  }

  /** Throws if {@code text} is neither a CIDR block nor an address. */
  public static Cidr of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a CIDR block: " + text));
  }

  /** The block of a single address. */
  public static Cidr of(InetAddress address) {
    var bytes = address.getAddress();
    var bits = bytes.length * Byte.SIZE;
    return new Cidr(bits, new BigInteger(1, bytes), bits);
  }

  /** Whether it is a block of IPv4 addresses. */
  public boolean isIp4() {
    return bits == IP4;
  }

  /** Whether all addresses of the other block are in this one. */
  public boolean contains(Cidr other) {
    return bits == other.bits
        && length <= other.length
        && first.equals(new Cidr(bits, other.first, length).first);
  }

  /** Whether the blocks have an address in common. */
  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /** The number of addresses. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(bits - length);
  }

  /** Such as {@code 10.0.0.0/24}; a single address without its length. */
  @Override
  public String toString() {
    var bytes = new byte[bits / Byte.SIZE];
    var digits = first.toByteArray();
    for (var i = 1; i <= Math.min(bytes.length, digits.length); i++) {
      bytes[bytes.length - i] = digits[digits.length - i];
    }
    try {
      var address = InetAddress.getByAddress(bytes).getHostAddress();
      return length == bits ? address : address + "/" + length;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bits + " bits", e);
    }
  }

  private static Optional<Integer> length(String digits, int most) {
    return digits.matches("\\d{1,3}") && Integer.parseInt(digits) <= most
        ? Optional.of(Integer.parseInt(digits))
        : Optional.empty();
  }
}
