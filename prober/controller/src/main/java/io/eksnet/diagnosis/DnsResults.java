package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.DnsPath;
import java.util.List;

/**
 * DNS probe results by path.
 *
 * @param udp all queries over UDP
 * @param service UDP queries through the Service kube-dns for names of the cluster
 * @param upstream UDP queries through the Service kube-dns for names outside the cluster
 * @param backends UDP queries to CoreDNS pods for names of the cluster
 * @param nodeLocal UDP queries to NodeLocal DNSCache for names of the cluster
 * @param vpcResolver UDP queries to the VPC resolver
 * @param tcp TCP queries to the Service kube-dns and to CoreDNS pods
 */
record DnsResults(
    ProbeResults<DnsPath> udp,
    ProbeResults<DnsPath> service,
    ProbeResults<DnsPath> upstream,
    ProbeResults<DnsPath> backends,
    ProbeResults<DnsPath> nodeLocal,
    ProbeResults<DnsPath> vpcResolver,
    ProbeResults<DnsPath> tcp) {
  private static final List<String> CLUSTER_NAMES = List.of("internal", "negative");

  static DnsResults of(ProbeResults<DnsPath> all) {
    var udp = all.where(dns -> dns.proto().equals("udp"));
    var service = path("service", udp);
    return new DnsResults(
        udp,
        service.where(DnsResults::asksForClusterName),
        service.where(dns -> !asksForClusterName(dns)),
        path("backend", udp).where(DnsResults::asksForClusterName),
        path("nodelocal", udp).where(DnsResults::asksForClusterName),
        path("vpc_resolver", udp),
        all.where(
            dns ->
                dns.proto().equals("tcp")
                    && (dns.path().equals("service") || dns.path().equals("backend"))));
  }

  private static ProbeResults<DnsPath> path(String path, ProbeResults<DnsPath> results) {
    return results.where(dns -> dns.path().equals(path));
  }

  private static boolean asksForClusterName(DnsPath dns) {
    return CLUSTER_NAMES.contains(dns.queryClass());
  }
}
