package io.eksnet.model.inventory;

import java.util.ArrayList;
import java.util.List;

/**
 * The DNS attributes of the VPC (VPC User Guide, "DNS attributes for your VPC").
 *
 * @param support {@code enableDnsSupport}: whether the VPC resolver answers at all
 * @param hostnames {@code enableDnsHostnames}: private DNS of VPC endpoints needs both
 */
public record VpcDns(boolean support, boolean hostnames) {
  /** The names of the attributes that are off. */
  public List<String> off() {
    var off = new ArrayList<String>();
    if (!support) {
      off.add("enableDnsSupport");
    }
    if (!hostnames) {
      off.add("enableDnsHostnames");
    }
    return off;
  }
}
