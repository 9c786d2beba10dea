package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a probe on its event loop: its clock, timer, connection, notes and outcome. The run
 * closes its connection with its outcome; whatever happens after that is ignored. A definite
 * outcome counts, whatever the event loop did meanwhile; {@link TimeoutRule} decides about silence.
 */
public final class Run implements Trace {
  /** The pipeline handler that sees the bytes of the run on the wire; TLS belongs after it. */
  static final String WIRE = "wire";

  /** How long what the peer sent before a reset may take to be read. */
  private static final Duration LAST_READ_TIMEOUT = Duration.ofMillis(100);

  private final Network network;
  private final Promise<Outcome> promise;
  private final TimeoutRule rule;
  private final StallDetector.Mark mark;
  private final Stopwatch watch;
  private final List<Note> notes = new ArrayList<>();
  private Deadline deadline;
  private ScheduledFuture<?> timer;
  private @Nullable ScheduledFuture<?> delayed;
  private Runnable timeoutHandler = () -> {};
  private @Nullable Channel channel;
  private @Nullable String ownWork;
  private boolean sent;
  private long sentAt;
  private long receivedAt;
  private String proxy = "";
  private @Nullable Outcome outcome;

  private Run(
      Network network,
      TimeoutRule rule,
      StallDetector.Mark mark,
      Deadline deadline,
      Stopwatch watch) {
    this.network = network;
    this.promise = Promise.promise();
    this.rule = rule;
    this.mark = mark;
    this.deadline = deadline;
    this.watch = watch;
    this.receivedAt = rule.started();
    this.timer = schedule(deadline.left(network.now()), this::onDeadline);
  }

  /** Starts a run that completes within {@code timeout}; {@code work} takes its first step. */
  public static Future<Outcome> on(Network network, Duration timeout, Consumer<Run> work) {
    if (network.loop().inEventLoop()) {
      return start(network, timeout, work);
    }
    Promise<Outcome> outcome = Promise.promise();
    network.loop().execute(() -> start(network, timeout, work).onComplete(outcome));
    return outcome.future();
  }

  private static Future<Outcome> start(Network network, Duration timeout, Consumer<Run> work) {
    var now = network.now();
    return new Run(
            network,
            new TimeoutRule(now, timeout.toNanos()),
            network.stalls().begin(),
            Deadline.after(timeout, now),
            new Stopwatch(network::now, now))
        .started(work);
  }

  /**
   * A run for one of several addresses, with the start, deadline, notes and timings of this one.
   * This one has no timer from now on and ends when the caller calls {@link #conclude}.
   */
  public Future<Outcome> fork(Consumer<Run> work) {
    timer.cancel(false);
    network.stalls().begin();
    var part = new Run(network, rule, mark, deadline, watch.fork());
    part.notes.addAll(notes);
    part.sent = sent;
    part.sentAt = sentAt;
    return part.started(work);
  }

  private Future<Outcome> started(Consumer<Run> work) {
    guarded(() -> work.accept(this));
    return promise.future();
  }

  public Network network() {
    return network;
  }

  /** The moment by which the run has its outcome; later once the run was extended. */
  public Deadline deadline() {
    return deadline;
  }

  public boolean isOver() {
    return outcome != null;
  }

  /** Restarts the clock of the timings: what came before was the prober's own setup. */
  public void startClock() {
    watch.restart();
  }

  /** Finishes the current phase and enters the next. */
  @Override
  public void enter(Phase next) {
    watch.enter(next);
  }

  /** Finishes the current phase. */
  public void leave() {
    watch.leave();
  }

  /** The current phase, or the last one. */
  public Phase phase() {
    return watch.phase();
  }

  @Override
  public void trace(String what, String value) {
    note(new Note.Attribute(what, value));
  }

  public void note(Note note) {
    notes.add(note);
  }

  /** The certificate expiry that was noted last. */
  public Optional<Instant> certificateExpiry() {
    return notes.stream()
        .filter(Note.CertificateExpiry.class::isInstance)
        .map(note -> ((Note.CertificateExpiry) note).notAfter())
        .reduce((former, later) -> later);
  }

  /** Until its connection is established, failures are those of a proxy and not of the target. */
  public void through(String proxyName) {
    proxy = proxyName;
    trace("proxy", proxyName);
  }

  void reachedProxy() {
    proxy = "";
  }

  /** Runs at the deadline; if it does not end the run, the run fails as timed out. */
  public void onTimeout(Runnable handler) {
    timeoutHandler = handler;
  }

  /**
   * Takes {@code step} after {@code delay}, or when half of the time that is left has passed;
   * instead of an earlier one.
   */
  void after(Duration delay, Runnable step) {
    if (delayed != null) {
      delayed.cancel(false);
    }
    delayed = scheduleBeforeDeadline(delay, step);
  }

  private ScheduledFuture<?> scheduleBeforeDeadline(Duration delay, Runnable step) {
    return schedule(Math.min(delay.toNanos(), deadline.left(network.now()) / 2), step);
  }

  /** Makes {@code connection} the run's own, which closes it with its outcome. */
  void attach(Channel connection) {
    close();
    var writeErrors = new WriteErrors(step -> scheduleBeforeDeadline(LAST_READ_TIMEOUT, step));
    connection.pipeline().addFirst(WIRE, new Wire()).addFirst(writeErrors);
    channel = connection;
  }

  /** Closes the connection; its further events are ignored. */
  public void close() {
    close(true);
  }

  /** Whether the run still takes events of {@code connection}, or of a stream on it. */
  boolean isCurrent(Channel connection) {
    return outcome == null
        && channel != null
        && (connection == channel || connection.parent() == channel);
  }

  /**
   * Takes {@code step} on the event loop when {@code future} succeeds; its failure ends the run.
   */
  public <T> void await(Future<T> future, Consumer<? super T> step) {
    if (future.succeeded()) {
      step.accept(future.result());
      return;
    }
    future.onComplete(
        done -> {
          if (isOver()) {
            return;
          }
          if (done.succeeded()) {
            guarded(() -> step.accept(done.result()));
          } else {
            fail(done.cause());
          }
        });
  }

  /**
   * As {@link #await}, for local files: when the deadline passes first, the peer is not at fault.
   */
  public <T> void awaitSetup(Future<T> future, Consumer<? super T> step) {
    awaitOwnWork("the probe's files were not read", future, step);
  }

  /** As {@link #await}, for the verification of certificates, which is the prober's own work. */
  <T> void awaitVerification(Future<T> future, Consumer<? super T> step) {
    awaitOwnWork("the certificates were not verified", future, step);
  }

  private <T> void awaitOwnWork(String missing, Future<T> future, Consumer<? super T> step) {
    ownWork = missing;
    await(
        future,
        value -> {
          ownWork = null;
          step.accept(value);
        });
  }

  public void succeed() {
    if (!isOver()) {
      conclude(success());
    }
  }

  /**
   * As {@link #succeed()}, but waits up to {@code grace} for the peer to close first, so that the
   * TIME_WAIT is the peer's.
   */
  public void succeedOnceClosed(Duration grace) {
    if (isOver()) {
      return;
    }
    var success = success();
    if (channel == null || !channel.isOpen()) {
      conclude(success);
      return;
    }
    outcome = success;
    timer.cancel(false);
    timer = schedule(Math.min(grace.toNanos(), deadline.left(network.now())), () -> end(success));
    channel.closeFuture().addListener(done -> end(success));
  }

  /** Fails in the current phase. */
  public void fail(Cause cause, String detail) {
    fail(phase(), cause, detail);
  }

  public void fail(Phase phase, Cause cause, String detail) {
    var failure =
        proxy.isEmpty()
            ? new Outcome.Failure(phase, cause, detail, watch.timings(), notes)
            : new Outcome.Failure(
                phase,
                Cause.PROXY_FAILED,
                "the proxy " + proxy + " cannot be reached: " + detail,
                watch.timings(),
                notes);
    conclude(failure);
  }

  /** Fails for an exception; one that is the prober's own fault makes the run not run. */
  public void fail(Throwable error) {
    if (isOver()) {
      return;
    }
    var classified = ErrorClassifier.classify(error, phase());
    if (classified instanceof ProbeFailure failure) {
      fail(failure.phase(), failure.reason(), failure.detail());
    } else {
      conclude(LocalFailure.outcomeOf(classified));
      network.failureLog().log(classified);
    }
  }

  /** Ends the run; the first outcome counts. */
  public void conclude(Outcome result) {
    if (!isOver()) {
      outcome = result;
      end(result);
    }
  }

  /** Takes a step; whatever it throws ends the run as a failure of the prober, not of the peer. */
  public void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) {
      fail(e);
    }
  }

  private Outcome success() {
    return new Outcome.Success(watch.finish(), notes);
  }

  private void end(Outcome result) {
    timer.cancel(false);
    if (delayed != null) {
      delayed.cancel(false);
    }
    try {
      close(result instanceof Outcome.Success);
    } finally {
      if (!promise.future().isComplete()) {
        network.stalls().end();
        promise.complete(result);
      }
    }
  }

  /** Gracefully sends close_notify (RFC 8446 section 6.1), but never waits for it to be written. */
  private void close(boolean gracefully) {
    var connection = channel;
    channel = null;
    if (connection == null || !connection.isOpen()) {
      return;
    }
    if (gracefully && connection.isRegistered() && connection.close().isDone()) {
      return;
    }
    connection.unsafe().close(connection.voidPromise());
  }

  private ScheduledFuture<?> schedule(long nanos, Runnable then) {
    return network.loop().schedule(() -> guarded(then), nanos, TimeUnit.NANOSECONDS);
  }

  /** What arrived while the event loop was blocked is read before the next timer is due. */
  private void onDeadline() {
    timer = schedule(0, this::onOverdue);
  }

  private void onOverdue() {
    var millis = Duration.ofNanos(deadline.nanos() - watch.started()).toMillis();
    if (ownWork != null) {
      fail(new LocalFailure(ownWork + " within " + millis + " ms"));
      return;
    }
    var delay = network.stalls().delay(mark);
    var verdict =
        sent ? rule.verdict(network.now(), sentAt, receivedAt, delay) : rule.verdictUnsent(delay);
    switch (verdict) {
      case TIMED_OUT -> timeOut(millis);
      case WAIT -> {
        deadline = rule.extended(sentAt, receivedAt, delay);
        timer = schedule(deadline.left(network.now()), this::onDeadline);
      }
      case NOT_RUN -> conclude(new Outcome.NotRun(Outcome.Reason.STALL));
    }
  }

  private void timeOut(long millis) {
    timeoutHandler.run();
    var missing =
        switch (phase()) {
          case RESOLVE -> "the name was not resolved within ";
          case CONNECT -> "no connection within ";
          case TLS -> "TLS handshake not finished within ";
          case PROCESSING -> "no response within ";
          case TRANSFER -> "response not complete within ";
        };
    fail(Cause.TIMEOUT, missing + millis + " ms");
  }

  /** Notes when bytes of the run leave and arrive. */
  private final class Wire extends ChannelDuplexHandler {
    @Override
    public void connect(
        ChannelHandlerContext ctx, SocketAddress to, SocketAddress from, ChannelPromise connected) {
      ctx.connect(to, from, connected);
      onSent();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      ctx.flush();
      onSent();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      receivedAt = network.now();
      ctx.fireChannelRead(message);
    }

    private void onSent() {
      sent = true;
      sentAt = network.now();
    }
  }
}
