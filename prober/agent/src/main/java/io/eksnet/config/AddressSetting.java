package io.eksnet.config;

import io.eksnet.model.AddressLiteral;

/** Checks settings that are IP addresses. */
final class AddressSetting {
  private AddressSetting() {}

  static void require(String key, String address) {
    if (AddressLiteral.parse(address).isEmpty()) {
      throw new InvalidSettingException(
          key, ErrorText.quote(address) + " is not an IP address; write one such as 10.0.0.2");
    }
  }
}
