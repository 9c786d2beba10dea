package io.eksnet.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The built-in suite that asks name servers. */
public record DnsSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one query of a kind to the next.",
            fallback = "15s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a query may take with its retry; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value =
                "The domain of the cluster, for the query class `internal`; `null`: this class is"
                    + " not asked.",
            fallback = "cluster.local",
            example = "cluster.local")
        Optional<String> clusterDomain,
    @Setting(
            value =
                "The name asked in the query class `external`; `null`: this class is not asked.",
            fallback = "example.com",
            example = "example.com")
        Optional<String> external,
    @Setting(
            value =
                "The resolver of the VPC by address, such as the second address of its range;"
                    + " `null`: the link-local ones, 169.254.169.253 and fd00:ec2::253.",
            example = "10.0.0.2")
        Optional<String> vpcResolver,
    @Setting(value = "Whether to look for NodeLocal DNSCache at 169.254.20.10.", fallback = "true")
        boolean nodelocal) {
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}\\.?$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

  public DnsSuite {
    Durations.requireShorter(timeout, interval);
    clusterDomain.ifPresent(name -> requireName("cluster_domain", name));
    external.ifPresent(name -> requireName("external", name));
    vpcResolver.ifPresent(address -> Addresses.require("vpc_resolver", address));
  }

  private static void requireName(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          key + " must be a DNS name such as example.com, not " + Quoted.of(name));
    }
  }
}
