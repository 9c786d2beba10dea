package io.eksnet.lab.cluster;

/**
 * The addresses and ports of a lab cluster on loopback. Nodes and pods are in {@code
 * 127.vpc.0.0/16}; cluster IPs and public addresses have networks of their own. A port is the same
 * on all addresses.
 *
 * @param vpc 10 to 49
 * @param web the port of pods
 * @param dns the port of all name servers
 * @param service the port of cluster IPs
 * @param lb the port of load balancers
 * @param health the port of agents
 * @param awsEndpoints the port of AWS endpoints
 * @param ipamd the port of ipamd on nodes
 * @param identity the port of the Pod Identity agent
 * @param api the port of the Kubernetes API
 */
public record LabNetwork(
    int vpc,
    int web,
    int dns,
    int service,
    int lb,
    int health,
    int awsEndpoints,
    int ipamd,
    int identity,
    int api) {
  public LabNetwork {
    if (vpc < 10 || vpc > 49) {
      throw new IllegalArgumentException("vpc must be 10 to 49, not " + vpc);
    }
  }

  /** An address of the VPC by its last two parts. */
  public String vpcAddress(String lastParts) {
    return "127." + vpc + "." + lastParts;
  }

  /** A cluster IP by its last part. */
  public String clusterIp(int last) {
    return "127." + (vpc + 100) + ".0." + last;
  }

  /** A public address by its last part. */
  public String publicAddress(int last) {
    return "127." + (vpc + 50) + ".1." + last;
  }

  /** The VPC resolver. */
  public String vpcResolver() {
    return vpcAddress("0.2");
  }

  /** The Pod Identity agent; 169.254.170.23 on a real node. */
  public String identityAddress() {
    return publicAddress(23);
  }
}
