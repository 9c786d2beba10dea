package io.eksnet.model.diagnosis;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent reports about its own node; what it could not read is empty.
 *
 * @param nameserversOk whether resolv.conf names the right servers
 * @param podIdentityAgent whether the Pod Identity agent answers
 * @param ipamd whether ipamd (VPC CNI) answers
 * @param pool the address pool that ipamd reports
 * @param allowances packets dropped in the last 10 minutes by allowance ({@code linklocal}, {@code
 *     conntrack}, …)
 * @param privateEndpoints whether an AWS endpoint resolves to private addresses only, by service
 * @param failingAddresses the addresses of an AWS endpoint that fail while others of its name
 *     respond, by service
 */
public record HostReport(
    Optional<Boolean> nameserversOk,
    Optional<Boolean> podIdentityAgent,
    Optional<Boolean> ipamd,
    Optional<AddressPool> pool,
    Map<String, Long> allowances,
    Map<String, Boolean> privateEndpoints,
    Map<String, List<String>> failingAddresses) {
  /** Nothing is known. */
  public static final HostReport NOTHING =
      new HostReport(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Map.of());

  public HostReport {
    allowances = Map.copyOf(allowances);
    privateEndpoints = Map.copyOf(privateEndpoints);
    failingAddresses = Map.copyOf(failingAddresses);
  }
}
