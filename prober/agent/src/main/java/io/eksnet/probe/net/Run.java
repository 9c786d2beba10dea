package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run on its event loop: its clock, its one timer, its one connection, what it saw, and its one
 * end. Whatever happens after the end is ignored.
 */
public final class Run {
  private final Network network;
  private final Promise<Outcome> promise;
  private final Deadline deadline;
  private final Stopwatch watch;
  private final List<Note> notes = new ArrayList<>();
  private ScheduledFuture<?> timer;
  private Supplier<ProbeFailure> late = this::silence;
  private InetAddress peer = InetAddress.getLoopbackAddress();
  private @Nullable Channel channel;
  private boolean preparing;
  private @Nullable Outcome verdict;

  private Run(Network network, Deadline deadline, Stopwatch watch) {
    this.network = network;
    this.promise = Promise.promise();
    this.deadline = deadline;
    this.watch = watch;
    this.timer = timer(deadline.left(network.now()), this::expire);
  }

  /** Starts a run that is over after {@code timeout} at the latest; {@code work} gets it going. */
  public static Future<Outcome> on(Network network, Duration timeout, Consumer<Run> work) {
    if (network.loop().inEventLoop()) {
      return begun(network, timeout, work);
    }
    Promise<Outcome> outcome = Promise.promise();
    network.loop().execute(() -> begun(network, timeout, work).onComplete(outcome));
    return outcome.future();
  }

  private static Future<Outcome> begun(Network network, Duration timeout, Consumer<Run> work) {
    var now = network.now();
    return new Run(network, Deadline.after(timeout, now), new Stopwatch(network::now, now))
        .doing(work);
  }

  /**
   * A run of its own with the same start and deadline, which has seen and timed what this one has;
   * this one then waits without a timer for whoever forked it to {@link #conclude}.
   */
  public Future<Outcome> fork(Consumer<Run> work) {
    timer.cancel(false);
    var part = new Run(network, deadline, watch.fork());
    part.notes.addAll(notes);
    return part.doing(work);
  }

  private Future<Outcome> doing(Consumer<Run> work) {
    guarded(() -> work.accept(this));
    return promise.future();
  }

  /** The network it happens on. */
  public Network network() {
    return network;
  }

  /** The moment by which it is over. */
  public Deadline deadline() {
    return deadline;
  }

  /** Whether the verdict is known. */
  public boolean over() {
    return verdict != null;
  }

  /** Now the measured time begins: what came before was the prober's own preparation. */
  public void setOut() {
    watch.restart();
  }

  /** Finishes the phase it is in, and enters the next. */
  public void enter(Phase next) {
    watch.enter(next);
  }

  /** Finishes the phase it is in. */
  public void leave() {
    watch.leave();
  }

  /** The phase it is in, or was in last. */
  public Phase phase() {
    return watch.phase();
  }

  /** Keeps a line of the trace. */
  public void saw(String what, String value) {
    note(new Note.Saw(what, value));
  }

  /** Keeps a note. */
  public void note(Note note) {
    notes.add(note);
  }

  /** The last certificate expiry it noted. */
  public Optional<Instant> certificateExpiry() {
    return notes.stream()
        .filter(Note.CertificateExpiry.class::isInstance)
        .map(note -> ((Note.CertificateExpiry) note).notAfter())
        .reduce((former, later) -> later);
  }

  /** What to say when the deadline comes, instead of a time-out in the phase it is in. */
  public void whenLate(Supplier<ProbeFailure> trouble) {
    late = trouble;
  }

  /** From now on this connection is the run's, and closed with it. */
  void own(Channel connection, InetAddress address) {
    hangUp();
    channel = connection;
    peer = address;
  }

  /** Closes the connection; what it still says is not heard. */
  public void hangUp() {
    close(true);
  }

  /** Whether {@code connection} is the one that the run listens to. */
  boolean hears(Channel connection) {
    return verdict == null && connection == channel;
  }

  /** Does {@code step} when {@code future} is there, on the loop; a failure is the run's. */
  public <T> void await(Future<T> future, Consumer<? super T> step) {
    if (future.succeeded()) {
      step.accept(future.result());
      return;
    }
    future.onComplete(
        done -> {
          if (over()) {
            return;
          }
          if (done.succeeded()) {
            guarded(() -> step.accept(done.result()));
          } else {
            broken(done.cause());
          }
        });
  }

  /**
   * As {@link #await}, for what the prober itself must have read first: if the deadline comes
   * before it, nothing is said of the peer.
   */
  public <T> void need(Future<T> future, Consumer<? super T> step) {
    preparing = true;
    await(
        future,
        value -> {
          preparing = false;
          step.accept(value);
        });
  }

  /** All went well. */
  public void succeed() {
    if (!over()) {
      conclude(success());
    }
  }

  /** As {@link #succeed()}, but the peer may hang up first, within {@code grace}. */
  public void succeedOnceClosed(Duration grace) {
    if (over()) {
      return;
    }
    var success = success();
    if (channel == null || !channel.isOpen()) {
      conclude(success);
      return;
    }
    verdict = success;
    timer.cancel(false);
    var wait = Math.min(grace.toNanos(), deadline.left(network.now()));
    timer = timer(wait, () -> end(success));
    channel.closeFuture().addListener(done -> end(success));
  }

  /** It went wrong in the phase it is in. */
  public void fail(Cause cause, String detail) {
    fail(new ProbeFailure(phase(), cause, detail));
  }

  /** It went wrong. */
  public void fail(ProbeFailure trouble) {
    conclude(
        new Outcome.Failure(
            trouble.phase(), trouble.reason(), trouble.detail(), watch.timings(), notes));
  }

  /** Something was thrown; decides whose fault it is. */
  public void broken(Throwable error) {
    if (over()) {
      return;
    }
    var blamed = ErrorClassifier.of(error, phase(), peer);
    if (blamed instanceof ProbeFailure trouble) {
      fail(trouble);
      return;
    }
    if (blamed instanceof LocalFailure lack) {
      RateLimitedLogger.lacking(lack);
    } else {
      RateLimitedLogger.unforeseen(error);
    }
    conclude(new Outcome.NotRun(Outcome.Reason.PROBER));
  }

  /** The verdict, however it came about. */
  public void conclude(Outcome outcome) {
    if (!over()) {
      verdict = outcome;
      end(outcome);
    }
  }

  /** Does what may throw. */
  void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  private Outcome success() {
    leave();
    return new Outcome.Success(watch.timings(), notes);
  }

  private void end(Outcome outcome) {
    timer.cancel(false);
    close(outcome instanceof Outcome.Success);
    promise.tryComplete(outcome);
  }

  /** Politely, TLS says goodbye (RFC 8446 section 6.1); but nothing may keep the socket open. */
  private void close(boolean politely) {
    var connection = channel;
    channel = null;
    if (connection == null || !connection.isOpen()) {
      return;
    }
    if (politely && connection.close().isDone()) {
      return;
    }
    connection.unsafe().close(connection.voidPromise());
  }

  private ScheduledFuture<?> timer(long nanos, Runnable then) {
    return network.loop().schedule(() -> guarded(then), nanos, TimeUnit.NANOSECONDS);
  }

  private void expire() {
    if (preparing) {
      broken(
          new LocalFailure(
              "its files were not read in "
                  + limit()
                  + " ms: their volume hangs, or all threads for it are busy"));
    } else {
      fail(late.get());
    }
  }

  private long limit() {
    return Duration.ofNanos(deadline.nanos() - watch.started()).toMillis();
  }

  private ProbeFailure silence() {
    var awaited =
        switch (phase()) {
          case RESOLVE -> "address of the name";
          case CONNECT -> "connection";
          case TLS -> "end of the handshake";
          case PROCESSING -> "answer";
          case TRANSFER -> "end of the answer";
        };
    return new ProbeFailure(phase(), Cause.TIMEOUT, "no " + awaited + " after " + limit() + " ms");
  }
}
