package io.eksnet.config;

import io.eksnet.model.AddressLiteral;

/** Addresses in settings. */
final class Addresses {
  private Addresses() {}

  static void require(String key, String address) {
    if (AddressLiteral.parse(address).isEmpty()) {
      throw new IllegalArgumentException(
          key + " must be an address such as 10.0.0.2, not " + Quoted.of(address));
    }
  }
}
