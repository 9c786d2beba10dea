package io.eksnet.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The built-in suite that queries DNS servers. */
public record DnsSuite(
    @Inline(defaults = "interval: 15s") SuiteSchedule schedule,
    @Setting(
            value =
                "The domain of the cluster, for the query class `internal`; `null`: no query of this"
                    + " class.",
            fallback = "cluster.local",
            example = "cluster.local")
        Optional<String> clusterDomain,
    @Setting(
            value = "The name for the query class `external`; `null`: no query of this class.",
            fallback = "example.com",
            example = "example.com")
        Optional<String> external,
    @Setting(
            value =
                "The address of the VPC resolver, such as the second address of the VPC's range;"
                    + " `null`: the link-local addresses 169.254.169.253 and fd00:ec2::253.",
            example = "10.0.0.2")
        Optional<String> vpcResolver,
    @Setting(value = "Whether to look for NodeLocal DNSCache at 169.254.20.10.", fallback = "true")
        boolean nodelocal)
    implements Suite {
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}\\.?$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

  public DnsSuite {
    clusterDomain.ifPresent(name -> requireName("cluster_domain", name));
    external.ifPresent(name -> requireName("external", name));
    vpcResolver.ifPresent(address -> AddressSetting.require("vpc_resolver", address));
  }

  private static void requireName(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidSettingException(
          key, ErrorText.quote(name) + " is not a DNS name; write one such as example.com");
    }
  }
}
