package io.eksnet.model.diagnosis;

import java.util.Map;

/**
 * The address pool of a node as ipamd (VPC CNI) reports it.
 *
 * @param total addresses it holds
 * @param assigned those that pods have
 * @param refused pod assignments it refused in the last 10 minutes
 * @param errors AWS calls that failed in the last 10 minutes, by {@code Operation/Code}
 */
public record AddressPool(
    int total, int assigned, int enis, int maxEnis, long refused, Map<String, Long> errors) {
  public AddressPool {
    errors = Map.copyOf(errors);
  }
}
