package io.eksnet.probe.dns;

import io.eksnet.model.AddressLiteral;
import io.eksnet.probe.net.Deadline;
import io.eksnet.probe.net.DnsClient;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.DnsTranscript;
import io.eksnet.probe.net.Network;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Which of the servers that a host may have are there. One that answered once counts as there for
 * good: its later silence is a failure to report, not an absence.
 */
public final class DnsDiscovery {
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Every resolver has the root's name servers at hand, and any answer will do. */
  private static final DnsQuestion QUESTION = new DnsQuestion(Name.root, Type.NS, true);

  private final Network network;
  private final DnsClient client;
  private final Set<String> answered = new LinkedHashSet<>();

  public DnsDiscovery(Network network) {
    this.network = network;
    this.client = new DnsClient(network);
  }

  /**
   * Asks all of {@code servers} that have not answered before, once and at the same time; returns
   * those of them that ever answered. Takes at most a second and never fails for a server's sake.
   */
  public Future<Set<String>> answering(Collection<String> servers) {
    List<Future<Message>> asked =
        servers.stream().filter(server -> !answered.contains(server)).map(this::ask).toList();
    return Future.join(asked)
        .transform(
            done ->
                Future.succeededFuture(
                    servers.stream().filter(answered::contains).collect(Collectors.toSet())));
  }

  private Future<Message> ask(String server) {
    var target = ServerAddress.parse(server);
    return client
        .ask(
            new InetSocketAddress(literal(target.host()), target.port()),
            DnsProto.UDP,
            QUESTION,
            Deadline.after(LONGEST, network.now()),
            new DnsTranscript())
        .onSuccess(answer -> answered.add(server));
  }

  private static InetAddress literal(String host) {
    return AddressLiteral.parse(host)
        .orElseThrow(() -> new IllegalArgumentException(host + " must be an address"));
  }
}
