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
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** Queries name servers and checks their responses. */
final class DnsProbe implements Probe {
  private static final SecureRandom NAMES = new SecureRandom();

  private final DnsSettings settings;
  private final Network network;

  DnsProbe(DnsSettings settings, Network network) {
    this.settings = settings;
    this.network = network;
  }

  @Override
  public Future<Outcome> run(Target target, Duration timeout) {
    var question = settings.question(NAMES);
    return Run.on(
        network,
        timeout,
        run -> {
          run.trace("question", question.name() + " " + settings.type());
          Lookup.first(
              run,
              target.host(),
              settings.family(),
              address -> query(run, new InetSocketAddress(address, target.port()), question));
        });
  }

  private void query(Run run, InetSocketAddress server, DnsQuestion question) {
    var response =
        settings.proto() == DnsProto.TCP
            ? exchange(run, server, DnsProto.TCP, question, run.deadline())
            : overUdp(run, server, question);
    run.await(response, message -> check(run, question, message));
  }

  private Future<Message> overUdp(Run run, InetSocketAddress server, DnsQuestion question) {
    run.enter(Phase.PROCESSING);
    return attempt(run, server, question, 1)
        .compose(
            response ->
                response.getHeader().getFlag(Flags.TC)
                    ? overTcpInstead(run, server, question, response)
                    : Future.succeededFuture(response));
  }

  private Future<Message> attempt(
      Run run, InetSocketAddress server, DnsQuestion question, int number) {
    var limit = run.deadline().orAfter(settings.tryTimeout(), network.now());
    return exchange(run, server, DnsProto.UDP, question, limit)
        .onSuccess(
            response -> {
              if (number > 1) {
                run.note(new Note.Retried());
              }
            })
        .recover(
            error ->
                isTimeout(error)
                        && number < settings.tries()
                        && run.deadline().left(network.now()) > 0
                    ? attempt(run, server, question, number + 1)
                    : Future.failedFuture(error));
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

  private void check(Run run, DnsQuestion question, Message response) {
    run.trace("answer", DnsResponseMatcher.describe(response));
    var mismatch = DnsResponseMatcher.mismatch(response, question, settings.expect());
    if (mismatch.isEmpty()) {
      run.succeed();
    } else {
      run.leave();
      run.fail(Phase.PROCESSING, mismatch.get().cause(), mismatch.get().detail());
    }
  }
}
