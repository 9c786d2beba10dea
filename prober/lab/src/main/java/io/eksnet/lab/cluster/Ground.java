package io.eksnet.lab.cluster;

/**
 * Where on loopback a cluster stands: its networks are {@code 127.vpc.0.0/16} for nodes and pods,
 * and others beside it for cluster IPs and for public addresses; each port is the same on all of
 * its addresses.
 *
 * @param vpc 10 to 49
 * @param web of the pods
 * @param dns of all name servers
 * @param service of cluster IPs
 * @param lb of load balancers
 * @param health of agents
 * @param sts of the regional endpoint of STS
 * @param ipamd of the address manager on the nodes
 * @param identity of the Pod Identity agent
 * @param api of the Kubernetes API
 */
public record Ground(
    int vpc,
    int web,
    int dns,
    int service,
    int lb,
    int health,
    int sts,
    int ipamd,
    int identity,
    int api) {
  public Ground {
    if (vpc < 10 || vpc > 49) {
      throw new IllegalArgumentException("vpc must be 10 to 49, not " + vpc);
    }
  }

  /** An address of the VPC; {@code rest} are its last two numbers. */
  public String inVpc(String rest) {
    return "127." + vpc + "." + rest;
  }

  /** A cluster IP. */
  public String clusterIp(int last) {
    return "127." + (vpc + 100) + ".0." + last;
  }

  /** A public address. */
  public String outside(int last) {
    return "127." + (vpc + 50) + ".1." + last;
  }

  /** The name server of the VPC. */
  public String vpcResolver() {
    return inVpc("0.2");
  }

  /** Where the Pod Identity agent listens; 169.254.170.23 on a real node. */
  public String identityAddress() {
    return outside(23);
  }
}
