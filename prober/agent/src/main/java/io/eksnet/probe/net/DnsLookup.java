package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.HostPort;
import io.eksnet.model.Phase;
import io.eksnet.model.ResolvConf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** One lookup over the names of the search path, the families, the name servers and the tries. */
final class DnsLookup {
  /**
   * How long each try but the last may take, which has all the time that is left. The 5 s of glibc
   * would use up the timeout of most probes, so that a second server or try never got its turn.
   */
  private static final Duration TRY_TIMEOUT = Duration.ofSeconds(1);

  private final Run run;
  private final List<InetSocketAddress> servers;
  private final Family family;

  /** Of the queries, only what they say about EDNS is traced. */
  private final Trace edns =
      new Trace() {
        @Override
        public void enter(Phase next) {}

        @Override
        public void trace(String what, String value) {
          if (what.equals("edns")) {
            run.trace(what, value);
          }
        }
      };

  DnsLookup(Run run, ResolvConf conf, int port, Family family) {
    this.run = run;
    this.servers =
        conf.nameservers().stream()
            .flatMap(server -> AddressLiteral.parse(server).stream())
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    this.family = family;
  }

  /** The addresses of the first of these names that has some. */
  Future<List<InetAddress>> resolve(List<String> names) {
    return servers.isEmpty()
        ? failed(Cause.UNREACHABLE, "resolv.conf has no name server")
        : resolve(names.iterator(), Optional.empty());
  }

  /**
   * A name without address, or whose servers fail, leads to the next; a timeout ends the lookup.
   */
  private Future<List<InetAddress>> resolve(Iterator<String> names, Optional<ProbeFailure> before) {
    if (!names.hasNext()) {
      return Future.failedFuture(before.orElseThrow());
    }
    return addresses(names.next())
        .recover(
            error ->
                error instanceof ProbeFailure failure && weight(failure) >= 0
                    ? resolve(
                        names, Optional.of(before.map(b -> worse(b, failure)).orElse(failure)))
                    : Future.failedFuture(error));
  }

  /** A server that failed may have hidden an address: that outweighs a name that does not exist. */
  private static ProbeFailure worse(ProbeFailure one, ProbeFailure other) {
    return weight(one) > weight(other) ? one : other;
  }

  private static int weight(ProbeFailure failure) {
    return switch (failure.reason()) {
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
      case ANY -> firstOf(name, Type.A, Type.AAAA);
      case PREFER_IP6 -> firstOf(name, Type.AAAA, Type.A);
      case BOTH -> both(name);
    };
  }

  private Future<List<InetAddress>> firstOf(Name name, int type, int otherwise) {
    return addresses(name, type)
        .recover(
            error -> isNodata(error) ? addresses(name, otherwise) : Future.failedFuture(error));
  }

  /** IPv4 first; a name may have addresses of one family only. */
  private Future<List<InetAddress>> both(Name name) {
    return addresses(name, Type.A)
        .recover(
            error ->
                isNodata(error) ? Future.succeededFuture(List.of()) : Future.failedFuture(error))
        .compose(
            ip4 ->
                addresses(name, Type.AAAA)
                    .map(ip6 -> Stream.concat(ip4.stream(), ip6.stream()).toList())
                    .recover(
                        error ->
                            isNodata(error) && !ip4.isEmpty()
                                ? Future.succeededFuture(ip4)
                                : Future.failedFuture(error)));
  }

  private static boolean isNodata(Throwable error) {
    return error instanceof ProbeFailure failure && failure.reason() == Cause.NODATA;
  }

  /** Silence may be how a server, or a firewall before it, treats EDNS (RFC 6891 section 7). */
  private record Try(InetSocketAddress server, DnsQuestion question) {}

  private Future<List<InetAddress>> addresses(Name name, int type) {
    var question = new DnsQuestion(name, type, true);
    var tries = new ArrayDeque<Try>();
    servers.forEach(server -> tries.add(new Try(server, question)));
    servers.forEach(server -> tries.add(new Try(server, question.withoutEdns())));
    return query(tries).compose(response -> addresses(question, response));
  }

  private static Future<List<InetAddress>> addresses(DnsQuestion question, Message response) {
    if (response.getRcode() == Rcode.NXDOMAIN) {
      return failed(Cause.NXDOMAIN, question.name() + " does not exist");
    }
    var addresses =
        question.answersIn(response).stream().map(DnsLookup::address).distinct().toList();
    return addresses.isEmpty()
        ? failed(
            Cause.NODATA,
            question.name() + " has no record of type " + Type.string(question.type()))
        : Future.succeededFuture(addresses);
  }

  private static InetAddress address(Record answer) {
    return answer instanceof AAAARecord ip6 ? ip6.getAddress() : ((ARecord) answer).getAddress();
  }

  /** Queries the next server; one that failed otherwise than by a timeout is not retried. */
  private Future<Message> query(Deque<Try> tries) {
    var next = tries.remove();
    var deadline = run.deadline();
    var limit = tries.isEmpty() ? deadline : deadline.orAfter(TRY_TIMEOUT, run.network().now());
    return query(next.question(), next.server(), limit)
        .recover(
            error -> {
              if (!(error instanceof ProbeFailure failure)) {
                return Future.failedFuture(error);
              }
              if (failure.reason() != Cause.TIMEOUT) {
                tries.removeIf(other -> other.server().equals(next.server()));
              }
              return tries.isEmpty() || run.deadline().left(run.network().now()) == 0
                  ? Future.failedFuture(error)
                  : query(tries);
            });
  }

  private Future<Message> query(DnsQuestion question, InetSocketAddress server, Deadline limit) {
    return DnsExchange.query(
            run, run.network().forResolver(), server, DnsProto.UDP, question, limit, edns)
        .compose(
            response ->
                response.getHeader().getFlag(Flags.TC)
                    ? queryOverTcp(question, server, limit)
                    : Future.succeededFuture(response))
        .compose(
            response -> {
              var cause =
                  switch (response.getRcode()) {
                    case Rcode.NOERROR, Rcode.NXDOMAIN -> Optional.<Cause>empty();
                    case Rcode.SERVFAIL -> Optional.of(Cause.SERVFAIL);
                    case Rcode.REFUSED -> Optional.of(Cause.REFUSED_RCODE);
                    default -> Optional.of(Cause.WRONG_ANSWER);
                  };
              var rcode = Rcode.string(response.getRcode());
              return cause.isEmpty()
                  ? Future.succeededFuture(response)
                  : failed(cause.get(), HostPort.of(server) + " answered " + rcode);
            });
  }

  /** What was truncated over UDP (RFC 7766 section 5). */
  private Future<Message> queryOverTcp(
      DnsQuestion question, InetSocketAddress server, Deadline limit) {
    return DnsExchange.query(
            run, run.network().forResolver(), server, DnsProto.TCP, question, limit, edns)
        .transform(
            done -> {
              if (done.succeeded()) {
                return done.result().getHeader().getFlag(Flags.TC)
                    ? failed(Cause.TRUNCATED, HostPort.of(server) + " truncates over TCP too")
                    : Future.succeededFuture(done.result());
              }
              return done.cause() instanceof ProbeFailure failure
                  ? failed(
                      Cause.TRUNCATED,
                      "truncated over UDP; " + failure.reason().label() + ", " + failure.detail())
                  : Future.failedFuture(done.cause());
            });
  }

  private static <T> Future<T> failed(Cause cause, String detail) {
    return Future.failedFuture(new ProbeFailure(Phase.RESOLVE, cause, detail));
  }
}
