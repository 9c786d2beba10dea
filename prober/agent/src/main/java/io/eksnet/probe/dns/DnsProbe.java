package io.eksnet.probe.dns;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Deadline;
import io.eksnet.probe.net.DnsExchange;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.Network;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** Queries name servers and checks their responses. */
final class DnsProbe implements Probe {
  private static final SecureRandom NAMES = new SecureRandom();

  private final DnsSettings settings;
  private final Network network;

  DnsProbe(DnsSettings settings, Network network) {
    this.settings = settings;
    this.network = settings.network().of(network);
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    var questions = settings.questions(target.path(), NAMES);
    return Run.on(
        network,
        timeout,
        run -> {
          run.trace("question", questions.get(0).name() + " " + settings.type());
          Lookup.first(
              run,
              target.host(),
              settings.family(),
              address -> query(run, new InetSocketAddress(address, target.port()), questions));
        });
  }

  private void query(Run run, InetSocketAddress server, List<DnsQuestion> questions) {
    if (settings.proto() == DnsProto.TCP) {
      run.await(
          exchange(run, server, DnsProto.TCP, questions.get(0), run.deadline()),
          response -> check(run, questions, List.of(response)));
      return;
    }
    run.enter(Phase.PROCESSING);
    run.await(
        attempt(run, server, questions, 1)
            .compose(responses -> complete(run, server, questions, responses)),
        responses -> check(run, questions, responses));
  }

  /** The last try is without EDNS, as silence may be how the server treats it. */
  private Future<List<Message>> attempt(
      Run run, InetSocketAddress server, List<DnsQuestion> questions, int number) {
    var limit = run.deadline().orAfter(settings.tryTimeout(), network.now());
    return udp(run, server, questions, limit)
        .onSuccess(
            responses -> {
              if (number > 1) {
                run.note(new Note.Retried());
              }
            })
        .recover(
            error ->
                isTimeout(error)
                        && number < settings.tries()
                        && run.deadline().left(network.now()) > 0
                    ? attempt(run, server, again(run, questions, number + 1), number + 1)
                    : Future.failedFuture(error));
  }

  private List<DnsQuestion> again(Run run, List<DnsQuestion> questions, int number) {
    if (number < settings.tries() || !questions.get(0).edns()) {
      return questions;
    }
    run.trace("edns", "no response to queries with EDNS, asking without");
    return questions.stream().map(DnsQuestion::withoutEdns).toList();
  }

  private Future<List<Message>> udp(
      Run run, InetSocketAddress server, List<DnsQuestion> questions, Deadline limit) {
    return questions.size() == 1
        ? exchange(run, server, DnsProto.UDP, questions.get(0), limit).map(List::of)
        : DnsExchange.queryAll(run, server, DnsProto.UDP, questions, limit, run);
  }

  /** Repeats over TCP what was truncated, one after the other. */
  private Future<List<Message>> complete(
      Run run, InetSocketAddress server, List<DnsQuestion> questions, List<Message> responses) {
    Future<List<Message>> all = Future.succeededFuture(List.of());
    for (int i = 0; i < responses.size(); i++) {
      var question = questions.get(i);
      var response = responses.get(i);
      all =
          all.compose(
              before ->
                  (response.getHeader().getFlag(Flags.TC)
                          ? overTcpInstead(run, server, question, response)
                          : Future.succeededFuture(response))
                      .map(one -> Stream.concat(before.stream(), Stream.of(one)).toList()));
    }
    return all;
  }

  private static boolean isTimeout(Throwable error) {
    return error instanceof ProbeFailure failure && failure.reason() == Cause.TIMEOUT;
  }

  /** RFC 7766 section 5. */
  private Future<Message> overTcpInstead(
      Run run, InetSocketAddress server, DnsQuestion question, Message truncated) {
    run.note(new Note.Truncated());
    run.trace("truncated response", DnsResponseMatcher.describe(truncated));
    if (!settings.tcpOnTruncation()) {
      return truncated(Phase.PROCESSING, "tcp_on_truncation is off");
    }
    return exchange(run, server, DnsProto.TCP, question, run.deadline())
        .transform(
            done -> {
              if (done.succeeded()) {
                return done.result().getHeader().getFlag(Flags.TC)
                    ? truncated(Phase.PROCESSING, "truncated over TCP too")
                    : Future.succeededFuture(done.result());
              }
              return done.cause() instanceof ProbeFailure failure
                  ? truncated(failure.phase(), failure.reason().label() + ", " + failure.detail())
                  : Future.failedFuture(done.cause());
            });
  }

  private static <T> Future<T> truncated(Phase phase, String detail) {
    return Future.failedFuture(
        new ProbeFailure(phase, Cause.TRUNCATED, "truncated over UDP; " + detail));
  }

  private static Future<Message> exchange(
      Run run, InetSocketAddress server, DnsProto proto, DnsQuestion question, Deadline limit) {
    return DnsExchange.query(run, server, proto, question, limit, run);
  }

  private void check(Run run, List<DnsQuestion> questions, List<Message> responses) {
    responses.forEach(response -> run.trace("answer", DnsResponseMatcher.describe(response)));
    DnsResponseMatcher.serials(responses)
        .findFirst()
        .ifPresent(serial -> run.note(new Note.ZoneSerial(serial)));
    var mismatch = DnsResponseMatcher.mismatch(responses, questions, settings.expect());
    if (mismatch.isEmpty()) {
      run.succeed();
    } else {
      run.leave();
      run.fail(Phase.PROCESSING, mismatch.get().cause(), mismatch.get().detail());
    }
  }
}
