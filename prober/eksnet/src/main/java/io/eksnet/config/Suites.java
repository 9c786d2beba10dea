package io.eksnet.config;

import java.util.Objects;

/** The probes that come with the program. */
public record Suites(
    @Setting("Asks the name servers of this host the queries that pods live on.") DnsSuite dns) {
  public Suites {
    Objects.requireNonNull(dns);
  }
}
