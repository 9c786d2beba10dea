package io.eksnet.agent.plan;

import io.eksnet.config.DnsSuite;
import io.eksnet.model.ResolvConf;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.dns.DnsSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tasks of the built-in {@code dns} suite, as far as they need no controller.
 *
 * @param node part of the ids, so that the offsets of nodes differ
 * @param clusterDomain such as {@code cluster.local}
 * @param external a stable name of the world outside
 * @param region the AWS region
 * @param serviceHost KUBERNETES_SERVICE_HOST, which is there in a cluster only
 * @param vpcResolver its address, where it is not link-local
 * @param answering those of {@link #optionalServers} that answer
 */
public record DnsSuitePlan(
    String node,
    Duration interval,
    Duration timeout,
    Optional<String> clusterDomain,
    Optional<String> external,
    Optional<String> region,
    Optional<String> serviceHost,
    ResolvConf resolvConf,
    Optional<String> vpcResolver,
    Set<String> answering) {
  /**
   * Servers that a host may have; they are probed where they answer. The Service is among them, for
   * resolv.conf may name NodeLocal DNSCache alone, or a server that is wrong.
   */
  public static List<String> optionalServers(DnsSuite suite, Optional<String> serviceHost) {
    return Stream.of(
            ClusterDns.address(serviceHost).map(InetAddress::getHostAddress).stream(),
            Stream.of(ClusterDns.NODELOCAL).filter(server -> suite.nodelocal()),
            vpcResolvers(suite.vpcResolver()).stream())
        .flatMap(servers -> servers)
        .toList();
  }

  private static List<String> vpcResolvers(Optional<String> known) {
    return known.map(List::of).orElse(ClusterDns.VPC_RESOLVERS);
  }

  private static final int PORT = 53;

  private static final Comparator<String> NODELOCAL_FIRST =
      Comparator.comparing((String server) -> !server.equals(ClusterDns.NODELOCAL))
          .thenComparing(Comparator.naturalOrder());

  private record Server(String address, String path) {}

  private record Query(String queryClass, String qtype, String proto, DnsSettings settings) {
    static Query of(String queryClass, String name, String qtype) {
      return new Query(queryClass, qtype, "udp", DnsSettings.of(name, qtype));
    }

    Query overTcp() {
      return new Query(queryClass, qtype, "tcp", settings.overTcp());
    }

    Query thatFails() {
      return new Query(queryClass, qtype, proto, settings.expectingNoSuchName());
    }
  }

  public DnsSuitePlan {
    answering = Set.copyOf(answering);
  }

  /** One task for each server and query. */
  public List<Task> tasks() {
    var servers = servers();
    return servers.stream()
        .flatMap(
            server -> queries(server).map(query -> task(server, label(server, servers), query)))
        .toList();
  }

  /** A VPC resolver that the config names exists: its silence is a failure to report. */
  private List<Server> servers() {
    var servers = new ArrayList<Server>();
    Stream.of(
            resolvConf.nameservers().stream(),
            answering.stream().sorted(NODELOCAL_FIRST),
            vpcResolver.stream())
        .flatMap(addresses -> addresses)
        .filter(address -> servers.stream().noneMatch(s -> ClusterDns.same(s.address(), address)))
        .forEach(address -> servers.add(new Server(address, path(address))));
    return servers;
  }

  /** A server that is surely not kube-dns is not called the service. */
  private String path(String address) {
    if (ClusterDns.same(address, ClusterDns.NODELOCAL)) {
      return "nodelocal";
    }
    if (vpcResolvers(vpcResolver).stream().anyMatch(r -> ClusterDns.same(address, r))) {
      return "vpc_resolver";
    }
    var kubeDns = ClusterDns.address(serviceHost);
    var mayBeService =
        kubeDns.map(known -> ClusterDns.same(address, known.getHostAddress())).orElse(true);
    return serviceHost.isPresent() && mayBeService ? "service" : "resolvconf";
  }

  /** Empty where the path identifies the server. */
  private static String label(Server server, List<Server> servers) {
    var alone = servers.stream().filter(s -> s.path().equals(server.path())).count() == 1;
    return switch (server.path()) {
      case "service", "nodelocal" -> alone ? "" : server.address();
      default -> server.address();
    };
  }

  private Stream<Query> queries(Server server) {
    var zone = serviceHost.isPresent() && !server.path().equals("vpc_resolver") ? domain() : none();
    var internal = zone.map(z -> Query.of("internal", "kubernetes.default.svc." + z, family()));
    var aws = region.map(r -> Query.of("aws", "sts." + r + "." + AwsDomain.of(r) + ".", "A"));
    var outside = external.map(name -> Query.of("external", absolute(name), "A"));
    var negative = zone.map(z -> Query.of("negative", "eksnet-{random}." + z, "A").thatFails());
    var tcp = internal.or(() -> outside).or(() -> aws).map(Query::overTcp);
    return Stream.of(internal, aws, outside, negative, tcp).flatMap(Optional::stream);
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private Optional<String> domain() {
    return clusterDomain.map(DnsSuitePlan::absolute);
  }

  private static String absolute(String name) {
    return name.endsWith(".") ? name : name + ".";
  }

  /** A cluster has Services of one family, and kubernetes has an address of that one only. */
  private String family() {
    return serviceHost.filter(host -> host.contains(":")).isPresent() ? "AAAA" : "A";
  }

  private Task task(Server server, String label, Query query) {
    var id =
        String.join(
            "/", node, "dns", server.path(), server.address(), query.queryClass(), query.proto());
    return new Task(
        id,
        new SeriesKey.DnsKey(
            server.path(), label, query.queryClass(), query.qtype(), query.proto()),
        "dns",
        query.settings(),
        Target.of(server.address(), server.address(), PORT),
        interval,
        timeout,
        false);
  }
}
