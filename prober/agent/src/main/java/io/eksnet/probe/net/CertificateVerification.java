package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies certificates off the event loop, one chain at a time, as parsing and verifying them
 * costs more than a handshake and its amount is the peer's choice. Peers take turns, so that one
 * with many new chains does not delay the others. The last verdict for each peer and name is
 * cached, within a limit of memory. All methods are called on the event loop.
 */
final class CertificateVerification {
  /** What waits of all peers; one chain has 100 kB at most (BoringSSL's limit). */
  static final int MAX_WAITING_BYTES = 8 << 20;

  /** What waits of one peer. */
  static final int MAX_WAITING_BYTES_OF_PEER = 1 << 19;

  static final int MAX_CACHED_BYTES = 4 << 20;

  /**
   * The peer that presented a chain, and the name under which it is verified.
   *
   * @param verifier {@link CertificateVerifier#id()}; the verifier itself would stay in memory
   */
  private record Subject(SocketAddress peer, String name, long verifier) {}

  private record Cached(String digest, CertificateVerdict verdict) {
    /** About 400 bytes of objects and two bytes a character. */
    long bytes(Subject subject) {
      return 400
          + 2L
              * (verdict.detail().length()
                  + verdict.description().length()
                  + subject.name().length());
    }
  }

  private record Job(
      Subject subject,
      CertificateVerifier verifier,
      List<byte[]> chain,
      int bytes,
      String digest,
      Instant now,
      BooleanSupplier cancelled,
      Promise<CertificateVerdict> promise) {}

  private final Network network;
  private final LinkedHashMap<Subject, Cached> cache = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<SocketAddress, Deque<Job>> waiting = new LinkedHashMap<>();
  private final Map<SocketAddress, Integer> waitingBytesOfPeer = new LinkedHashMap<>();
  private long cachedBytes;
  private int waitingBytes;
  private boolean verifying;

  CertificateVerification(Network network) {
    this.network = network;
  }

  /**
   * The verdict on a chain. Completes on the event loop; fails with {@link ProbeFailure} if a
   * certificate cannot be parsed or the peer presents more than can be verified, and with {@link
   * LocalFailure} if all peers together do.
   *
   * @param chain in DER, the peer's own first
   * @param cancelled whether the run has ended, so that its verdict is not needed
   */
  Future<CertificateVerdict> verify(
      CertificateVerifier verifier,
      SocketAddress peer,
      String name,
      List<byte[]> chain,
      Instant now,
      BooleanSupplier cancelled) {
    var subject = new Subject(peer, name, verifier.id());
    var digest = digest(chain);
    var cached = cache.get(subject);
    if (cached != null && cached.digest().equals(digest) && cached.verdict().holdsAt(now)) {
      return Future.succeededFuture(cached.verdict());
    }
    var bytes = chain.stream().mapToInt(der -> der.length).sum();
    dropAbandoned();
    if (waitingBytesOfPeer.getOrDefault(subject.peer(), 0) + bytes > MAX_WAITING_BYTES_OF_PEER) {
      return Future.failedFuture(
          new ProbeFailure(
              Phase.TLS,
              Cause.TLS_UNTRUSTED,
              "the peer presents new certificates faster than they can be verified"));
    }
    if (waitingBytes + bytes > MAX_WAITING_BYTES) {
      return Future.failedFuture(
          new LocalFailure("too many new certificates wait for their verification"));
    }
    var job = new Job(subject, verifier, chain, bytes, digest, now, cancelled, Promise.promise());
    waiting.computeIfAbsent(subject.peer(), first -> new ArrayDeque<>()).add(job);
    account(job, bytes);
    next();
    return job.promise().future();
  }

  private void account(Job job, int bytes) {
    waitingBytes += bytes;
    waitingBytesOfPeer.merge(
        job.subject().peer(), bytes, (a, b) -> a + b == 0 ? null : (Integer) (a + b));
  }

  /** Runs that are over leave their chains behind. */
  private void dropAbandoned() {
    for (var jobs : waiting.values()) {
      jobs.removeIf(
          job -> {
            var drop = job.cancelled().getAsBoolean();
            if (drop) {
              account(job, -job.bytes());
            }
            return drop;
          });
    }
    waiting.values().removeIf(Deque::isEmpty);
  }

  private void next() {
    if (verifying) {
      return;
    }
    var job = poll();
    if (job == null) {
      return;
    }
    verifying = true;
    network
        .verifyBlocking(() -> job.verifier().verify(job.chain(), job.subject().name(), job.now()))
        .onComplete(
            done -> {
              verifying = false;
              if (done.succeeded()) {
                store(job, done.result());
                job.promise().complete(done.result());
              } else {
                job.promise().fail(failure(done.cause()));
              }
              next();
            });
  }

  /** The oldest job of the peer whose turn it is; the peer then goes to the end of the line. */
  private @Nullable Job poll() {
    while (!waiting.isEmpty()) {
      var first = waiting.entrySet().iterator().next();
      var jobs = first.getValue();
      waiting.remove(first.getKey());
      var job = jobs.remove();
      account(job, -job.bytes());
      if (!jobs.isEmpty()) {
        waiting.put(job.subject().peer(), jobs);
      }
      if (!job.cancelled().getAsBoolean()) {
        return job;
      }
    }
    return null;
  }

  private static Throwable failure(Throwable error) {
    return error instanceof CertificateException
        ? new ProbeFailure(
            Phase.TLS,
            Cause.TLS_HANDSHAKE,
            "the certificate cannot be read: "
                + PeerCertificates.shortened(String.valueOf(error.getMessage())))
        : error;
  }

  private void store(Job job, CertificateVerdict verdict) {
    var added = new Cached(job.digest(), verdict);
    var former = cache.put(job.subject(), added);
    cachedBytes += added.bytes(job.subject()) - (former == null ? 0 : former.bytes(job.subject()));
    var eldest = cache.entrySet().iterator();
    while (cachedBytes > MAX_CACHED_BYTES && eldest.hasNext()) {
      var entry = eldest.next();
      cachedBytes -= entry.getValue().bytes(entry.getKey());
      eldest.remove();
    }
  }

  private static String digest(List<byte[]> chain) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      for (var der : chain) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(der.length).flip());
        sha256.update(der);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
