package io.eksnet.model;

import java.util.List;

/**
 * The contents of resolv.conf(5).
 *
 * @param nameservers address literals in their order
 * @param search suffixes in their order, without a trailing dot
 * @param ndots how many dots make a name be tried as absolute first, 0 to 15, by default 1
 */
public record ResolvConf(List<String> nameservers, List<String> search, int ndots) {
  public ResolvConf {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
  }
}
