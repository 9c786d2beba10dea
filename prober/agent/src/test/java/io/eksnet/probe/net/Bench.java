package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A network for a test class, with names of its own. */
public final class Bench implements AutoCloseable {
  private final Network network;

  private Bench(boolean nativeSockets, Map<String, List<String>> names) {
    this.network = Network.open(nativeSockets, new Names(names));
  }

  /** Names resolve to these addresses, others do not exist. */
  public static Bench with(Map<String, List<String>> names) {
    return new Bench(false, names);
  }

  /** As {@link #with}, on sockets of the JDK or of the platform. */
  public static Bench with(boolean nativeSockets, Map<String, List<String>> names) {
    return new Bench(nativeSockets, names);
  }

  public Network network() {
    return network;
  }

  /** The outcome, waited for. */
  public static Outcome await(Future<Outcome> run) {
    try {
      return run.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public static Outcome.Failure failure(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failure.class);
    return (Outcome.Failure) outcome;
  }

  public static Outcome.Success success(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Success.class);
    return (Outcome.Success) outcome;
  }

  /** The prober itself lacked what the run needed, and reports what. */
  public static void isLocalFailure(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.NotRun.class,
            notRun -> {
              assertThat(notRun.reason()).isEqualTo(Outcome.Reason.PROBER);
              assertThat(notRun.detail()).isNotEmpty();
            });
  }

  /** The values of the trace under {@code what}. */
  public static List<String> attributes(Outcome outcome, String what) {
    return outcome.notes().stream()
        .filter(note -> note instanceof Note.Attribute a && a.what().equals(what))
        .map(note -> ((Note.Attribute) note).value())
        .toList();
  }

  /** How many sockets this process has open. */
  public static long sockets() {
    try (var fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.filter(Bench::isSocket).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Waits until this process has no more than so many sockets open. The servers of a test run in
   * the same process, and close their ends after the probe.
   */
  public static void awaitSockets(long atMost) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (sockets() > atMost && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    assertThat(sockets()).isLessThanOrEqualTo(atMost);
  }

  private static boolean isSocket(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString().startsWith("socket:");
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /** How many timers wait on the loop, other than the one of this question. */
  public int timers() {
    var counted = new int[1];
    var done = new CountDownLatch(1);
    network
        .loop()
        .execute(
            () -> {
              counted[0] = Timers.waiting(network.loop());
              done.countDown();
            });
    try {
      assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return counted[0];
  }

  @Override
  public void close() {
    network.close();
  }

  private record Names(Map<String, List<String>> names) implements Resolver {
    @Override
    public Future<List<InetAddress>> resolve(Run run, String host, io.eksnet.model.Family family) {
      var addresses = names.get(host);
      if (addresses == null) {
        return Future.failedFuture(
            new ProbeFailure(
                io.eksnet.model.Phase.RESOLVE,
                io.eksnet.model.Cause.NXDOMAIN,
                host + " is unknown"));
      }
      if (addresses.isEmpty()) {
        return Promise.<List<InetAddress>>promise().future();
      }
      var admitted =
          addresses.stream()
              .map(literal -> AddressLiteral.parse(literal).orElseThrow())
              .filter(family::admits)
              .toList();
      return admitted.isEmpty()
          ? Future.failedFuture(
              new ProbeFailure(
                  io.eksnet.model.Phase.RESOLVE,
                  io.eksnet.model.Cause.NODATA,
                  host + " has no address of family " + family))
          : Future.succeededFuture(admitted);
    }
  }
}
