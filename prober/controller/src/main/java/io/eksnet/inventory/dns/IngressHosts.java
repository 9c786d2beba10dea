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
import io.eksnet.model.inventory.Unavailable.Why;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether the host of an Ingress resolves to its load balancer: both names are asked of one
 * resolver, and their addresses must overlap, for a load balancer answers with some of its own.
 * Ingresses behind something else say so in an annotation, and are left out.
 */
public final class IngressHosts implements InventorySource<List<IngressHost>> {
  /** It asks the resolver only. */
  public static final List<Permission> PERMISSIONS = List.of();

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST = 200;

  /** With so many addresses an answer is full: a load balancer that has more keeps them back. */
  private static final int FULL = 8;

  private final DnsClient dns;

  /** The two names of one question. */
  private record Pair(KubeIngress ingress, String host, String address) {}

  /** Their addresses. */
  private record Seen(Set<String> host, Set<String> balancer) {
    private boolean meet() {
      return !Collections.disjoint(host, balancer);
    }

    /** Both may have more addresses than these. */
    private boolean mayBeParts() {
      return mayBePart(host) && mayBePart(balancer);
    }

    private static boolean mayBePart(Set<String> addresses) {
      var ipv6 = addresses.stream().filter(address -> address.contains(":")).count();
      return Math.max(ipv6, addresses.size() - ipv6) >= FULL;
    }

    private Seen and(Seen later) {
      return new Seen(union(host, later.host), union(balancer, later.balancer));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
      var all = new TreeSet<>(one);
      all.addAll(other);
      return all;
    }
  }

  /**
   * @param resolver where names are asked
   */
  public IngressHosts(Vertx vertx, InetSocketAddress resolver) {
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
  public Future<List<IngressHost>> read(Inventory known) {
    var ingresses = known.get(Resources.INGRESSES);
    if (ingresses.isEmpty()) {
      return Future.failedFuture(new SourceException(Why.NOT_YET, "the Ingresses are not known"));
    }
    var pairs =
        ingresses.get().stream()
            .filter(ingress -> !ingress.resolvesElsewhere())
            .flatMap(IngressHosts::pairs)
            .limit(MOST)
            .toList();
    return judged(pairs, 0, new ArrayList<>())
        .compose(
            all ->
                !all.isEmpty() && all.stream().allMatch(AsyncResult::failed)
                    ? Future.failedFuture(new SourceException(Why.ERROR, reason(all)))
                    : Future.succeededFuture(said(all)));
  }

  /** Wildcards name no host that could be asked. */
  private static Stream<Pair> pairs(KubeIngress ingress) {
    return ingress.addresses().stream()
        .limit(1)
        .flatMap(
            address ->
                ingress.rules().stream()
                    .map(IngressRule::host)
                    .filter(host -> !host.isEmpty() && !host.startsWith("*"))
                    .distinct()
                    .map(host -> new Pair(ingress, host, address)));
  }

  /** What came of each pair, one after another. */
  private Future<List<AsyncResult<Optional<IngressHost>>>> judged(
      List<Pair> pairs, int next, List<AsyncResult<Optional<IngressHost>>> done) {
    if (next == pairs.size()) {
      return Future.succeededFuture(done);
    }
    return judge(pairs.get(next))
        .transform(
            result -> {
              done.add(result);
              return judged(pairs, next + 1, done);
            });
  }

  /** Of a pair that cannot be judged nothing is said. */
  private static List<IngressHost> said(List<AsyncResult<Optional<IngressHost>>> all) {
    return all.stream()
        .filter(AsyncResult::succeeded)
        .flatMap(judgement -> judgement.result().stream())
        .toList();
  }

  private static String reason(List<AsyncResult<Optional<IngressHost>>> all) {
    return "none of %d names could be asked: %s".formatted(all.size(), all.get(0).cause());
  }

  /** What looks wrong is looked at twice: answers of load balancers take turns. */
  private Future<Optional<IngressHost>> judge(Pair pair) {
    return resolved(pair)
        .compose(
            first ->
                first.balancer().isEmpty() || first.meet()
                    ? Future.succeededFuture(first)
                    : resolved(pair).map(first::and))
        .map(seen -> said(pair, seen));
  }

  private Future<Seen> resolved(Pair pair) {
    return addresses(pair.host())
        .compose(of -> addresses(pair.address()).map(its -> new Seen(of, its)));
  }

  /** A load balancer whose own name does not resolve is not the fault of the host's record. */
  private static Optional<IngressHost> said(Pair pair, Seen seen) {
    return seen.balancer().isEmpty() || (seen.mayBeParts() && !seen.meet())
        ? Optional.empty()
        : Optional.of(
            new IngressHost(
                pair.ingress().namespace(),
                pair.ingress().name(),
                pair.host(),
                List.copyOf(seen.host()),
                seen.meet()));
  }

  private Future<Set<String>> addresses(String name) {
    return Future.all(none(dns.resolveA(name)), none(dns.resolveAAAA(name)))
        .map(
            both -> {
              Set<String> all = new TreeSet<>();
              both.<List<String>>list().forEach(all::addAll);
              return all;
            });
  }

  /** That a name does not exist is an answer. */
  private static Future<List<String>> none(Future<List<String>> answer) {
    return answer
        .map(found -> found == null ? List.<String>of() : found)
        .recover(
            e ->
                e instanceof DnsException dns && dns.code() == DnsResponseCode.NXDOMAIN
                    ? Future.succeededFuture(List.of())
                    : Future.failedFuture(e));
  }
}
