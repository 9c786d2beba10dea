package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.DnsKey;
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
    ProbeResults<DnsKey> udp,
    ProbeResults<DnsKey> service,
    ProbeResults<DnsKey> upstream,
    ProbeResults<DnsKey> backends,
    ProbeResults<DnsKey> nodeLocal,
    ProbeResults<DnsKey> vpcResolver,
    ProbeResults<DnsKey> tcp) {
  private static final List<String> CLUSTER_NAMES = List.of("internal", "negative");

  static DnsResults of(ProbeResults<DnsKey> all) {
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

  private static ProbeResults<DnsKey> path(String path, ProbeResults<DnsKey> results) {
    return results.where(dns -> dns.path().equals(path));
  }

  private static boolean asksForClusterName(DnsKey dns) {
    return CLUSTER_NAMES.contains(dns.queryClass());
  }
}
