package io.eksnet.config;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cidr;
import java.util.Locale;
import java.util.Optional;

/**
 * A set of hosts: a name such as {@code shop.example.com}, {@code *.example.com} for all names
 * below a domain, an address, a CIDR block, or {@code *} for all hosts.
 */
final class HostPattern {
  private static final String ANY = "*";
  private static final String NAME =
      "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*\\.?";

  private final String name;
  private final Optional<Cidr> block;

  private HostPattern(String name, Optional<Cidr> block) {
    this.name = name;
    this.block = block;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with the value, the rule and the remedy
   */
  static HostPattern parse(String text) {
    var block = Cidr.parse(text);
    if (block.isEmpty()
        && !text.equals(ANY)
        && (!text.matches(NAME) || text.matches("[0-9./]+") || text.length() > 253)) {
      throw new IllegalArgumentException(
          ErrorText.quote(text)
              + " is not a host; write a name, *.example.com, an address or a CIDR block");
    }
    return new HostPattern(bare(text), block);
  }

  /**
   * Whether a host is in the set. An address is only in blocks and in {@code *}: what a name
   * resolves to does not matter.
   */
  boolean matches(String host) {
    if (name.equals(ANY)) {
      return true;
    }
    var address = AddressLiteral.parse(host);
    if (address.isPresent() || block.isPresent()) {
      return address.isPresent()
          && block.isPresent()
          && block.get().contains(Cidr.of(address.get()));
    }
    return name.startsWith("*.") ? bare(host).endsWith(name.substring(1)) : bare(host).equals(name);
  }

  private static String bare(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
