package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.net.Connection;
import io.eksnet.probe.net.Handshake;
import io.eksnet.probe.net.Lookup;
import io.eksnet.probe.net.ProbeFailure;
import io.eksnet.probe.net.Run;
import io.eksnet.probe.net.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way from the first request of a run to its last answer, over redirects. */
final class HttpRun {
  /** How long a server may take to close, which spares the prober the TIME_WAIT. */
  private static final Duration GRACE = Duration.ofMillis(50);

  private final Run run;
  private final HttpPlan plan;
  private final Tls tls;
  private final Secrets secrets;
  private final Origin home;
  private final InetAddress homeAddress;
  private int redirects;
  private Redirects.@Nullable Way way;

  HttpRun(
      Run run, HttpPlan plan, Tls tls, Secrets secrets, Target target, InetAddress homeAddress) {
    this.run = run;
    this.plan = plan;
    this.tls = tls;
    this.secrets = secrets;
    this.home = new Origin(target.secure(), target.host(), target.port());
    this.homeAddress = homeAddress;
  }

  void start(String path) {
    go(plan.first(new Url(home, path), secrets));
  }

  private void go(Ask ask) {
    var host = ask.url().origin().host();
    if (host.equals(home.host())) {
      arm(ask, homeAddress);
    } else {
      Lookup.first(run, host, plan.settings().family(), address -> arm(ask, address));
    }
  }

  private void arm(Ask ask, InetAddress address) {
    if (ask.url().origin().secure()) {
      run.need(
          tls.ready(), ready -> connect(ask, address, Optional.of(ready.with(serverName(ask)))));
    } else {
      connect(ask, address, Optional.empty());
    }
  }

  private String serverName(Ask ask) {
    var host = ask.url().origin().host();
    return host.equals(home.host()) ? plan.settings().tls().serverName().orElse(host) : host;
  }

  private void connect(Ask ask, InetAddress address, Optional<Handshake> handshake) {
    var peer = new InetSocketAddress(address, ask.url().origin().port());
    run.saw("connect", peer.getAddress().getHostAddress() + " port " + peer.getPort());
    Connection.open(
        run,
        peer,
        handshake,
        new HttpConversation(
            run,
            ask,
            plan.settings().version(),
            plan.readsBody(),
            plan.settings().maxBody(),
            answer -> look(ask, answer),
            answer -> finish(ask, answer)));
  }

  private void look(Ask ask, Answer answer) throws ProbeFailure {
    var remark = "";
    if (!plan.judge().expectsStatus(answer)) {
      way = plan.redirects().of(answer, ask, home);
      if (way instanceof Redirects.GoOn && ++redirects <= plan.redirects().most()) {
        return;
      }
      remark = way instanceof Redirects.Stay stay ? stay.remark() : "";
    }
    run.note(new Note.Answered(answer.status(), answer.byLoadBalancer()));
    requireNotTooMany();
    var trouble = plan.judge().head(answer, remark);
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }

  private void requireNotTooMany() throws ProbeFailure {
    if (redirects > plan.redirects().most()) {
      throw new ProbeFailure(
          Phase.PROCESSING,
          Cause.REDIRECT_LIMIT,
          "more than " + plan.redirects().most() + " redirects");
    }
  }

  private void finish(Ask ask, Answer answer) {
    if (way instanceof Redirects.GoOn goOn) {
      way = null;
      run.saw("redirect", answer.status() + " to " + goOn.url().shown());
      run.hangUp();
      go(plan.next(ask, goOn, home, secrets));
      return;
    }
    var trouble = plan.judge().body(answer).or(() -> read(answer));
    trouble.ifPresentOrElse(run::fail, () -> run.succeedOnceClosed(GRACE));
  }

  private Optional<ProbeFailure> read(Answer answer) {
    var read = plan.read(answer);
    read.ifPresent(run::note);
    return read.filter(page -> page.samples().isEmpty())
        .map(
            page ->
                new ProbeFailure(
                    Phase.TRANSFER,
                    Cause.HTTP_BODY,
                    "the page says nothing of what is read from it"));
  }
}
