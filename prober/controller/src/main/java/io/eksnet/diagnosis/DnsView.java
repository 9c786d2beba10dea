package io.eksnet.diagnosis;

import io.eksnet.model.SeriesKey.DnsPath;
import io.eksnet.model.diagnosis.Evidence;
import java.util.List;

/** DNS as the agents saw it, by path and query class. */
record DnsView(ProbeResults<DnsPath> seen) {
  private static final List<String> CLUSTER = List.of("internal", "negative");

  static DnsView of(Evidence evidence) {
    return new DnsView(ProbeResults.of(evidence, DnsPath.class));
  }

  /** UDP queries through the Service kube-dns for the cluster's own names. */
  ProbeResults<DnsPath> service() {
    return path("service").where(DnsView::asksTheCluster);
  }

  /** UDP queries to pods of CoreDNS for the cluster's own names. */
  ProbeResults<DnsPath> backends() {
    return path("backend").where(DnsView::asksTheCluster);
  }

  /** UDP queries to the resolver of the VPC. */
  ProbeResults<DnsPath> vpcResolver() {
    return path("vpc_resolver");
  }

  /** UDP queries to NodeLocal DNSCache for the cluster's own names. */
  ProbeResults<DnsPath> nodeLocal() {
    return path("nodelocal").where(DnsView::asksTheCluster);
  }

  /** UDP queries through the Service for names outside of the cluster. */
  ProbeResults<DnsPath> outside() {
    return path("service").where(dns -> !CLUSTER.contains(dns.queryClass()));
  }

  /** TCP queries to the Service and its pods. */
  ProbeResults<DnsPath> tcp() {
    return seen.where(
        dns ->
            dns.proto().equals("tcp")
                && (dns.path().equals("service") || dns.path().equals("backend")));
  }

  private ProbeResults<DnsPath> path(String path) {
    return seen.where(dns -> dns.path().equals(path) && dns.proto().equals("udp"));
  }

  private static boolean asksTheCluster(DnsPath dns) {
    return CLUSTER.contains(dns.queryClass());
  }
}
