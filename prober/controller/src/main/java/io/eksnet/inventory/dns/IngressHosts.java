package io.eksnet.inventory.dns;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.Permission;
import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.IngressHost;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the hosts of each Ingress resolve to its load balancer. Both names are resolved by the
 * same resolver, and their addresses must overlap: a load balancer's name returns a subset of its
 * addresses. Ingresses that are annotated as behind a CDN or proxy are skipped. A host that
 * sometimes resolves to its load balancer and sometimes not has several records on purpose, such as
 * weighted ones, and matches.
 */
public final class IngressHosts implements InventorySource<List<IngressHost>> {
  /** It uses neither the Kubernetes API nor AWS. */
  public static final List<Permission> PERMISSIONS = List.of();

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Hosts per read; with more of them, each is resolved again after some reads. */
  private static final int MAX_HOSTS = 200;

  /** Changes from a match to a mismatch that show several records: one may be a fault. */
  private static final int MIN_CHANGES = 2;

  private static final Duration HISTORY = Duration.ofHours(1);

  /** ELB returns at most 8 addresses per query: with so many, there may be more. */
  private static final int MAX_ADDRESSES = 8;

  private final DnsClient dns;
  private final Clock clock;
  private final Map<String, IngressHost> latest = new LinkedHashMap<>();
  private final Map<String, List<Instant>> mismatches = new HashMap<>();

  /** A host of an Ingress and the name of its load balancer. */
  private record HostPair(KubeIngress ingress, String host, String loadBalancer) {
    private String key() {
      return ingress.namespace() + "/" + ingress.name() + " " + host;
    }
  }

  /** The addresses of both names. */
  private record Addresses(Set<String> host, Set<String> loadBalancer) {
    private boolean overlap() {
      return !Collections.disjoint(host, loadBalancer);
    }

    /** Both names may have further addresses. */
    private boolean mayBeTruncated() {
      return mayBeTruncated(host) && mayBeTruncated(loadBalancer);
    }

    private static boolean mayBeTruncated(Set<String> addresses) {
      var ipv6 = addresses.stream().filter(address -> address.contains(":")).count();
      return Math.max(ipv6, addresses.size() - ipv6) >= MAX_ADDRESSES;
    }

    private Addresses plus(Addresses later) {
      return new Addresses(union(host, later.host), union(loadBalancer, later.loadBalancer));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
      var all = new TreeSet<>(one);
      all.addAll(other);
      return all;
    }
  }

  /**
   * @param resolver the DNS server that resolves the names
   */
  public IngressHosts(Vertx vertx, InetSocketAddress resolver, Clock clock) {
    this.clock = clock;
    dns =
        vertx.createDnsClient(
            new DnsClientOptions()
                .setHost(resolver.getAddress().getHostAddress())
                .setPort(resolver.getPort())
                .setQueryTimeout(TIMEOUT.toMillis()));
  }

  @Override
  public Resource<List<IngressHost>> resource() {
    return Resources.INGRESS_HOSTS;
  }

  @Override
  public Duration minInterval() {
    return Duration.ofMinutes(1);
  }

  @Override
  public List<Permission> permissions() {
    return PERMISSIONS;
  }

  @Override
  public Future<List<IngressHost>> read(Inventory inventory) {
    var ingresses = inventory.get(Resources.INGRESSES);
    if (ingresses.isEmpty()) {
      return Future.failedFuture(new SourceException(Reason.NOT_YET, "waiting for the Ingresses"));
    }
    var all =
        ingresses.get().stream()
            .filter(ingress -> !ingress.resolvesElsewhere())
            .flatMap(IngressHosts::pairs)
            .toList();
    var next = leastRecent(all);
    return resolveAll(next, 0, new ArrayList<>())
        .compose(
            results ->
                !results.isEmpty() && results.stream().allMatch(AsyncResult::failed)
                    ? Future.failedFuture(new SourceException(Reason.ERROR, reason(results)))
                    : Future.succeededFuture(known(all, next, results)));
  }

  /** The hosts to resolve now: new ones, then those that were resolved longest ago. */
  private synchronized List<HostPair> leastRecent(List<HostPair> all) {
    var unread = new LinkedHashMap<String, HostPair>();
    all.forEach(pair -> unread.put(pair.key(), pair));
    var readBefore = latest.keySet().stream().filter(unread::containsKey).toList();
    return Stream.concat(
            unread.keySet().stream().filter(key -> !latest.containsKey(key)), readBefore.stream())
        .limit(MAX_HOSTS)
        .map(unread::get)
        .toList();
  }

  /** The latest results; hosts that could not be resolved now are left out. */
  private synchronized List<IngressHost> known(
      List<HostPair> all, List<HostPair> read, List<AsyncResult<Optional<IngressHost>>> results) {
    var keys = all.stream().map(HostPair::key).distinct().toList();
    latest.keySet().retainAll(keys);
    mismatches.keySet().retainAll(keys);
    for (var i = 0; i < read.size(); i++) {
      var key = read.get(i).key();
      var before = latest.remove(key);
      var now = results.get(i);
      if (now.succeeded() && now.result().isPresent()) {
        record(key, before, now.result().get());
      }
    }
    return keys.stream()
        .flatMap(key -> Stream.ofNullable(latest.get(key)).map(host -> withHistory(key, host)))
        .toList();
  }

  private void record(String key, @Nullable IngressHost before, IngressHost now) {
    latest.put(key, now);
    var since = clock.instant().minus(HISTORY);
    var changes = new ArrayList<>(mismatches.getOrDefault(key, List.of()));
    changes.removeIf(at -> at.isBefore(since));
    if (before != null && before.matches() && !now.matches()) {
      changes.add(clock.instant());
    }
    mismatches.put(key, changes);
  }

  private IngressHost withHistory(String key, IngressHost host) {
    var hasSeveralRecords = mismatches.getOrDefault(key, List.of()).size() >= MIN_CHANGES;
    return hasSeveralRecords && !host.answers().isEmpty()
        ? new IngressHost(host.namespace(), host.ingress(), host.host(), host.answers(), true)
        : host;
  }

  /** A wildcard is not a name that can be resolved. */
  private static Stream<HostPair> pairs(KubeIngress ingress) {
    return ingress.addresses().stream()
        .limit(1)
        .flatMap(
            address ->
                ingress.rules().stream()
                    .map(IngressRule::host)
                    .filter(host -> !host.isEmpty() && !host.startsWith("*"))
                    .distinct()
                    .map(host -> new HostPair(ingress, host, address)));
  }

  /** One after another, to bound the load on the resolver. */
  private Future<List<AsyncResult<Optional<IngressHost>>>> resolveAll(
      List<HostPair> pairs, int next, List<AsyncResult<Optional<IngressHost>>> done) {
    if (next == pairs.size()) {
      return Future.succeededFuture(done);
    }
    return check(pairs.get(next))
        .transform(
            result -> {
              done.add(result);
              return resolveAll(pairs, next + 1, done);
            });
  }

  private static String reason(List<AsyncResult<Optional<IngressHost>>> all) {
    return "none of %d hosts could be resolved: %s".formatted(all.size(), all.get(0).cause());
  }

  /** Resolves a mismatch again: a load balancer's name rotates its addresses. */
  private Future<Optional<IngressHost>> check(HostPair pair) {
    return resolve(pair)
        .compose(
            first ->
                first.loadBalancer().isEmpty() || first.overlap()
                    ? Future.succeededFuture(first)
                    : resolve(pair).map(first::plus))
        .map(addresses -> result(pair, addresses));
  }

  private Future<Addresses> resolve(HostPair pair) {
    return addresses(pair.host())
        .compose(hosts -> addresses(pair.loadBalancer()).map(its -> new Addresses(hosts, its)));
  }

  /** Nothing if the load balancer's name does not resolve: the host's record is not at fault. */
  private static Optional<IngressHost> result(HostPair pair, Addresses addresses) {
    return addresses.loadBalancer().isEmpty()
            || (addresses.mayBeTruncated() && !addresses.overlap())
        ? Optional.empty()
        : Optional.of(
            new IngressHost(
                pair.ingress().namespace(),
                pair.ingress().name(),
                pair.host(),
                List.copyOf(addresses.host()),
                addresses.overlap()));
  }

  private Future<Set<String>> addresses(String name) {
    return Future.all(emptyIfNxdomain(dns.resolveA(name)), emptyIfNxdomain(dns.resolveAAAA(name)))
        .map(
            both -> {
              Set<String> all = new TreeSet<>();
              both.<List<String>>list().forEach(all::addAll);
              return all;
            });
  }

  /** NXDOMAIN is an answer, not a failure. */
  private static Future<List<String>> emptyIfNxdomain(Future<List<String>> answer) {
    return answer
        .map(found -> found == null ? List.<String>of() : found)
        .recover(
            e ->
                e instanceof DnsException dns && dns.code() == DnsResponseCode.NXDOMAIN
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(e));
  }
}
