package io.eksnet.probe.dns;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.model.Timings;
import io.eksnet.probe.net.Deadline;
import io.eksnet.probe.net.DnsClient;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.DnsTranscript;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ProbeFailure;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** One run of a {@code dns} probe: resolve the server, ask it, judge the answer. */
final class DnsRun {
  private final Network network;
  private final DnsClient client;
  private final DnsSettings settings;
  private final DnsQuestion question;
  private final Target target;
  private final long started;
  private final Deadline deadline;
  private final DnsTranscript seen = new DnsTranscript();
  private long asked;

  DnsRun(
      Network network,
      DnsClient client,
      DnsSettings settings,
      DnsQuestion question,
      Target target,
      long started,
      Deadline deadline) {
    this.network = network;
    this.client = client;
    this.settings = settings;
    this.question = question;
    this.target = target;
    this.started = started;
    this.deadline = deadline;
  }

  Future<Outcome> outcome() {
    seen.saw("question", question.name() + " " + settings.type());
    return server()
        .compose(this::answer)
        .map(this::judged)
        .recover(error -> Future.succeededFuture(failed(error)));
  }

  private Future<InetSocketAddress> server() {
    var literal = AddressLiteral.parse(target.host());
    if (literal.isPresent()) {
      asked = started;
      return Future.succeededFuture(new InetSocketAddress(literal.get(), target.port()));
    }
    return network
        .resolver()
        .resolve(target.host(), settings.family(), deadline)
        .map(
            addresses -> {
              asked = network.now();
              seen.phases().add(Phase.RESOLVE, asked - started);
              return new InetSocketAddress(addresses.get(0), target.port());
            });
  }

  private Future<Message> answer(InetSocketAddress server) {
    if (settings.proto() == DnsProto.TCP) {
      return client.ask(server, DnsProto.TCP, question, deadline, seen);
    }
    return attempt(server, 1)
        .compose(
            answer ->
                answer.getHeader().getFlag(Flags.TC)
                    ? whole(server, answer)
                    : Future.succeededFuture(answer));
  }

  private Future<Message> attempt(InetSocketAddress server, int number) {
    var limit = deadline.orAfter(settings.tryTimeout(), network.now());
    return client
        .ask(server, DnsProto.UDP, question, limit, seen)
        .onSuccess(
            answer -> {
              if (number > 1) {
                seen.add(new Note.Retried());
              }
            })
        .recover(
            error ->
                isLost(error) && number < settings.tries() && deadline.left(network.now()) > 0
                    ? attempt(server, number + 1)
                    : Future.failedFuture(error));
  }

  private static boolean isLost(Throwable error) {
    return error instanceof ProbeFailure trouble && trouble.reason() == Cause.TIMEOUT;
  }

  private Future<Message> whole(InetSocketAddress server, Message cut) {
    seen.add(new Note.Truncated());
    seen.saw("cut answer", DnsVerdict.describe(cut));
    if (!settings.tcpOnTruncation()) {
      return Future.failedFuture(
          truncated(Phase.PROCESSING, "the answer is cut, and tcp_on_truncation is off"));
    }
    return client
        .ask(server, DnsProto.TCP, question, deadline, seen)
        .compose(
            answer ->
                answer.getHeader().getFlag(Flags.TC)
                    ? Future.failedFuture(truncated(Phase.PROCESSING, "cut over TCP too"))
                    : Future.succeededFuture(answer),
            error ->
                Future.failedFuture(
                    error instanceof ProbeFailure t
                        ? truncated(t.phase(), t.reason().label() + ", " + t.detail())
                        : error));
  }

  private static ProbeFailure truncated(Phase phase, String detail) {
    return new ProbeFailure(phase, Cause.TRUNCATED, "cut over UDP; " + detail);
  }

  private Outcome judged(Message answer) {
    seen.saw("answer", DnsVerdict.describe(answer));
    var timings = answered();
    return DnsVerdict.objection(answer, question, settings.expect())
        .<Outcome>map(trouble -> failure(trouble, timings))
        .orElseGet(() -> new Outcome.Success(timings, seen.notes()));
  }

  /** What is neither resolving nor connecting was waiting for the answer, lost tries included. */
  private Timings answered() {
    var now = network.now();
    var connecting = Math.max(0, seen.phases().total(0).nanos(Phase.CONNECT));
    return seen.phases().add(Phase.PROCESSING, now - asked - connecting).total(now - started);
  }

  private Outcome failed(Throwable error) {
    return error instanceof ProbeFailure trouble
        ? failure(trouble, seen.phases().total(network.now() - started))
        : new Outcome.NotRun(Outcome.Reason.PROBER);
  }

  private Outcome.Failure failure(ProbeFailure trouble, Timings timings) {
    return new Outcome.Failure(
        trouble.phase(), trouble.reason(), trouble.detail(), timings, seen.notes());
  }
}
