package io.eksnet.lab.cluster;

import java.util.List;

/** The cluster's network. */
public record Vpc(String id, List<String> cidrs, boolean dnsSupport, boolean dnsHostnames)
    implements Item {

  public Vpc {
    cidrs = List.copyOf(cidrs);
  }

  @Override
  public String key() {
    return id;
  }

  public Vpc withDnsSupport(boolean next) {
    return new Vpc(id, cidrs, next, dnsHostnames);
  }

  public Vpc withDnsHostnames(boolean next) {
    return new Vpc(id, cidrs, dnsSupport, next);
  }

  public Vpc withCidrs(List<String> next) {
    return new Vpc(id, next, dnsSupport, dnsHostnames);
  }
}
