package io.eksnet.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;

/**
 * The fixed grid on which tasks run: each has its offset within its period, decided by its id
 * alone, so that restarts keep the beat and many agents do not hit one target at once.
 */
public final class Cadence {
  private static final long NANOS = 1_000_000_000L;

  private Cadence() {}

  /**
   * The first moment after {@code now} at which {@code id} is due; ids spread evenly over {@code
   * every}.
   */
  public static Instant next(String id, Duration every, Instant now) {
    var period = every.toNanos();
    var sinceOffset = Math.subtractExact(nanos(now), offset(id, period));
    return instant(offset(id, period) + (Math.floorDiv(sinceOffset, period) + 1) * period);
  }

  /**
   * How many beats lie after {@code due} and not after {@code now}: those a late start has skipped.
   */
  public static long skipped(Duration every, Instant due, Instant now) {
    return now.isBefore(due) ? 0 : Duration.between(due, now).dividedBy(every);
  }

  private static long offset(String id, long period) {
    return Long.remainderUnsigned(hash(id), period);
  }

  /** FNV-1a of 64 bits with a final mix, so that ids that differ in one digit land far apart. */
  private static long hash(String id) {
    var h = 0xcbf29ce484222325L;
    for (var b : id.getBytes(UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }
}
