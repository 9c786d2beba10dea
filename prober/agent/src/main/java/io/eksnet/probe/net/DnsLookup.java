package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** One lookup: over the names of the search path, the families, the servers and the tries. */
final class DnsLookup {
  /** The wait for each answer but the last, which has all the time that is left. */
  private static final Duration TRY = Duration.ofSeconds(1);

  private final Network network;
  private final DnsClient client;
  private final List<InetSocketAddress> servers;
  private final Family family;
  private final Deadline deadline;

  DnsLookup(
      Network network,
      DnsClient client,
      ResolvConf conf,
      int port,
      Family family,
      Deadline deadline) {
    this.network = network;
    this.client = client;
    this.servers =
        conf.nameservers().stream()
            .flatMap(server -> AddressLiteral.parse(server).stream())
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    this.family = family;
    this.deadline = deadline;
  }

  /** The addresses of the first of these names that has some. */
  Future<List<InetAddress>> over(List<String> names) {
    return servers.isEmpty()
        ? failed(Cause.UNREACHABLE, "resolv.conf has no name server")
        : over(names.iterator(), Optional.empty());
  }

  /** A name that has no address, or whose servers fail, leads to the next; silence ends all. */
  private Future<List<InetAddress>> over(Iterator<String> names, Optional<ProbeFailure> before) {
    if (!names.hasNext()) {
      return Future.failedFuture(before.orElseThrow());
    }
    return addresses(names.next())
        .recover(
            error ->
                error instanceof ProbeFailure trouble && weight(trouble) >= 0
                    ? over(names, Optional.of(before.map(b -> worse(b, trouble)).orElse(trouble)))
                    : Future.failedFuture(error));
  }

  /** A server that failed may have hidden an address: it outweighs what is surely not there. */
  private static ProbeFailure worse(ProbeFailure one, ProbeFailure other) {
    return weight(one) > weight(other) ? one : other;
  }

  private static int weight(ProbeFailure trouble) {
    return switch (trouble.reason()) {
      case NXDOMAIN -> 0;
      case NODATA -> 1;
      case SERVFAIL, REFUSED_RCODE, WRONG_ANSWER, TRUNCATED -> 2;
      default -> -1;
    };
  }

  private Future<List<InetAddress>> addresses(String text) {
    Name name;
    try {
      name = DnsQuestion.absolute(text);
    } catch (IllegalArgumentException e) {
      return failed(Cause.NXDOMAIN, String.valueOf(e.getMessage()));
    }
    return switch (family) {
      case IP4 -> addresses(name, Type.A);
      case IP6 -> addresses(name, Type.AAAA);
      case ANY ->
          addresses(name, Type.A)
              .recover(
                  error ->
                      error instanceof ProbeFailure trouble && trouble.reason() == Cause.NODATA
                          ? addresses(name, Type.AAAA)
                          : Future.failedFuture(error));
    };
  }

  private Future<List<InetAddress>> addresses(Name name, int type) {
    var question = new DnsQuestion(name, type, true);
    var twice = new ArrayList<>(servers);
    twice.addAll(servers);
    return ask(question, new ArrayDeque<>(twice)).compose(answer -> addresses(question, answer));
  }

  private static Future<List<InetAddress>> addresses(DnsQuestion question, Message answer) {
    if (answer.getRcode() == Rcode.NXDOMAIN) {
      return failed(Cause.NXDOMAIN, question.name() + " does not exist");
    }
    var addresses = question.answersIn(answer).stream().map(DnsLookup::address).distinct().toList();
    return addresses.isEmpty()
        ? failed(
            Cause.NODATA,
            question.name() + " has no record of type " + Type.string(question.type()))
        : Future.succeededFuture(addresses);
  }

  private static InetAddress address(Record answer) {
    return answer instanceof AAAARecord ip6 ? ip6.getAddress() : ((ARecord) answer).getAddress();
  }

  /** Asks the next server; one that failed otherwise than by silence is not asked again. */
  private Future<Message> ask(DnsQuestion question, Deque<InetSocketAddress> left) {
    var server = left.remove();
    var limit = left.isEmpty() ? deadline : deadline.orAfter(TRY, network.now());
    return answer(question, server, limit)
        .recover(
            error -> {
              if (!(error instanceof ProbeFailure trouble)) {
                return Future.failedFuture(error);
              }
              if (trouble.reason() != Cause.TIMEOUT) {
                left.removeIf(server::equals);
              }
              return left.isEmpty() || deadline.left(network.now()) == 0
                  ? Future.failedFuture(error)
                  : ask(question, left);
            });
  }

  private Future<Message> answer(DnsQuestion question, InetSocketAddress server, Deadline limit) {
    return client
        .ask(server, DnsProto.UDP, question, limit, new DnsTranscript())
        .compose(
            answer ->
                answer.getHeader().getFlag(Flags.TC)
                    ? whole(question, server, limit)
                    : Future.succeededFuture(answer))
        .compose(
            answer ->
                switch (answer.getRcode()) {
                  case Rcode.NOERROR, Rcode.NXDOMAIN -> Future.succeededFuture(answer);
                  case Rcode.SERVFAIL -> failed(Cause.SERVFAIL, said(server, answer));
                  case Rcode.REFUSED -> failed(Cause.REFUSED_RCODE, said(server, answer));
                  default -> failed(Cause.WRONG_ANSWER, said(server, answer));
                });
  }

  /** Over TCP, what was cut over UDP (RFC 7766 section 5); without it there is no answer. */
  private Future<Message> whole(DnsQuestion question, InetSocketAddress server, Deadline limit) {
    return client
        .ask(server, DnsProto.TCP, question, limit, new DnsTranscript())
        .compose(
            answer ->
                answer.getHeader().getFlag(Flags.TC)
                    ? failed(Cause.TRUNCATED, DnsClient.text(server) + " cut it over TCP too")
                    : Future.succeededFuture(answer),
            error ->
                error instanceof ProbeFailure trouble
                    ? failed(
                        Cause.TRUNCATED,
                        "cut over UDP; " + trouble.reason().label() + ", " + trouble.detail())
                    : Future.failedFuture(error));
  }

  private static String said(InetSocketAddress server, Message answer) {
    return DnsClient.text(server) + " answered " + Rcode.string(answer.getRcode());
  }

  private static <T> Future<T> failed(Cause cause, String detail) {
    return Future.failedFuture(new ProbeFailure(Phase.RESOLVE, cause, detail));
  }
}
