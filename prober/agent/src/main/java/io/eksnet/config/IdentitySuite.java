package io.eksnet.config;

import java.util.Optional;

/** The built-in suite that probes the Pod Identity agent of the node. */
public record IdentitySuite(
    @Inline(defaults = "timeout: 2s") SuiteSchedule schedule,
    @Setting(
            value =
                "The address of the Pod Identity agent; `null`: the link-local address of EKS,"
                    + " 169.254.170.23 or fd00:ec2::23.",
            example = "169.254.170.23")
        Optional<String> address)
    implements Suite {
  public IdentitySuite {
    address.ifPresent(value -> AddressSetting.require("address", value));
  }
}
