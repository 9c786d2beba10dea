package io.eksnet.config;

import java.util.Objects;

/** The built-in suites. */
public record Suites(
    @Setting("Queries the DNS servers that pods depend on.") DnsSuite dns,
    @Setting("Probes Services by name and by cluster IP.") ServiceSuite service,
    @Setting("Probes agents on other nodes.") PodSuite pod,
    @Setting("Probes targets of target groups as their health check does.") TargetSuite target,
    @Setting("Probes each address of each load balancer.") LbSuite lb,
    @Setting("Probes the regional endpoint of STS.") StsSuite sts,
    @Setting("Probes the AWS endpoints that the cluster depends on.") EndpointsSuite endpoints,
    @Setting("Probes the Pod Identity agent of the node.") IdentitySuite identity,
    @Setting("Reads the metrics of ipamd (VPC CNI).") IpamdSuite ipamd,
    @Setting("Reads the allowances of the node's network interfaces (ENA).") EnaSuite ena) {
  public Suites {
    Objects.requireNonNull(dns);
    Objects.requireNonNull(service);
    Objects.requireNonNull(pod);
    Objects.requireNonNull(target);
    Objects.requireNonNull(lb);
    Objects.requireNonNull(sts);
    Objects.requireNonNull(endpoints);
    Objects.requireNonNull(identity);
    Objects.requireNonNull(ipamd);
    Objects.requireNonNull(ena);
  }
}
