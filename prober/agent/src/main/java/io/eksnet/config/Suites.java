package io.eksnet.config;

import java.util.Objects;

/** The probes that come with the program. */
public record Suites(
    @Setting("Asks the name servers of this host the queries that pods live on.") DnsSuite dns,
    @Setting("Calls Services by name and by cluster IP.") ServiceSuite service,
    @Setting("Calls agents on other nodes.") PodSuite pod,
    @Setting("Calls the pods behind target groups as their load balancer does.") TargetSuite target,
    @Setting("Calls load balancers at each of their addresses.") LbSuite lb,
    @Setting("Reaches for the regional endpoint of STS.") StsSuite sts,
    @Setting("Looks for the Pod Identity agent of the node.") IdentitySuite identity,
    @Setting("Reads the address manager of the VPC CNI on the node.") IpamdSuite ipamd,
    @Setting("Reads the allowances of the network adapters.") EnaSuite ena) {
  public Suites {
    Objects.requireNonNull(dns);
    Objects.requireNonNull(service);
    Objects.requireNonNull(pod);
    Objects.requireNonNull(target);
    Objects.requireNonNull(lb);
    Objects.requireNonNull(sts);
    Objects.requireNonNull(identity);
    Objects.requireNonNull(ipamd);
    Objects.requireNonNull(ena);
  }
}
