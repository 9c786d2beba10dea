package io.eksnet.probe.dns;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Outcome;
import io.eksnet.probe.net.DnsExchange;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Trace;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Finds which of the name servers that a host may have exist. One that answered once exists for
 * good: its later silence is a failure to report.
 */
public final class DnsDiscovery {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Every resolver knows the name servers of the root, and any response will do. */
  private static final DnsQuestion QUESTION = new DnsQuestion(Name.root, Type.NS, true);

  private final Network network;
  private final Set<String> answered = new LinkedHashSet<>();

  public DnsDiscovery(Network network) {
    this.network = network;
  }

  /**
   * Queries all of {@code servers} that have not answered before, once and at the same time;
   * returns those of them that ever answered. Takes at most a second; a server that fails is left
   * out.
   */
  public Future<Set<String>> answering(Collection<String> servers) {
    List<Future<Outcome>> queries =
        servers.stream().filter(server -> !answered.contains(server)).map(this::query).toList();
    return Future.join(queries)
        .transform(
            done ->
                Future.succeededFuture(
                    servers.stream().filter(answered::contains).collect(Collectors.toSet())));
  }

  private Future<Outcome> query(String server) {
    var target = DnsKind.server(server);
    var address =
        AddressLiteral.parse(target.host())
            .orElseThrow(() -> new IllegalArgumentException(server + " must be an address"));
    return Run.on(
            network,
            TIMEOUT,
            run ->
                run.await(
                    DnsExchange.query(
                        run,
                        new InetSocketAddress(address, target.port()),
                        DnsProto.UDP,
                        QUESTION,
                        run.deadline(),
                        Trace.NONE),
                    response -> run.succeed()))
        .onSuccess(
            outcome -> {
              if (outcome.succeeded()) {
                answered.add(server);
              }
            });
  }
}
